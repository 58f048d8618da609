"""Price terms: what is charged for parts, labour and travel where cover does not pay."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.office import door
from portal.blueprints.office.forms import NamedForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.policies import registers, rules
from portal.domain.policies.models import PriceTerms, Rate
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import submit
from portal.web.stale import conflict

ASPECTS = ("parts", "labour", "travel")


class PriceTermsForm(NamedForm):
    """What is charged, and who says so."""

    parts = SelectField(_l("Parts"), choices=choices(Rate), validators=[InputRequired()])
    labour = SelectField(_l("Labour"), choices=choices(Rate), validators=[InputRequired()])
    travel = SelectField(_l("Travel"), choices=choices(Rate), validators=[InputRequired()])
    source = StringField(_l("Source"), validators=[DataRequired(), Length(max=200)])


@door.page("/price-terms", access=P.PRICE_SEE)
def price_terms():
    """All price terms; the ones for all who have no other first."""
    return render("office/price_terms.html", rows=registers.price_terms(db.session()))


@door.form("/price-terms/<uid>", access=P.PRICE_EDIT)
def edit_price_terms(uid: str):
    """Change price terms. Plans that were drawn up keep what they said."""
    record_id, form = _load(uid).id, _form(_load(uid))
    if not form.is_submitted():
        return _page(_load(uid), form)

    def act(session):
        values = {name: Rate(form[name].data) for name in ASPECTS}
        values |= {"name": form.name_text, "source": form.source.data}
        rules.edit_terms(session, session.get_one(PriceTerms, record_id), g.person, form.version, **values)
        return url_for("office.price_terms")

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("The price terms are changed."))


def _load(uid: str) -> PriceTerms:
    return find(db.session, PriceTerms, g.person, P.PRICE_EDIT, uid=uid)


def _form(record: PriceTerms) -> PriceTermsForm:
    values = {name: getattr(record, name).value for name in ASPECTS}
    values |= {"name_zh": record.name.zh, "name_en": record.name.en, "source": record.source}
    return PriceTermsForm(version=record.terms_version, data=values)


def _page(record: PriceTerms, form: PriceTermsForm, status: int = 200):
    stale = conflict(form, record, "terms")
    return render("office/price_terms_edit.html", "edit", status, record=record, form=form, stale=stale)
