"""The work order on the tablet: the way so far, the next action at the thumb, and what one needs to know on site."""

from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from portal.blueprints.technicians import door
from portal.blueprints.technicians.day import appointment
from portal.blueprints.technicians.forms import (
    DiagnosisForm,
    FindingsForm,
    LogForm,
    MessageForm,
    ReasonForm,
    ResultsForm,
    StepForm,
)
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Message
from portal.core.permissions import find
from portal.domain.charges import queries as charges
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.queries import sheets_whole
from portal.domain.checklists.words import SheetState
from portal.domain.devices.models import Device
from portal.domain.documents import queries as document_queries
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Document
from portal.domain.escalations import queries as escalations
from portal.domain.faultcodes import queries as faultcodes
from portal.domain.faultcodes.models import FaultCode
from portal.domain.permissions import P
from portal.domain.plans import service as plans
from portal.domain.servicing import queries, service
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.orders import ORDER_LIFECYCLE, device_not_held
from portal.domain.servicing.words import OPEN_ORDERS, Kind, OrderState
from portal.web.answers import render
from portal.web.cover import panel
from portal.web.early import early_facts, ruling
from portal.web.experience import diagnosis_facts, helped
from portal.web.fieldwork import log_lines, why_sent_back
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.papers import renditions
from portal.web.promises import promised
from portal.web.stale import compare
from portal.web.talk import files_at, photos_of, talk

S = OrderState

REPORTED = (S.TO_RELEASE, S.TO_SIGN, S.DONE)
"""States in which a frozen report stands."""
BEFORE_PLAN = (S.ASSIGNED, S.CANCELLED)
AT_WORK = (S.ON_SITE, S.TESTING)
HISTORY = 5

WAY = (
    (S.ASSIGNED, Message("Assigned"), "dispatched_at"),
    (S.ACCEPTED, Message("Accepted"), "accepted_at"),
    (S.TRAVELLING, Message("On the way"), "departed_at"),
    (S.ON_SITE, Message("On site"), "arrived_at"),
    (S.TESTING, Message("Testing"), None),
    (S.TO_RELEASE, Message("Release"), None),
    (S.TO_SIGN, Message("Signature"), None),
    (S.DONE, Message("Done"), "finished_at"),
)


@dataclass(frozen=True)
class Thumb:
    """The one next action: a verb to carry out (its route's name), a form of the page to send, or a page to go to."""

    label: Message
    icon: str
    verb: str = ""
    form: str = ""
    href: str = ""


def load(number: str) -> WorkOrder:
    """The order with what its pages show. Raises NotYours."""
    device = joinedload(ServiceRequest.device).joinedload(Device.product)
    request = joinedload(WorkOrder.request).options(
        device,
        joinedload(ServiceRequest.organisation),
        joinedload(ServiceRequest.site),
        joinedload(ServiceRequest.department),
        selectinload(ServiceRequest.messages),
    )
    own = (joinedload(WorkOrder.organisation), joinedload(WorkOrder.site), joinedload(WorkOrder.technician))
    codes = [joinedload(WorkOrder.symptom_code), joinedload(WorkOrder.area_code)]
    codes += [joinedload(WorkOrder.cause_code), joinedload(WorkOrder.action_code)]
    parts = (selectinload(WorkOrder.logs), selectinload(WorkOrder.parts))
    sheets = selectinload(WorkOrder.sheets).options(*sheets_whole())
    options = (request, *own, joinedload(WorkOrder.company), *codes, *parts, sheets)
    return find(db.session, WorkOrder, g.person, P.ORDER_WORK, *options, number=number)


@door.page("/orders/<number>", access=P.ORDER_WORK, endpoint="order")
def show(number: str):
    """The order as it stands."""
    return page(load(number))


def page(order: WorkOrder, status: int = 200, block: str | None = None, **forms: Any):
    """The order's page, or its part `block`; `forms` are those that were sent and refused."""
    paper = _paper(order) if order.state in REPORTED else None
    may_talk = g.person.can(P.REQUEST_SEE, order.request)
    files = files_at(db.session, order.request, with_internal=True)
    here = url_for("technicians.order", number=order.number)
    values = {
        "order": order,
        "promised": promised(db.session, g.person, order.request),
        "record": order.request,
        "appointment": appointment(order),
        "thumb": thumb(order),
        "way": way(order),
        "at_work": order.state in AT_WORK,
        "sent_back": why_sent_back(db.session, order) if order.state is S.SENT_BACK else None,
        "verbs": _verbs(order),
        "photos": photos_of(files, "symptom"),
        "log": log_lines(db.session, order),
        "talk": talk(db.session, order.request, g.person, with_internal=True, at_record=files) if may_talk else None,
        "may_message": g.person.can(P.REQUEST_MESSAGE, order.request),
        "history": _history(order),
        "questions": escalations.of_order(db.session, order),
        "ask_at": url_for("records.ask", number=order.number) if order.state in OPEN_ORDERS else "",
        "charge": charges.of_order(db.session, order) if order.fee and order.state is S.DONE else None,
        "receipt_due": order.state in (S.TO_SIGN, S.DONE) and order.request.centre.dealer_id is not None,
        "cover": panel(db.session(), g.person, order.request.device, order.request),
        "diagnosis_stands_open": not order.is_diagnosed and not order.findings_recorded,
        "diagnosed": diagnosis_facts(order) if order.is_diagnosed else [],
        **helped(here, order.request.device.product_id, order.symptom_code),
        "sheets": [sheet_card(sheet) for sheet in reversed(order.sheets)],
        "ruling": ruling(db.session(), order, g.person),
        "early": order.early[-1] if order.early else None,
        "early_facts": early_facts(order.early[-1]) if order.early else [],
        "plan": plans.latest(db.session, order) if order.state not in BEFORE_PLAN else None,
        "paper": paper,
        "pdfs": renditions(paper) if paper and paper.number else [],
        "S": S,
    }
    return render("technicians/order.html", block, status, **values, **_forms(order, forms))


def _verbs(order: WorkOrder) -> set[str]:
    """What the technician may do now; without what an evidence hold forbids, which the page says above."""
    possible = ORDER_LIFECYCLE.possible(order, g.person)
    return {verb.name for verb in possible if order.request.device.held_at is None or device_not_held not in verb.needs}


def _history(order: WorkOrder) -> list[dict[str, Any]]:
    """What else was reported about this device, newest first, for `ui.timeline`."""
    others = queries.history(db.session, order.request.device_id, HISTORY + 1)
    return [
        {
            "at": record.reported_at,
            "text": f"{record.number} · {say(record.state)}",
            "detail": shorten(record.symptom, 200, placeholder="…"),
            "who": record.technician.name if record.technician else "",
        }
        for record in others
        if record.id != order.request_id
    ][:HISTORY]


def _paper(order: WorkOrder) -> Document | None:
    return documents.of(db.session, SERVICE_REPORT, order, *document_queries.whole())


def _forms(order: WorkOrder, sent: dict[str, Any]) -> dict[str, Any]:
    """Every form of the page: as it was sent, or fresh from the record."""
    forms = {
        "step_form": sent.get("step_form") or StepForm(),
        "log_form": sent.get("log_form") or LogForm(),
        "message_form": sent.get("message_form") or MessageForm(),
        "reason_form": sent.get("reason_form") or ReasonForm(),
        "diagnosis_form": sent.get("diagnosis_form") or diagnosis_form(order),
        "findings_form": sent.get("findings_form") or findings_form(order),
        "results_form": sent.get("results_form") or results_form(order),
    }
    versions = (order.diagnosis_version, order.findings_version, order.tests_version)
    for name, version in zip(("diagnosis_form", "findings_form", "results_form"), versions, strict=True):
        forms[f"{name}_conflict"] = compare(forms[name], version) if forms[name].stale else None
    return forms


def diagnosis_form(order: WorkOrder) -> DiagnosisForm:
    """The form of the diagnosis, filled with what is recorded."""
    values = _recorded(order, "diagnosis")
    values["contacted_at"] = values["contacted_at"] or clock.now()
    form = DiagnosisForm(version=order.diagnosis_version, data=values)
    form.offer(_codes(order))
    return form


def sheet_card(sheet: TestSheet) -> dict[str, Any]:
    """A test sheet for `ui.card_list`."""
    outcome = _("%(count)s failed", count=len(sheet.failed)) if sheet.failed else ""
    attempt = _("Attempt %(n)s", n=sheet.attempt) if sheet.attempt > 1 else ""
    return {
        "title": say(sheet.checklist.name),
        "href": url_for("technicians.sheet", number=sheet.order.number, uid=sheet.uid),
        "meta": " · ".join(filter(None, (attempt, outcome))),
        "badge": (_("Failed"), "bad") if sheet.failed and sheet.completed_at else (say(sheet.state), sheet.state.tone),
    }


def findings_form(order: WorkOrder) -> FindingsForm:
    """The form of the findings, filled with what is recorded; before that with what the diagnosis said."""
    values = _recorded(order, "findings")
    if not order.findings_version:
        values |= {"fault_symptom": order.diagnosis, "fault_cause": order.suspected_cause}
    form = FindingsForm(version=order.findings_version, data=values)
    form.offer(_codes(order))
    return form


def _recorded(order: WorkOrder, group: str) -> dict[str, Any]:
    """The values of a group of fields as its form takes them: codes by their uid."""
    values = {name: getattr(order, name) for name in WorkOrder.versioned[group]}
    codes = {name: value.uid if value else "" for name, value in values.items() if name.endswith("_code")}
    return values | codes


def _codes(order: WorkOrder) -> list[FaultCode]:
    """The codes to choose from, asked for once in a request."""
    if "fault_codes" not in g:
        recorded = (order.symptom_code_id, order.area_code_id, order.cause_code_id, order.action_code_id)
        g.fault_codes = faultcodes.to_choose(db.session, order.request.device.product, recorded)
    return g.fault_codes


def results_form(order: WorkOrder) -> ResultsForm:
    """The form of the tests, filled with what is recorded."""
    values = {name: getattr(order, name) for name in WorkOrder.versioned["tests"]}
    case = {"kind": order.request.kind, "since": order.request.reported_at, "by_sheet": bool(order.sheets)}
    return ResultsForm(version=order.tests_version, data=values, **case)


def way(order: WorkOrder) -> list[dict[str, Any]]:
    """The eight steps for `ui.steps`. A report that was sent back stops at the release."""
    if order.state is S.CANCELLED:
        return []
    here = S.TO_RELEASE if order.state is S.SENT_BACK else order.state
    index = [state for state, _label, _at in WAY].index(here)
    steps = []
    for n, (_state, label, stamp) in enumerate(WAY):
        mark = "done" if n < index or order.state is S.DONE else "todo" if n > index else "current"
        if n == index and order.state is S.SENT_BACK:
            mark = "stopped"
        at = getattr(order, stamp) if stamp and n <= index else None
        steps.append({"label": say(label), "state": mark, "at": at})
    return steps


_AT_THUMB = {
    S.ASSIGNED: ("accept", "check"),
    S.ACCEPTED: ("depart", "navigation"),
    S.TRAVELLING: ("arrive", "map-pin"),
    S.ON_SITE: ("start_tests", "activity"),
    S.SENT_BACK: ("take_up", "wrench"),
}


def thumb(order: WorkOrder) -> Thumb | None:
    """What comes next, if it is the technician's turn."""
    match order.state:
        case S.ON_SITE | S.TESTING if order.request.device.held_at is not None:
            return None
        case S.ON_SITE if not order.plan_agreed and order.request.kind is Kind.REPAIR:
            href = url_for("technicians.plan", number=order.number)
            return Thumb(Message("Repair plan"), "clipboard-list", href=href)
        case S.ON_SITE if not order.findings_recorded:
            return Thumb(Message("Save findings"), "check", form="findings-form")
        case S.TESTING if open_sheet := next((s for s in order.last_sheets if s.state is SheetState.OPEN), None):
            href = url_for("technicians.sheet", number=order.number, uid=open_sheet.uid)
            return Thumb(Message("Fill in the test sheet"), "clipboard-check", href=href)
        case S.TESTING if not order.tests_recorded:
            return Thumb(Message("Save tests"), "check", form="tests-form")
        case S.TESTING:
            return Thumb(Message("Check and submit"), "send", href=url_for("technicians.submit", number=order.number))
        case S.TO_SIGN:
            href = url_for("technicians.sign", number=order.number, language=order.request.language)
            return Thumb(Message("Let the customer sign"), "pen-line", href=href)
        case state if state in _AT_THUMB:
            name, icon = _AT_THUMB[state]
            return Thumb(ORDER_LIFECYCLE.by_name[name].label, icon, verb=name)
    return None


@door.verb("/orders/<number>/message", access=P.REQUEST_MESSAGE)
def message(number: str):
    """Post a message to the hospital."""
    request_id, form = load(number).request_id, MessageForm()

    def act(session):
        record = session.get_one(ServiceRequest, request_id)
        service.post_message(session, record, g.person, form.body.data, files=form.received.get("files", ()))
        return url_for("technicians.order", number=number, _anchor="conversation")

    return submit(form, act, lambda status: page(load(number), status, "conversation", message_form=form))
