"""Ratings of services: the list, and what is made of one (SRV-2)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.office import door
from portal.blueprints.office.rating_tabs import month_options, month_span, views
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.complaints import service as complaints
from portal.domain.complaints.models import Complaint
from portal.domain.permissions import P
from portal.domain.ratings import queries, service
from portal.domain.ratings.aspects import aspects
from portal.domain.ratings.lifecycle import RATING_LIFECYCLE
from portal.domain.ratings.models import ServiceRating
from portal.domain.ratings.words import RATED, SCORES, RatingState, Source
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.day_tabs import day_tabs
from portal.web.forms import PortalForm, submit
from portal.web.hospitals import chosen_hospital, hospital_chip
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.ratings import PhoneForm, details, rating_form, score_badge
from portal.web.stale import conflict
from portal.web.trail import lines


class FollowUpForm(PortalForm):
    """What came of looking into it."""

    note = TextAreaField(_l("What came of it?"), validators=[DataRequired(), Length(max=2000)])
    answer = TextAreaField(_l("Answer to the customer"), validators=[Length(max=2000)])


class ComplainForm(PortalForm):
    """What is complained of."""

    complained_of = TextAreaField(_l("What is complained of?"), validators=[DataRequired(), Length(max=2000)])


LONGEST = 40
"""Signs of an opinion that the list shows."""
FILTERS = ("state", "score", "source", "month", "hospital", "technician", "product")


@door.page("/ratings", access=P.RATING_SEE)
def ratings():
    """Ratings, what happened last first; without a choice all that were given."""
    hospital, technician, product = chosen_hospital(), _named(Account, "technician"), _named(Product, "product")
    score, source = request.args.get("score", ""), request.args.get("source", "")
    found = queries.ratings(
        db.session(),
        g.person,
        states=_states(request.args.get("state", "")),
        score=int(score) if score in map(str, SCORES) else None,
        source=Source(source) if source in set(Source) else None,
        organisation_id=hospital.id if hospital else None,
        technician_id=technician.id if technician else None,
        product_id=product.id if product else None,
        given=month_span(request.args.get("month", "")),
        cursor=request.args.get("at"),
    )
    return render(
        "office/ratings.html",
        day_tabs=day_tabs(),
        views=views("ratings"),
        rows=[_row(*row) for row in found.rows],
        chips=[*_chips(), *hospital_chip(hospital)],
        narrowed=[(_("Technician"), technician), (_("Product"), product)],
        clear=address(**dict.fromkeys(FILTERS)) if any(map(request.args.get, FILTERS)) else None,
        pager=pager(found),
    )


def _states(chosen: str) -> tuple[RatingState, ...]:
    return (RatingState(chosen),) if chosen in set(RatingState) else RATED


def _named(model: Any, word: str) -> Any:
    """The technician or product that the address names, if the reader sees a rating of theirs. Raises NotYours."""
    uid = request.args.get(word)
    return queries.rated(db.session(), g.person, model, uid) if uid else None


def _chips() -> list[dict[str, Any]]:
    every = ("", _("All"))
    states = [("", _("All that were given")), *((each.value, say(each)) for each in RatingState)]
    return [
        chip(_("State"), "state", states),
        chip(_("Score"), "score", [every, *((str(score), f"{score} · {say(word)}") for score, word in SCORES.items())]),
        chip(_("By which way"), "source", [every, *((each.value, say(each)) for each in Source)]),
        chip(_("Month"), "month", [every, *month_options()]),
    ]


def _row(
    uid: str,
    number: str,
    state: RatingState,
    score: int | None,
    source: Source | None,
    opinion: str,
    at: datetime,
    asked: str,
    *names: Any,
) -> dict[str, Any]:
    organisation, technician, product = names
    return {
        "number": number,
        "href": url_for("office.rating", uid=uid),
        "request": asked,
        "state": state,
        "score": score_badge(score),
        "source": source,
        "opinion": opinion if len(opinion) <= LONGEST else f"{opinion[:LONGEST]}…",
        "organisation": organisation,
        "technician": technician,
        "product": product,
        "at": at,
    }


@door.page("/ratings/<uid>", access=P.RATING_SEE)
def rating(uid: str):
    """One rating: what was said, what came of it."""
    return _page(uid)


def _load(uid: str) -> ServiceRating:
    return find(db.session, ServiceRating, g.person, P.RATING_SEE, *queries.whole(), uid=uid)


def _page(uid: str, status: int = 200, block: str | None = None, **sent: PortalForm) -> Any:
    record = _load(uid)
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "office/rating.html",
        block,
        status,
        record=record,
        score=score_badge(record.score),
        details=details(record),
        verbs={verb.name for verb in RATING_LIFECYCLE.possible(record, g.person)},
        complaint=_complaint(record),
        stale=conflict(sent.get("phone"), record, "answers", "record"),
        trail=lines(db.session, history),
        **_forms(record, sent),
    )


def _complaint(record: ServiceRating) -> Complaint | None:
    found = complaints.of_request(db.session, record.request) if record.complained_of else None
    return found if found is not None and g.person.can(P.COMPLAINT_SEE, found) else None


def _forms(record: ServiceRating, sent: dict[str, PortalForm]) -> dict[str, PortalForm]:
    """Every form of the page: the one that was sent, the others fresh, each with ids of its own."""
    fresh: dict[str, Callable[[], PortalForm]] = {
        "follow_up": lambda: FollowUpForm(formdata=None),
        "complain": lambda: ComplainForm(formdata=None, complained_of=record.opinion),
        "phone": lambda: rating_form(PhoneForm, aspects(db.session()), record),
    }
    forms = {name: sent.get(name) or make() for name, make in fresh.items()}
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return {f"{name}_form": form for name, form in forms.items()}


def _carry_out(uid: str, name: str, form: PortalForm, act: Callable[[Any, ServiceRating], Any], done: str) -> Any:
    record_id = _load(uid).id

    def write(session):
        act(session, session.get_one(ServiceRating, record_id))
        return url_for("office.rating", uid=uid)

    return submit(form, write, lambda status: _page(uid, status, "acts", **{name: form}), done=done)


@door.verb("/ratings/<uid>/follow-up", access=P.RATING_FOLLOW_UP, endpoint="follow_up_rating")
def follow_up(uid: str):
    """Write down what came of it, with an answer to the customer if there is one."""
    form = FollowUpForm()

    def act(session, record):
        service.follow_up(session, record, g.person, form.note.data, form.answer.data or "")

    return _carry_out(uid, "follow_up", form, act, _("It is on record."))


@door.verb("/ratings/<uid>/complain", access=P.RATING_FOLLOW_UP, endpoint="complain_of_rating")
def complain(uid: str):
    """Pass it on as a complaint."""
    form = ComplainForm()

    def act(session, record):
        service.complain(session, record, g.person, form.complained_of.data)

    return _carry_out(uid, "complain", form, act, _("A complaint was opened. Quality and the manager are told."))


@door.verb("/ratings/<uid>/record", access=P.RATING_RECORD, endpoint="record_rating")
def record_by_phone(uid: str):
    """Write down what the customer said by telephone, or correct it."""
    form = rating_form(PhoneForm, aspects(db.session()))

    def act(session, record):
        said = form.answers(), form.name.data, form.occurred_at.data
        service.record(session, record, g.person, form.version, *said)

    return _carry_out(uid, "phone", form, act, _("The rating is on record."))
