"""What customers are asked beside the overall score of a rating."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from portal.blueprints.office import door
from portal.blueprints.office.forms import NamedForm
from portal.blueprints.office.rating_tabs import views
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.ratings import aspects
from portal.domain.ratings.models import RatingAspect
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.stale import conflict


class AspectForm(NamedForm):
    """One thing that is asked."""

    position = IntegerField(_l("Place in the list"), [InputRequired(), NumberRange(1, 99)])
    in_use = BooleanField(_l("Is asked"), default=True)


@door.page("/rating-aspects", access=P.RATING_ASPECT_EDIT, endpoint="rating_aspects")
def listed():
    """All of them, those that are asked in their order."""
    items = aspects.aspects(db.session(), all_of_them=True)
    return render("office/rating_aspects.html", views=views("rating_aspects"), items=items)


@door.form("/rating-aspects/new", access=P.RATING_ASPECT_EDIT, endpoint="new_rating_aspect")
def new():
    """Ask one thing more."""
    form = AspectForm()
    page = lambda status: render("office/rating_aspect.html", "aspect", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        aspects.add(session, g.person, **form.facts())
        return url_for("office.rating_aspects")

    return submit(form, act, page, done=_("It is asked from now on."))


@door.form("/rating-aspects/<uid>", access=P.RATING_ASPECT_EDIT, endpoint="rating_aspect")
def edit(uid: str):
    """Change what is asked. Ratings that were given keep what it said."""
    record = _load(uid)
    if not AspectForm().is_submitted():
        form = AspectForm(obj=record, name_zh=record.name.zh, name_en=record.name.en)
        form.base_version.data = str(record.aspect_version)
        return _page(record, form)
    record_id, form = record.id, AspectForm()

    def act(session):
        aspects.edit(session, session.get_one(RatingAspect, record_id), g.person, form.version, **form.facts())
        return url_for("office.rating_aspects")

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("It is saved."))


def _load(uid: str) -> RatingAspect:
    return find(db.session, RatingAspect, g.person, P.RATING_ASPECT_EDIT, uid=uid)


def _page(record: RatingAspect, form: AspectForm, status: int = 200) -> Any:
    stale = conflict(form, record, "aspect")
    return render("office/rating_aspect.html", "aspect", status, record=record, form=form, stale=stale)
