"""What servicing means beyond the rows of its verbs: the story of a request and its work order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message, NotValid
from portal.core.files import Incoming, attach, store
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import Act, last_act_of, setting
from portal.domain.accounts.models import Account
from portal.domain.devices import lifecycle as device_verbs
from portal.domain.devices.models import Device
from portal.domain.documents import lifecycle as document_verbs
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, SERVICE_REPORT, BlockName
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.faultcodes import service as faultcodes
from portal.domain.faultcodes.words import CodeKind
from portal.domain.permissions import Role
from portal.domain.servicing import candidates, early, orders, parts, releasing, requests, routing
from portal.domain.servicing.models import RequestMessage, SafetyScreen, ServiceRequest, WorkLog, WorkOrder
from portal.domain.servicing.report import notice_payload, payload
from portal.domain.servicing.words import OPEN_REQUESTS, Asked, Concern, Conclusion, Harm, Kind

CUSTOMERS = frozenset({Role.CUSTOMER, Role.WARD})


@dataclass(frozen=True)
class Answers:
    """The answers to the safety questions. `is_hazard`: the device must not be used. A yes needs its grounds.

    `given_by` is who gave them, where somebody else passes them on.
    """

    harm: Harm
    is_event: bool
    is_complaint: bool
    is_hazard: bool = False
    grounds: str = ""
    given_by: str = ""

    def __post_init__(self) -> None:
        if (self.harm is not Harm.NO or self.is_event or self.is_hazard) and not self.grounds.strip():
            raise NotValid(grounds=Message("Say what happened, or what could."))

    @classmethod
    def told(cls, harm: Harm, grounds: str = "", *, is_hazard: bool = False, given_by: str = "") -> "Answers":
        """What a hospital says, which is asked only of harm and danger.

        Harm in which a device may have had a part counts as an adverse event until somebody has judged it
        (医疗器械不良事件监测和再评价管理办法, 可疑即报).
        """
        return cls(harm, harm is Harm.YES, False, is_hazard, grounds, given_by)


def create_request(
    session: Session,
    person: Person,
    device: Device,
    *,
    photos: Sequence[Incoming] = (),
    storage_proof: Sequence[Incoming] = (),
    quantity: Decimal | None = None,
    occurred_at: datetime | None = None,
    answers: Answers | None = None,
    **values: Any,
) -> ServiceRequest:
    """File a service request about `device`, with its photos and the answers to the safety questions. Numbered SR.

    Of goods by lot: `quantity` affected, in the unit of the product, `storage_told` how they were kept, and
    `storage_proof` the pictures of it (INT-14). Raises NotValid.
    """
    thousandths = None if quantity is None else _thousandths(device, quantity)
    request = ServiceRequest(
        company=device.company,
        device=device,
        site=device.site,
        organisation_id=device.organisation_id,
        site_id=device.site_id,
        department_id=device.department_id,
        dealer_id=device.dealer_id,
        centre_id=device.centre_id,
        reported_by_id=person.id,
        language=person.language,
        thousandths=thousandths,
        **values,
    )

    def change(act: Act) -> None:
        request.reported_at = act.occurred_at
        if not person.roles & CUSTOMERS:
            request.first_handler_id = person.id
        request.routed_to = routing.division(session, request.kind or Kind.REPAIR, request.concern or Concern.PRODUCT)
        if answers is not None:
            request.screens.append(_screen(act, Asked.INTAKE, answers))
        session.add(request)
        session.flush()
        _attach_all(act, request, photos, "symptom")
        _attach_all(act, request, storage_proof, requests.STORAGE)

    return perform(session, requests.CREATE, request, person, change, occurred_at=occurred_at).record


def _thousandths(device: Device, quantity: Decimal) -> int:
    """A quantity as it is kept. Raises NotValid for what is not counted, nothing, and parts below a thousandth."""
    if not device.product.by_lot:
        raise NotValid(quantity=Message("Only goods by lot are counted; this is one unit."))
    scaled = quantity * 1000
    if quantity <= 0 or scaled != int(scaled):
        raise NotValid(quantity=Message("Give a number above nought, with at most three decimals."))
    return int(scaled)


def _attach_all(
    act: Act, root: Any, files: Sequence[Incoming], purpose: str, *, internal: bool = False, to: Any = None
) -> None:
    for incoming in files:
        file = store(act.session, incoming, organisation_id=root.organisation_id, created_by_id=act.actor.id)
        attach(act.session, file, root=root, purpose=purpose, internal=internal, created_by_id=act.actor.id, to=to)


def _screen(act: Act, asked: Asked, answers: Answers) -> SafetyScreen:
    """The answers as a row of the request."""
    facts = {name: getattr(answers, name) for name in ("harm", "is_event", "is_complaint", "is_hazard", "grounds")}
    return SafetyScreen(
        asked=asked, author_id=act.actor.id, author_name=answers.given_by or act.actor.name, at=act.at, **facts
    )


def screen(session: Session, request: ServiceRequest, person: Person, asked: Asked, answers: Answers) -> Act:
    """Answer the safety questions; a yes opens a complaint, a hazard stops the device (reactions).

    Customers say whether somebody was harmed; staff judge.
    """
    verb = requests.TELL_HARM if person.roles & CUSTOMERS else requests.SCREEN
    return perform(session, verb, request, person, lambda act: request.screens.append(_screen(act, asked, answers)))


def _screen_at_intake(session: Session, request: ServiceRequest, person: Person, answers: Answers | None) -> None:
    """Keep the answers that come together with another step, before that step (INT-11)."""
    if answers is not None:
        screen(session, request, person, Asked.INTAKE, answers)


def stop_device(cause: Act) -> None:
    """Reaction to answers that name a hazard: nobody may use the device (INT-9)."""
    request: ServiceRequest = cause.record
    last = request.screens[-1] if request.screens else None
    if last is not None and last.is_hazard and request.device.state in device_verbs.STOP.on:
        react(cause, device_verbs.STOP, request.device, reason=last.grounds)


def conclude_use(cause: Act) -> None:
    """Reaction to a release: the conclusion that a second person approved decides whether the device may be used."""
    order: WorkOrder = cause.record
    device = order.request.device
    if order.conclusion is Conclusion.STOP and device.state in device_verbs.STOP.on:
        react(cause, device_verbs.STOP, device, reason=order.test_data or order.fault_cause)
    elif order.conclusion is not Conclusion.STOP and device.state in device_verbs.LIFT.on:
        react(cause, device_verbs.LIFT, device, reason=order.number)


def merge(
    session: Session,
    request: ServiceRequest,
    person: Person,
    into: ServiceRequest,
    *,
    answers: Answers | None = None,
) -> Act:
    """The same was reported twice: what was said and shown goes on in the other request. Raises NotValid.

    `answers` as in `assess`; what they open stays with this request.
    """
    if into.id == request.id or into.device_id != request.device_id or into.state not in OPEN_REQUESTS:
        raise NotValid(into=Message("Choose another open request of the same device."))
    lock(session, request, into, *([request.device] if answers else ()))
    _screen_at_intake(session, request, person, answers)

    def change(act: Act) -> None:
        request.merged_into = into

    act = perform(session, requests.MERGE, request, person, change)
    relay(session, into, person, f"{request.number}: {request.symptom}", cause=act)
    return act


def relay(
    session: Session,
    request: ServiceRequest,
    person: Person,
    body: str,
    *,
    said_by: str = "",
    cause: Act | None = None,
) -> Act:
    """Carry what the customer said elsewhere over into the conversation. `said_by`: who, if not the person."""

    def change(act: Act) -> None:
        message = _message(act, body, from_customer=True)
        message.author_name = said_by or message.author_name
        request.messages.append(message)

    return perform(session, requests.MESSAGE, request, person, change, cause=cause)


def post_message(
    session: Session,
    request: ServiceRequest,
    person: Person,
    body: str,
    *,
    internal: bool = False,
    files: Sequence[Incoming] = (),
) -> Act:
    """Post a message to the conversation, or an internal note that customers never see."""

    def change(act: Act) -> None:
        message = _message(act, body, from_customer=bool(person.roles & CUSTOMERS), internal=internal)
        request.messages.append(message)
        session.flush()
        _attach_all(act, request, files, "message", internal=internal, to=message.uid)

    return perform(session, requests.NOTE if internal else requests.MESSAGE, request, person, change)


def _message(act: Act, body: str, *, from_customer: bool, internal: bool = False) -> RequestMessage:
    return RequestMessage(
        author_id=act.actor.id,
        author_name=act.actor.name,
        from_customer=from_customer,
        internal=internal,
        body=body,
        language=act.actor.language,
        at=act.at,
    )


def assess(
    session: Session,
    request: ServiceRequest,
    person: Person,
    base_version: int,
    *,
    answers: Answers | None = None,
    **values: Any,
) -> Act:
    """First substantial answer: urgency and next step by a named person, who becomes the first handler.

    `answers` to the safety questions of intake, where they come with it, are recorded before (INT-11).
    """
    _screen_at_intake(session, request, person, answers)

    def change(act: Act) -> None:
        setting(values)(act)
        if request.first_handler_id is None:
            request.first_handler_id = person.id

    return perform(session, requests.ASSESS, request, person, change, base_version=base_version)


def assign(
    session: Session,
    request: ServiceRequest,
    person: Person,
    technician: Account,
    *,
    instructions: str = "",
    appointment_from: datetime | None = None,
    appointment_to: datetime | None = None,
    **place: str,
) -> WorkOrder:
    """Send `technician`: the request goes into service and a work order (numbered WO) is dispatched.

    `place`: meeting_place, opened_by and protection, what the appointment carries (DSP-7).

    Raises NotValid where the technician may not service this model on the day of the appointment (R6), or is away then.
    """

    def change(act: Act) -> None:
        with session.no_autoflush:  # what is asked of the technician does not hang on the request: it is written once
            candidates.require_fit(session, request, technician, appointment_from or act.at, appointment_to)
        request.technician_id = technician.id
        if request.first_handler_id is None:
            request.first_handler_id = person.id

    act = perform(session, requests.ASSIGN, request, person, change)
    order = WorkOrder(
        company=request.company,
        organisation_id=request.organisation_id,
        site_id=request.site_id,
        dealer_id=request.dealer_id,
        centre_id=request.centre_id,
        technician=technician,
        technician_id=technician.id,
        instructions=instructions,
        appointment_from=appointment_from,
        appointment_to=appointment_to,
        dispatched_at=act.at,
        **place,
    )
    # Set inside the verb: outside it, a loaded list of the request's orders would count as an unsigned change.
    dispatch = setting({"request": request})
    return perform(session, orders.DISPATCH, order, person, dispatch, cause=act).record


def reschedule(
    session: Session,
    order: WorkOrder,
    person: Person,
    reason: str,
    base_version: int,
    *,
    appointment_from: datetime,
    appointment_to: datetime | None = None,
    **place: str,
) -> Act:
    """Agree on another appointment; hospital and technician are told, with the reason (DSP-2).

    Raises NotValid where it begins in the past, the technician's certificate does not hold on that day (R6), or they
    are away then.
    """

    def change(act: Act) -> None:
        if appointment_from < act.at:
            raise NotValid(appointment_from=Message("This time has passed."))
        candidates.require_fit(session, order.request, order.technician, appointment_from, appointment_to)
        times = {"appointment_from": appointment_from, "appointment_to": appointment_to}
        setting(times | place | {"moved_reason": act.reason})(act)

    return perform(session, orders.RESCHEDULE, order, person, change, reason=reason, base_version=base_version)


def pack(session: Session, order: WorkOrder, person: Person, things: Sequence[tuple[str, str]]) -> Act:
    """Note what is taken along: (key, name as the technician read it) of each thing (DSP-3, F05)."""
    packed = [{"key": key, "name": name} for key, name in things]
    return perform(session, orders.PACK, order, person, setting({"packed": packed}))


def cancel_request(
    session: Session, request: ServiceRequest, person: Person, reason: str, *, answers: Answers | None = None
) -> Act:
    """Withdraw a request that no technician is at yet. `answers` as in `assess`."""
    _screen_at_intake(session, request, person, answers)
    return perform(session, requests.CANCEL, request, person, reason=reason)


def refuse_request(
    session: Session, request: ServiceRequest, person: Person, reason: str, *, answers: Answers | None = None
) -> Act:
    """Refuse a request; the reason goes to the customer, into the conversation. `answers` as in `assess`."""
    _screen_at_intake(session, request, person, answers)

    def change(act: Act) -> None:
        request.messages.append(_message(act, reason, from_customer=False))

    return perform(session, requests.REFUSE, request, person, change, reason=reason)


def close_request(session: Session, request: ServiceRequest, person: Person) -> Act:
    """Close a completed request."""
    return perform(session, requests.CLOSE, request, person)


def accept(session: Session, order: WorkOrder, person: Person, occurred_at: datetime | None = None) -> Act:
    """The technician takes the order."""
    return _step(session, orders.ACCEPT, order, person, occurred_at, "accepted_at")


def depart(session: Session, order: WorkOrder, person: Person, occurred_at: datetime | None = None) -> Act:
    """The technician sets out."""
    return _step(session, orders.DEPART, order, person, occurred_at, "departed_at")


def arrive(session: Session, order: WorkOrder, person: Person, occurred_at: datetime | None = None) -> Act:
    """The technician is on site; the time may be claimed (RPR-7)."""
    return _step(session, orders.ARRIVE, order, person, occurred_at, "arrived_at")


def _step(session: Session, verb: Any, order: WorkOrder, person: Person, at: datetime | None, stamp: str) -> Act:
    def change(act: Act) -> None:
        setattr(order, stamp, act.occurred_at)

    return perform(session, verb, order, person, change, occurred_at=at)


def decline(session: Session, order: WorkOrder, person: Person, reason: str) -> Act:
    """The technician hands the order back; the request returns to dispatch (reaction)."""
    return perform(session, orders.DECLINE, order, person, reason=reason)


def cancel_order(session: Session, order: WorkOrder, person: Person, reason: str) -> Act:
    """Dispatch cancels the order; the request returns to dispatch (reaction)."""
    return perform(session, orders.CANCEL, order, person, reason=reason)


def log(
    session: Session,
    order: WorkOrder,
    person: Person,
    text: str,
    *,
    photos: Sequence[Incoming] = (),
    occurred_at: datetime | None = None,
) -> Act:
    """Add a line to the work log, with photos; the time may be claimed (RPR-7)."""

    def change(act: Act) -> None:
        line = WorkLog(
            author_id=person.id,
            author_name=person.name,
            text=text,
            language=person.language,
            occurred_at=act.occurred_at,
            received_at=act.at,
        )
        order.logs.append(line)
        session.flush()
        _attach_all(act, order, photos, "log", to=line.uid)

    return perform(session, orders.LOG, order, person, change, occurred_at=occurred_at)


def diagnose(
    session: Session, order: WorkOrder, person: Person, base_version: int, contacted_at: datetime, **values: Any
) -> Act:
    """What the technician makes of the fault, at a distance or at the device (F03). `contacted_at` aware.

    Codes are given as `symptom_code` and `area_code`, FaultCode or None. Raises NotValid.
    """
    since = order.request.reported_at.replace(second=0, microsecond=0)

    def change(act: Act) -> None:
        if contacted_at > act.at + timedelta(minutes=1):
            raise NotValid(contacted_at=Message("This time lies in the future."))
        if contacted_at < since:
            raise NotValid(contacted_at=Message("This time lies before the fault was reported."))
        setting(_with_codes(order, values, DIAGNOSED_BY) | {"contacted_at": contacted_at})(act)

    return perform(session, orders.DIAGNOSE, order, person, change, base_version=base_version)


DIAGNOSED_BY = {"symptom_code": CodeKind.SYMPTOM, "area_code": CodeKind.AREA}
FOUND_BY = {"cause_code": CodeKind.CAUSE, "action_code": CodeKind.ACTION}
"""The codes of each group of fields."""


def _with_codes(order: WorkOrder, values: dict[str, Any], kinds: dict[str, CodeKind]) -> dict[str, Any]:
    """The values with the codes as the order keeps them. Raises NotValid where a code does not hold for the model."""
    kept = {name: value for name, value in values.items() if name not in kinds}
    for name, kind in kinds.items():
        if name in values:
            faultcodes.require_fit(values[name], kind, order.request.device.product, name)
            kept[f"{name}_id"] = values[name].id if values[name] else None
    return kept


def record_findings(
    session: Session,
    order: WorkOrder,
    person: Person,
    base_version: int,
    *,
    parts_replaced: Sequence[Mapping[str, Any]] = (),
    **values: Any,
) -> Act:
    """Symptom, cause, process, parts replaced (F06). Parts as `parts.lines` takes them. Raises NotValid."""

    def change(act: Act) -> None:
        setting(_with_codes(order, values, FOUND_BY))(act)
        parts.replace(session, order, parts_replaced)

    return perform(session, orders.RECORD_FINDINGS, order, person, change, base_version=base_version)


def record_costs(session: Session, order: WorkOrder, person: Person, base_version: int, **values: Any) -> Act:
    """Hours worked and what the journey cost, entered once (RPR-15): minutes, kilometres, minor units."""
    return perform(session, orders.RECORD_COSTS, order, person, setting(values), base_version=base_version)


def file_receipt(session: Session, order: WorkOrder, person: Person, files: Sequence[Incoming]) -> Act:
    """File the receipt that the customer signed for a dealer's technician (RPR-15)."""
    return perform(
        session, orders.FILE_RECEIPT, order, person, lambda act: _attach_all(act, order, files, requests.RECEIPT)
    )


def start_tests(session: Session, order: WorkOrder, person: Person, occurred_at: datetime | None = None) -> Act:
    """The repair is done; now it is tested."""
    return perform(session, orders.START_TESTS, order, person, occurred_at=occurred_at)


def record_tests(session: Session, order: WorkOrder, person: Person, base_version: int, **values: Any) -> Act:
    """Results, conclusion and the time the device worked again (F06)."""
    return perform(session, orders.RECORD_TESTS, order, person, setting(values), base_version=base_version)


def repair_again(session: Session, order: WorkOrder, person: Person) -> Act:
    """A test showed that more must be done."""
    return perform(session, orders.REPAIR_AGAIN, order, person)


def submit(session: Session, order: WorkOrder, person: Person, seen: str | None = None, *, place: str = "") -> Document:
    """The technician signs the frozen report and hands it over for release, or releases it where nobody else must.

    The door has checked the technician's password. Freezing here means that reviewer and customer sign the
    very bytes that the technician signed. `seen` is the hash of the content that the technician was shown,
    `place` where they signed.
    """
    document = documents.of(session, SERVICE_REPORT, order)
    lock(session, order, *([document] if document else ()))
    act = perform(session, orders.SUBMIT, order, person)
    product = order.request.device.product
    subject = f"{product.model} · {order.request.device.identity}"
    reason = _why_again(session, order, document)
    document = documents.freeze(session, act, SERVICE_REPORT, order, payload(order), subject=subject, reason=reason)
    signing = Signing(Method.PASSWORD, person.name, place=place)
    seen = seen or document.current.content_hash
    documents.sign(session, document_verbs.SIGN_AS_ENGINEER, document, BlockName.ENGINEER, person, signing, seen)
    if releasing.is_released_alone(session, order):
        early.release_alone(session, order, document, person, place=place)
    return document


def _why_again(session: Session, order: WorkOrder, document: Document | None) -> str:
    """The reason of the correction, where an issued report is being replaced."""
    if document is None or document.in_force is None:
        return ""
    entry = last_act_of(session, order, orders.CORRECT)
    return entry.facts["reason"] if entry else ""


def release(session: Session, order: WorkOrder, person: Person, seen: str, *, place: str = "") -> Act:
    """A second person signs, at `place`, the release of exactly what they were shown (`seen` is its content hash)."""
    document = documents.of(session, SERVICE_REPORT, order)
    lock(session, order, document)
    act = perform(session, orders.RELEASE, order, person)
    signing = Signing(Method.PASSWORD, person.name, place=place)
    documents.sign(session, document_verbs.SIGN_RELEASE, document, BlockName.RELEASE, person, signing, seen)
    if order.conclusion is Conclusion.STOP:
        _give_notice(session, act, signing)
    return act


def _give_notice(session: Session, cause: Act, signing: Signing) -> None:
    """The customer is told in writing that the device must not be used (RPR-9), signed by whoever released."""
    order: WorkOrder = cause.record
    device = order.request.device
    subject = f"{device.product.model} · {device.identity}"
    notice = documents.freeze(session, cause, DO_NOT_USE_NOTICE, order, notice_payload(order), subject=subject)
    seen, verb = notice.current.content_hash, document_verbs.SIGN_NOTICE
    documents.sign(session, verb, notice, BlockName.RELEASE, cause.actor, signing, seen)


def send_back(session: Session, order: WorkOrder, person: Person, reason: str) -> Act:
    """The reviewer sends the order back; the frozen report becomes void."""
    return _reopen(session, orders.SEND_BACK, order, person, reason)


def correct(session: Session, order: WorkOrder, person: Person, reason: str) -> Act:
    """Open a signed or issued report for a correction: it will be a new revision that refers to this one (QCR-4)."""
    return _reopen(session, orders.CORRECT, order, person, reason)


def _reopen(session: Session, verb: Any, order: WorkOrder, person: Person, reason: str) -> Act:
    document = documents.of(session, SERVICE_REPORT, order)
    lock(session, order, order.request, document)
    act = perform(session, verb, order, person, reason=reason)
    if document.state in document_verbs.VOID.on:
        documents.void(session, act, document)
    return act


def take_up(session: Session, order: WorkOrder, person: Person, occurred_at: datetime | None = None) -> Act:
    """The technician takes a sent-back order up again."""
    return perform(session, orders.TAKE_UP, order, person, occurred_at=occurred_at)


def sign(session: Session, document: Document, person: Person, signing: Signing, seen: str) -> Act:
    """The customer's signature and evaluation: by password in the own account, witnessed, or on paper.

    What follows (issue, finish, complete) are reactions.
    """
    order = order_of(session, document)
    lock(session, document, order, order.request)
    verb = documents.SIGN_VERBS[signing.method]
    return documents.sign(session, verb, document, BlockName.CUSTOMER, person, signing, seen)


def order_of(session: Session, document: Document) -> WorkOrder:
    """The work order that a service report is about."""
    return session.get_one(WorkOrder, document.root_id)


def finish_order(cause: Act) -> None:
    """Reaction to the issue of the report: the order is done."""
    if cause.record.form is not SERVICE_REPORT:
        return
    order = order_of(cause.session, cause.record)

    def change(act: Act) -> None:
        order.finished_at = act.occurred_at

    react(cause, orders.FINISH, order, change)


def complete_request(cause: Act) -> None:
    """Reaction to a finished order: the request is completed when no other order is open."""
    react(cause, requests.COMPLETE, cause.record.request)


def resume_request(cause: Act) -> None:
    """Reaction to a correction after the end: the request is in service again."""
    request = cause.record.request
    if request.state in requests.RESUME.on:
        react(cause, requests.RESUME, request)


def back_to_dispatch(cause: Act) -> None:
    """Reaction to a declined or cancelled order: somebody else must be sent."""
    request: ServiceRequest = cause.record.request

    def change(act: Act) -> None:
        request.technician_id = None

    if request.state in requests.HAND_BACK.on:
        react(cause, requests.HAND_BACK, request, change)
