"""Reporting a fault, following it, talking about it."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.customers import door
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import find
from portal.core.search import LONGEST_TOLD
from portal.domain.answers import queries as answers
from portal.domain.answers.models import KnownAnswer
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN, SERVICE_REPORT
from portal.domain.duty.queries import duty_number
from portal.domain.organisations.models import Centre
from portal.domain.permissions import P
from portal.domain.policies.queries import soonest
from portal.domain.ratings import queries as ratings
from portal.domain.servicing import queries, service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.orders import RESCHEDULE
from portal.domain.servicing.requests import REQUEST_LIFECYCLE
from portal.domain.servicing.standing import current_order, standing, story
from portal.domain.servicing.words import OPEN_REQUESTS, Harm, RequestState, Urgency
from portal.domain.wards import queries as wards
from portal.web.answers import render, wants_fragment
from portal.web.badges import badge_of
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.known_answers import solved_by_answer
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.lots import LotQuestions, expired_now, lot_panel
from portal.web.promises import brief, promised
from portal.web.ratings import score_badge
from portal.web.safety import HarmQuestion, answered, as_sent, asking
from portal.web.talk import files_at, photos_of, talk, timeline

MAX_TEXT = 10_000


class ReportForm(LotQuestions, PortalForm):
    """F01, the part that a hospital fills in; of goods by lot also how many, and how they were kept."""

    symptom = TextAreaField(_l("What is wrong?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    cause_told = TextAreaField(_l("Do you know the cause?"), validators=[Length(max=MAX_TEXT)])
    device_stopped = BooleanField(_l("The device is out of service"))
    urgency = RadioField(_l("How urgent is it?"), choices=choices(Urgency), default=Urgency.NORMAL.value)
    photos = MultipleFileField(_l("Photos or video"))
    contact_name = StringField(_l("Who should we ask for?"), validators=[DataRequired(), Length(max=100)])
    contact_phone = StringField(_l("Telephone"), validators=[DataRequired(), Length(max=40)])
    preferred_time = StringField(_l("When would suit you?"), validators=[Length(max=200)])


class MessageForm(PortalForm):
    """A line in the conversation."""

    body = TextAreaField(_l("Your message"), validators=[InputRequired(), Length(max=MAX_TEXT)])
    files = MultipleFileField(_l("Photos or files"))


class ReasonForm(PortalForm):
    """A verb that asks for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class FirstReasonForm(HarmQuestion, ReasonForm):
    """The withdrawal of a request that nobody has asked about yet: a complaint does not vanish with it (INT-11)."""


def request_cards(rows: Sequence[Any], **options: bool) -> list[dict]:
    """Rows of `queries.requests` as cards, each with the promise that comes next."""
    coming = soonest(db.session, ServiceRequest, [row[0] for row in rows])
    return [request_card(row, **options) | {"clock": brief(coming.get(row[0]))} for row in rows]


def request_card(row, *, name_device: bool = True) -> dict:
    """A row of `queries.requests` for `ui.card_list`; on a device's own page the fault is the title."""
    number, state, _urgency, symptom, reported_at, product, serial, _organisation, technician = row
    fault = shorten(symptom, 90, placeholder="…")
    return {
        "title": f"{say(product)} · {serial}" if name_device else fault,
        "href": url_for("customers.request", number=number),
        "text": fault if name_device else "",
        "meta": f"{number} · {technician}" if technician else number,
        "at": reported_at,
        "badge": (say(state), state.tone),
    }


@door.page("/requests", access=P.REQUEST_SEE)
def requests():
    """All requests of the hospital, newest first."""
    only_open = request.args.get("state") == "open"
    states = OPEN_REQUESTS if only_open else ()
    found = queries.requests(db.session, g.person, states=states, cursor=request.args.get("at"))
    cards = request_cards(found.rows)
    return render("customers/requests.html", cards=cards, pager=pager(found), only_open=only_open)


@door.form("/devices/<number>/report", access=P.REQUEST_CREATE, uploads=True)
def report(number: str):
    """Report a fault of one device."""
    device = find(db.session, Device, g.person, P.DEVICE_SEE, *DEVICE_PARTS, number=number)
    form = ReportForm(contact_name=g.person.name, symptom=request.args.get("symptom", "")[:LONGEST_TOLD])
    device_id = form.ask_about(device).id
    if wants_fragment() and not form.is_submitted():
        return render("records/_answers.html", offered=_offered(device, form))
    if not form.is_submitted():
        return _report_page(device, form, 200)

    def act(session):
        made = service.create_request(
            session,
            g.person,
            session.get_one(Device, device_id),
            photos=form.received.get("photos", ()),
            storage_proof=form.received.get("storage_proof", ()),
            **form.values("photos", "storage_proof", "urgency"),
            urgency=Urgency(form.urgency.data),
        )
        return url_for("customers.request", number=made.number)

    return submit(
        form, act, lambda status: _report_page(_device(number), form, status), done=_("We have your request.")
    )


DEVICE_PARTS = [
    joinedload(part) for part in (Device.product, Device.site, Device.department, Device.centre, Device.company)
]


def _device(number: str) -> Device:
    return find(db.session, Device, g.person, P.DEVICE_SEE, *DEVICE_PARTS, number=number)


def _report_page(device: Device, form: ReportForm, status: int):
    duty = duty_number(db.session, device.centre, clock.now())
    shown = _reported_already(device) | {"duty": duty, "expired": expired_now(device)}
    shown["offered"] = _offered(device, form)
    return render("customers/report.html", "report", status, device=device, form=form, **shown)


def _offered(device: Device, form: ReportForm) -> list[KnownAnswer]:
    """What may help with what was typed so far."""
    return answers.offered(db.session, g.person, device.product, form.symptom.data or "")


@door.verb("/devices/<number>/solved", access=P.ANSWER_USE)
def solved(number: str):
    """A known answer helped: it is counted, and nothing is reported."""
    return solved_by_answer(_device(number), url_for("customers.device", number=number))


def _reported_already(device: Device) -> dict[str, Any]:
    """What is open about the device, so that nothing is reported twice (INT-12).

    `known`: the person's own requests, to be added to; `others`: when others reported, without their words; `waiting`:
    what a ward reported and nobody of the hospital has looked at.
    """
    rows = queries.requests(db.session, g.person, states=OPEN_REQUESTS, device_id=device.id, size=5).rows
    numbers = {row[0] for row in rows}
    others = [each for each in wards.open_requests_of(db.session, device.id) if each.number not in numbers]
    waiting = wards.waiting_reports_of(db.session, device.id) if g.person.can(P.WARD_REPORT_SEE, device) else []
    return {"known": [_to_add_to(row) for row in rows], "others": others, "waiting": waiting}


def _to_add_to(row: Any) -> dict[str, Any]:
    """A request's card that leads to its conversation."""
    href = url_for("customers.request", number=row[0], _anchor="conversation")
    return request_card(row, name_device=False) | {"href": href}


def _load(number: str) -> ServiceRequest:
    parts = (*queries.whole(), joinedload(ServiceRequest.centre).joinedload(Centre.company))
    return find(db.session, ServiceRequest, g.person, P.REQUEST_SEE, *parts, number=number)


@door.page("/requests/<number>", access=P.REQUEST_SEE, endpoint="request")
def show(number: str):
    """Where a request stands, its story and its conversation."""
    return _page(_load(number))


def _page(record: ServiceRequest, status: int = 200, block: str | None = None, **forms: PortalForm):
    order = current_order(record)
    paper = documents.of(db.session, SERVICE_REPORT, order) if order else None
    files = files_at(db.session, record, with_internal=False)
    rating = ratings.of_request(db.session, g.person, record) if order and order.finished_at else None
    values = {
        "record": record,
        "duty": duty_number(db.session, record.centre, clock.now()),
        "promised": promised(db.session, g.person, record),
        "standing": standing(record),
        "visit": order if order and order.appointment_from and RESCHEDULE.possible_in(order.state) else None,
        "badge": badge_of(order.technician) if order and record.state in OPEN_REQUESTS else None,
        "story": timeline(story(record)),
        "talk": talk(db.session, record, g.person, with_internal=False, at_record=files),
        "photos": photos_of(files, "symptom"),
        "lot": lot_panel(record, files),
        "paper": paper,
        "rating": rating,
        "score": score_badge(rating.score) if rating else None,
        "plan_paper": documents.of(db.session, REPAIR_PLAN, order) if order else None,
        "verbs": {verb.name for verb in REQUEST_LIFECYCLE.possible(record, g.person)},
        "message_form": forms.get("message_form") or MessageForm(),
        "cancel_form": forms.get("cancel_form") or asking(record, ReasonForm, FirstReasonForm)(),
        "RequestState": RequestState,
    }
    return render("customers/request.html", block, status, **values)


@door.verb("/requests/<number>/message", access=P.REQUEST_MESSAGE, uploads=True)
def message(number: str):
    """Post a message."""
    request_id, form = _load(number).id, MessageForm()

    def act(session):
        record = session.get_one(ServiceRequest, request_id)
        service.post_message(session, record, g.person, form.body.data, files=form.received.get("files", ()))
        return url_for("customers.request", number=number, _anchor="conversation")

    return submit(form, act, lambda status: _page(_load(number), status, "conversation", message_form=form))


@door.verb("/requests/<number>/cancel", access=P.REQUEST_CANCEL)
def cancel(number: str):
    """Withdraw a request before a technician is at it, and say whether somebody was harmed, where nobody has asked."""
    record = _load(number)
    request_id, form = record.id, as_sent(record, ReasonForm, FirstReasonForm)

    def act(session):
        record = session.get_one(ServiceRequest, request_id)
        service.cancel_request(session, record, g.person, form.reason.data, answers=answered(form))
        return url_for("customers.request", number=number)

    return submit(form, act, lambda status: _page(_load(number), status, cancel_form=form), done=_withdrawn(form))


def _withdrawn(form: ReasonForm) -> str:
    if isinstance(form, FirstReasonForm) and form.harm.data != Harm.NO.value:
        return _("The request was cancelled. Our quality department looks into what happened.")
    return _("The request was cancelled.")


@door.verb("/requests/<number>/close", access=P.REQUEST_CLOSE)
def close(number: str):
    """Close a completed request."""
    request_id, form = _load(number).id, PortalForm()

    def act(session):
        service.close_request(session, session.get_one(ServiceRequest, request_id), g.person)
        return url_for("customers.request", number=number)

    return submit(form, act, lambda status: _page(_load(number), status), done=_("The request is closed."))
