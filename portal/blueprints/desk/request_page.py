"""The staff's page of a request: loaded in one place, shown after every form that stands on it."""

from dataclasses import replace
from typing import Any

from flask import g, url_for
from sqlalchemy.orm import joinedload, selectinload

from portal.blueprints.desk.forms import (
    AssessForm,
    AssignForm,
    CoverForm,
    FirstAssessForm,
    FirstReasonForm,
    MessageForm,
    NoteForm,
    ReasonForm,
)
from portal.core.db import db
from portal.core.errors import Message
from portal.core.permissions import find
from portal.domain.complaints import service as complaints
from portal.domain.complaints.models import Complaint
from portal.domain.cover.models import CoverDecision
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.duty import queries as duty
from portal.domain.duty.models import DutyCall
from portal.domain.escalations import queries as escalations
from portal.domain.escalations.models import Escalation
from portal.domain.faultcodes.models import FaultCode
from portal.domain.permissions import P
from portal.domain.ratings import queries as ratings
from portal.domain.ratings.models import ServiceRating
from portal.domain.servicing import queries
from portal.domain.servicing.candidates import Candidate, candidates
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.orders import ORDER_LIFECYCLE
from portal.domain.servicing.requests import ASSESS, ASSIGN, REQUEST_LIFECYCLE
from portal.domain.servicing.standing import Standing, current_order, standing, story
from portal.domain.servicing.words import OPEN_ORDERS, OPEN_REQUESTS, Asked, RequestState
from portal.domain.trail import queries as trail
from portal.domain.wards import queries as wards
from portal.web.answers import render
from portal.web.cover import panel
from portal.web.duty import whom_it_rang
from portal.web.experience import diagnosis_facts, helped
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.lots import lot_panel
from portal.web.promises import promised
from portal.web.ratings import score_badge
from portal.web.safety import as_rows, asking
from portal.web.stale import conflict
from portal.web.talk import files_at, photos_of, talk, timeline
from portal.web.trail import doer, lines


def load(number: str) -> ServiceRequest:
    """The request, if the person may see it. Raises NotYours."""
    people = (joinedload(ServiceRequest.first_handler), joinedload(ServiceRequest.reported_by))
    rest = (joinedload(ServiceRequest.company), joinedload(ServiceRequest.screens), duty.with_call())
    coded = (joinedload(WorkOrder.symptom_code), joinedload(WorkOrder.area_code))
    options = (*queries.whole(), *people, *rest, selectinload(ServiceRequest.orders).options(*coded))
    return find(db.session, ServiceRequest, g.person, P.REQUEST_SEE, *options, number=number)


def show(number: str, status: int = 200, block: str | None = None, **forms: PortalForm) -> Any:
    """The page, or its block `block` for htmx. `forms`: those that were sent and are shown again, by their name."""
    record = load(number)
    verbs = {verb.name for verb in REQUEST_LIFECYCLE.possible(record, g.person)}
    order, shown = current_order(record), panel(db.session(), g.person, record.device, record)
    decision = shown and shown["decision"]
    call, rating = _call(record), ratings.of_request(db.session, g.person, record) if order else None
    files = files_at(db.session, record, with_internal=_sees_notes(record))
    messages = talk(db.session, record, g.person, with_internal=_sees_notes(record), at_record=files)
    values = {
        "is_open": record.state in OPEN_REQUESTS,
        "record": record,
        "verbs": verbs,
        "standing": _standing(record),
        "to_dispatch": bool(verbs & {ASSESS.name, ASSIGN.name}) or bool(forms.keys() & {"assess", "assign"}),
        "cover": shown,
        "promised": promised(db.session, g.person, record),
        "photos": photos_of(files, "symptom"),
        "lot": lot_panel(record, files),
        "talk": [message for message in messages if not message["internal"]],
        "notes": [message for message in messages if message["internal"]],
        "sees_notes": _sees_notes(record),
        "story": timeline(story(record)),
        "orders": [_order(each) for each in reversed(record.orders)],
        "paper": documents.of(db.session, SERVICE_REPORT, order) if order else None,
        "questions": _questions(order),
        "ask_at": _ask_at(order),
        "call": call,
        "rang": whom_it_rang(call) if call else [],
        "trail": _trail(record, decision, call),
        **helped(url_for("desk.request", number=number), record.device.product_id, _symptom(record)),
        "answers": as_rows(record.screens),
        "rating": rating,
        "score": score_badge(rating.score) if rating else None,
        "is_screened": record.asked(Asked.INTAKE),
        "complaint": _complaint(record, rating),
        "from_wards": wards.of_request(db.session, record.id),
        "taken": _taken(record) if status == 409 and "assign" in forms else None,
        "stale": conflict(forms.get("assess"), record, "assessment", "assess"),
        "may_decide_cover": g.person.can(P.COVER_DECIDE, record) and record.state in CHARGEABLE,
    }
    values["cover_stale"] = conflict(forms.get("cover"), decision, "decision", "change") if decision else None
    return render(
        "desk/request.html", block, status, **values, **_forms(record, verbs, {"cover": _cover_form(decision)} | forms)
    )


def offer(form: AssignForm, people: list[Candidate]) -> AssignForm:
    """Let the form choose among these technicians, each with what speaks for or against."""
    form.technician.choices = [(each.account.uid, each.account.name) for each in people]
    form.details = {each.account.uid: {"text": _reasons(each), "closed": not each.can_go} for each in people}
    return form


def _reasons(candidate: Candidate) -> str:
    """What speaks for or against: certificate, absence, the way, and what there is to do already."""
    certificate, absence = candidate.fitness.certificate, candidate.absence
    if certificate is None:
        return say(candidate.fitness.refusal)
    if absence is not None:
        away = Message("away until %(day)s: %(kind)s", day=absence.last_on, kind=absence.kind.label)
        return say(away)
    held = Message(
        "certificate for %(subject)s until %(day)s", subject=certificate.subject, day=certificate.valid_until
    )
    nearby = [Message("at this hospital on that day anyway")] if candidate.nearby else []
    visits = Message("appointments on that day: %(count)s", count=candidate.visits)
    load = Message("open work orders: %(count)s", count=candidate.open_orders)
    return " · ".join(map(say, [held, *nearby, visits, load]))


def _questions(order: WorkOrder | None) -> list[Escalation]:
    sees = order is not None and g.person.can(P.ESCALATION_SEE, order)
    return escalations.of_order(db.session, order) if sees else []


def _ask_at(order: WorkOrder | None) -> str:
    """Where this person asks second line or the manufacturer, "" where there is nothing to ask."""
    may = order is not None and order.state in OPEN_ORDERS and g.person.can(P.ESCALATION_ASK, order)
    return url_for("records.ask", number=order.number) if may else ""


FOR_STAFF = {
    RequestState.RECEIVED: Message("Nobody has looked at it yet."),
    RequestState.ASSESSED: Message("It waits for a technician."),
    RequestState.COMPLETED: Message("The work is done and the report is signed. It can be closed."),
}
"""Where the sentence for customers would tell the staff about themselves."""


def _standing(record: ServiceRequest) -> Standing:
    found = standing(record)
    return replace(found, sentence=FOR_STAFF.get(record.state, found.sentence))


def _forms(record: ServiceRequest, verbs: set[str], sent: dict[str, PortalForm]) -> dict[str, PortalForm]:
    """Every form of the page: the one that was sent, the others fresh, each with ids of its own."""
    ending = asking(record, ReasonForm, FirstReasonForm)
    fresh = {"message": MessageForm, "note": NoteForm, "cancel": ending, "refuse": ending}
    fresh |= {"close": PortalForm, "order": ReasonForm, "cover": CoverForm}
    forms = {name: sent.get(name) or form(formdata=None) for name, form in fresh.items()}
    forms["assess"] = sent.get("assess") or _assess_form(record)
    if "assign" in verbs or "assign" in sent:
        forms["assign"] = sent.get("assign") or offer(AssignForm(formdata=None), candidates(db.session, record))
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return {f"{name}_form": form for name, form in forms.items()}


def _assess_form(record: ServiceRequest) -> AssessForm:
    asked = asking(record, AssessForm, FirstAssessForm)
    form = asked(formdata=None, urgency=record.urgency.value, next_step=record.next_step)
    form.base_version.data = str(record.assessment_version)
    return form


def _sees_notes(record: ServiceRequest) -> bool:
    """Who writes internal notes reads them, and so do those who read the trail, which holds them anyway."""
    return g.person.can(P.REQUEST_NOTE, record) or g.person.can(P.TRAIL_SEE, record)


def _complaint(record: ServiceRequest, rating: ServiceRating | None) -> Complaint | None:
    """What safety questions or rating opened, for who may see it; not asked for where neither did."""
    opened = any(screen.opens_complaint for screen in record.screens) or bool(rating and rating.complained_of)
    return complaints.of_request(db.session, record) if opened and g.person.can(P.COMPLAINT_SEE, record) else None


CHARGEABLE = (*OPEN_REQUESTS, RequestState.COMPLETED)
"""As long as somebody may still decide who pays."""


def _cover_form(known: CoverDecision | None) -> CoverForm:
    if known is None:
        return CoverForm(formdata=None)
    form = CoverForm(formdata=None, choice=known.choice.value, grounds=known.grounds)
    form.base_version.data = str(known.decision_version)
    return form


def _order(order: WorkOrder) -> dict[str, Any]:
    """A work order with what the person may do to it, and where they do it."""
    verbs = {verb.name for verb in ORDER_LIFECYCLE.possible(order, g.person)}
    diagnosed = diagnosis_facts(order) if order.is_diagnosed else []
    return {"record": order, "verbs": verbs, "href": _workplace(order), "diagnosed": diagnosed}


def _symptom(record: ServiceRequest) -> FaultCode | None:
    """The coded symptom of the newest diagnosis."""
    return next((order.symptom_code for order in reversed(record.orders) if order.symptom_code_id), None)


def _workplace(order: WorkOrder) -> str:
    """The page where this person works on the order, or reads it."""
    if g.person.can(P.ORDER_WORK, order):
        return url_for("technicians.order", number=order.number)
    return url_for("quality.order", number=order.number) if g.person.can(P.ORDER_SEE, order) else ""


def _call(record: ServiceRequest) -> DutyCall | None:
    """The call to the people on duty, where the request led to one and the person may see it."""
    found = record.duty_call
    return found if found is not None and g.person.can(P.DUTY_SEE, found) else None


def _trail(record: ServiceRequest, *beside: CoverDecision | DutyCall | None) -> list[dict[str, Any]]:
    """Who did what to the request, to its work orders, and to what else stands beside it."""
    if not g.person.can(P.RECORD_HISTORY, record):
        return []
    return lines(db.session, trail.of_records(db.session, [record, *record.orders, *filter(None, beside)]))


def _taken(record: ServiceRequest) -> dict[str, Any] | None:
    """Who else was faster, and whom they sent."""
    entry = trail.last(db.session, record, ASSIGN.name)
    if entry is None or record.technician is None:
        return None
    return {"technician": record.technician.name, "who": doer(entry, entry.facts), "at": entry.at}
