"""Reports from the wards: the equipment department passes them on, merges, solves or ends them (INT-15)."""

from collections.abc import Callable, Sequence
from textwrap import shorten
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.customers import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.queries import requests as known_requests
from portal.domain.servicing.words import OPEN_REQUESTS, Urgency
from portal.domain.wards import queries, service
from portal.domain.wards.lifecycle import WARD_REPORT_LIFECYCLE
from portal.domain.wards.models import WardReport
from portal.domain.wards.words import ReportState
from portal.web.answers import render
from portal.web.filters import choices, exact
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.talk import files_at, photos_of

MAX_TEXT = 10_000


class ConfirmForm(PortalForm):
    """The request that a report becomes; the department may say it better."""

    symptom = TextAreaField(_l("What is wrong?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    urgency = RadioField(_l("How urgent is it?"), choices=choices(Urgency), validators=[DataRequired()])
    device_stopped = BooleanField(_l("The device is out of service"))
    contact_name = StringField(_l("Who should we ask for?"), validators=[DataRequired(), Length(max=100)])
    contact_phone = StringField(_l("Telephone"), validators=[DataRequired(), Length(max=40)])


class IntoForm(PortalForm):
    """The open request that the report belongs to."""

    into = RadioField(_l("Open requests of this device"), validators=[DataRequired()])


class SolveForm(PortalForm):
    """What the hospital did itself."""

    answer = TextAreaField(_l("What was done?"), validators=[DataRequired(), Length(max=2000)])


class DismissForm(PortalForm):
    """Why nothing follows."""

    answer = TextAreaField(_l("Why does nothing follow?"), validators=[DataRequired(), Length(max=2000)])


def report_cards(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of `queries.reports` for `ui.card_list`."""
    return [_card(*row) for row in rows]


def _card(number, state, symptom, reported_at, product, serial, site, department) -> dict[str, Any]:
    return {
        "title": f"{say(product)} · {serial}",
        "href": url_for("customers.ward_report", number=number),
        "text": shorten(symptom, 90, placeholder="…"),
        "meta": " · ".join([number, *(say(part) for part in (site, department) if part)]),
        "at": reported_at,
        "badge": (say(state), state.tone),
    }


@door.page("/ward-reports", access=P.WARD_REPORT_SEE)
def ward_reports():
    """All reports from the wards, newest first; by `?state=reported` those that wait."""
    only_waiting = request.args.get("state") == ReportState.REPORTED
    states = (ReportState.REPORTED,) if only_waiting else ()
    found = queries.reports(db.session, g.person, states=states, cursor=request.args.get("at"))
    return render(
        "customers/ward_reports.html",
        cards=report_cards(found.rows),
        pager=pager(found),
        only_waiting=only_waiting,
    )


def _load(number: str) -> WardReport:
    return find(db.session, WardReport, g.person, P.WARD_REPORT_SEE, *queries.whole(), number=number)


@door.page("/ward-reports/<number>", access=P.WARD_REPORT_SEE)
def ward_report(number: str):
    """One report: what the ward said, and what can be made of it."""
    return _page(_load(number))


def _page(record: WardReport, status: int = 200, **sent: PortalForm):
    known = _known(record)
    forms = _forms(record, known, sent)
    return render(
        "customers/ward_report.html",
        "decide",
        status,
        record=record,
        photos=photos_of(files_at(db.session, record, with_internal=False), "symptom"),
        verbs={verb.name for verb in WARD_REPORT_LIFECYCLE.possible(record, g.person)},
        refusal=next((form.refusal for form in sent.values() if form.refusal), None),
        known=known,
        **forms,
    )


def _known(record: WardReport) -> list[Any]:
    """The open requests of its device, as rows of servicing's list."""
    return known_requests(db.session, g.person, states=OPEN_REQUESTS, device_id=record.device_id, size=10).rows


def _forms(record: WardReport, known: list[Any], sent: dict[str, PortalForm]) -> dict[str, PortalForm]:
    """Every form of the page: the one that was sent, the others fresh, each with ids of its own."""
    forms = {
        "confirm": sent.get("confirm") or ConfirmForm(formdata=None, **_prefilled(record)),
        "merge": sent.get("merge") or _offer(IntoForm(formdata=None, into=_same(record)), known),
        "solve": sent.get("solve") or SolveForm(formdata=None),
        "dismiss": sent.get("dismiss") or DismissForm(formdata=None),
    }
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return {f"{name}_form": form for name, form in forms.items()}


def _prefilled(record: WardReport) -> dict[str, Any]:
    return {
        "symptom": record.symptom,
        "urgency": (Urgency.URGENT if record.device_stopped else Urgency.NORMAL).value,
        "device_stopped": record.device_stopped,
        "contact_name": record.reporter_name,
        "contact_phone": record.extension,
    }


def _same(record: WardReport) -> str | None:
    return record.same_as.number if record.same_as else None


def _offer(form: IntoForm, known: list[Any]) -> IntoForm:
    form.into.choices = [(row[0], f"{row[0]} · {exact(row[4])} · {row[3][:60]}") for row in known]
    return form


@door.verb("/ward-reports/<number>/confirm", access=P.WARD_REPORT_SETTLE)
def confirm(number: str):
    """Pass the report on to the service company."""

    def act(session, record: WardReport, form: PortalForm) -> str:
        values = form.values("urgency") | {"urgency": Urgency(form.urgency.data)}
        made = service.confirm(session, record, g.person, **values)
        return url_for("customers.request", number=made.number)

    return _decide(number, "confirm", ConfirmForm(), act, _("The service company has your request."))


@door.verb("/ward-reports/<number>/merge", access=P.WARD_REPORT_SETTLE)
def merge(number: str):
    """Add what the ward said to an open request of the device."""
    record = _load(number)
    form = _offer(IntoForm(), _known(record))

    def act(session, record: WardReport, form: PortalForm) -> str:
        into = find(session, ServiceRequest, g.person, P.REQUEST_SEE, number=form.into.data)
        service.merge(session, record, g.person, into)
        return url_for("customers.request", number=into.number, _anchor="conversation")

    return _decide(number, "merge", form, act, _("The ward's words stand in the conversation."))


@door.verb("/ward-reports/<number>/solve", access=P.WARD_REPORT_SETTLE)
def solve(number: str):
    """The hospital solved it itself."""

    def act(session, record: WardReport, form: PortalForm) -> str:
        service.solve(session, record, g.person, form.answer.data)
        return url_for("customers.ward_report", number=number)

    return _decide(number, "solve", SolveForm(), act, _("The ward can read what was done."))


@door.verb("/ward-reports/<number>/dismiss", access=P.WARD_REPORT_SETTLE)
def dismiss(number: str):
    """Nothing follows, and the ward reads why."""

    def act(session, record: WardReport, form: PortalForm) -> str:
        service.dismiss(session, record, g.person, form.answer.data)
        return url_for("customers.ward_report", number=number)

    return _decide(number, "dismiss", DismissForm(), act, _("The ward can read why."))


Deciding = Callable[[Any, WardReport, PortalForm], str]


def _decide(number: str, name: str, form: PortalForm, act: Deciding, done: str):
    """One of the four ends of a report."""
    record_id = _load(number).id
    return submit(
        form,
        lambda session: act(session, session.get_one(WardReport, record_id), form),
        lambda status: _page(_load(number), status, **{name: form}),
        done=done,
    )
