"""How was it? The customer rates a service that is over, and reads what was answered."""

from datetime import timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.customers import door
from portal.core import clock, figures
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.ratings import links, queries, service
from portal.domain.ratings.aspects import aspects
from portal.domain.ratings.lifecycle import CHANGE_DAYS
from portal.domain.ratings.models import ServiceRating
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.ratings import RatingForm, details, rating_form, score_badge
from portal.web.stale import conflict


@door.page("/ratings/<uid>", access=P.RATING_SEE)
def rating(uid: str):
    """The rating of one service: to be given, to be changed while it is fresh, or as it stands."""
    return _page(uid)


@door.verb("/ratings/<uid>/rate", access=P.RATING_GIVE)
def rate(uid: str):
    """Give the rating, or change it."""
    record, form = _load(uid), rating_form(RatingForm, aspects(db.session()))
    record_id, number = record.id, record.request.number

    def act(session):
        service.rate(session, session.get_one(ServiceRating, record_id), g.person, form.version, form.answers())
        return url_for("customers.request", number=number, _anchor="rating")

    done = _("Thank you. Your rating has arrived.")
    return submit(form, act, lambda status: _page(uid, status, form), done=done)


def _load(uid: str) -> ServiceRating:
    return find(db.session, ServiceRating, g.person, P.RATING_SEE, *queries.whole(), uid=uid)


def _page(uid: str, status: int = 200, form: RatingForm | None = None) -> Any:
    record = _load(uid)
    fresh_until = _fresh_until(record)
    mine = record.given_by_id == g.person.id and fresh_until is not None and fresh_until >= clock.now()
    may = g.person.can(P.RATING_GIVE, record) and (mine or not record.is_given)
    stale = conflict(form, record, "answers", "rate")
    return render(
        "customers/rating.html",
        "rating" if form else None,
        status,
        record=record,
        score=score_badge(record.score),
        details=details(record),
        form=form or rating_form(RatingForm, aspects(db.session()), record),
        may_give=may,
        fresh_until=fresh_until if mine else None,
        stale=stale,
    )


def _fresh_until(record: ServiceRating) -> Any:
    """Until when whoever gave the rating may change it; None before it is given."""
    if record.received_at is None:
        return None
    return record.received_at + timedelta(days=figures.integer(db.session(), CHANGE_DAYS))


def waiting_cards() -> list[dict[str, Any]]:
    """Services that ended lately and that nobody has rated, for `ui.card_list`."""
    since = clock.now() - timedelta(days=figures.integer(db.session(), links.DAYS))
    return [
        {
            "title": say(each.product.name),
            "href": url_for("customers.rating", uid=each.uid),
            "meta": each.request.number,
            "at": each.served_at,
            "badge": (say(each.state), each.state.tone),
        }
        for each in queries.waiting(db.session, g.person, since)
    ]
