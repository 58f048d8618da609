"""Holding devices as evidence, sealing them with both signatures, and releasing them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow
from portal.core.files import Incoming, attach, store
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, setting
from portal.domain.devices import lifecycle as device_verbs
from portal.domain.devices.models import Device
from portal.domain.documents import lifecycle as document_verbs
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SEALING_LIST, BlockName
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.holds import lifecycle, queries
from portal.domain.holds.content import PHOTOS, payload
from portal.domain.holds.models import EvidenceHold
from portal.domain.policies import waiting
from portal.domain.policies.models import WaitingReason
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS, OPEN_REQUESTS

REASON = "evidence_hold"
"""The waiting reason of cases whose device is held."""


def ask(session: Session, device: Device, person: Person, **values: Any) -> EvidenceHold:
    """Ask quality to hold `device`: ground, reason, reference, complaint_id. Raises NotNow where one is open."""
    hold = _hold(session, device, person, values)
    with session.no_autoflush:
        return perform(session, lifecycle.ASK, hold, person, _asked(hold)).record


def place(session: Session, device: Device, person: Person, **values: Any) -> EvidenceHold:
    """Hold `device` at once; its hospital and whoever works on it are told. Raises NotNow where one is open."""
    hold = _hold(session, device, person, values | {"held_by_id": person.id})

    def change(act: Act) -> None:
        _asked(hold)(act)
        hold.held_at = act.at

    with session.no_autoflush:
        return perform(session, lifecycle.PLACE, hold, person, change).record


def _hold(session: Session, device: Device, person: Person, values: dict[str, Any]) -> EvidenceHold:
    lock(session, device)
    known = queries.open_of(session, device)
    if known is not None:
        raise NotNow(Message("This device has an evidence hold already: %(number)s.", number=known.number))
    scopes = {name: getattr(device, name) for name in ("organisation_id", "site_id", "dealer_id", "centre_id")}
    return EvidenceHold(
        company=device.company,
        device=device,
        device_id=device.id,
        technician_id=_technician_at(session, device),
        asked_by_id=person.id,
        **scopes,
        **values,
    )


def _technician_at(session: Session, device: Device) -> int | None:
    """Who works on the device: the hospital may sign on that person's tablet."""
    theirs = sa.select(WorkOrder.technician_id).join(ServiceRequest)
    theirs = theirs.where(ServiceRequest.device_id == device.id, WorkOrder.state.in_(OPEN_ORDERS))
    return session.scalar(theirs.order_by(WorkOrder.id.desc()).limit(1))


def _asked(hold: EvidenceHold) -> Any:
    def change(act: Act) -> None:
        hold.asked_at = act.at

    return change


def grant(session: Session, hold: EvidenceHold, person: Person) -> Act:
    """Hold the device as somebody asked for."""

    def change(act: Act) -> None:
        hold.held_at, hold.held_by_id = act.at, person.id

    return perform(session, lifecycle.GRANT, hold, person, change)


def decline(session: Session, hold: EvidenceHold, person: Person, reason: str) -> Act:
    """There is no cause to hold it; whoever asked is told why."""

    def change(act: Act) -> None:
        hold.release_reason = act.reason

    return perform(session, lifecycle.DECLINE, hold, person, change, reason=reason)


def keep_list(
    session: Session,
    hold: EvidenceHold,
    person: Person,
    base_version: int,
    *,
    items: list[dict[str, str]],
    sealed_where: str,
    photos: Sequence[Incoming] = (),
) -> Act:
    """Write down what is sealed: item, quantity, condition and seal number of each, with photographs."""

    def change(act: Act) -> None:
        hold.items, hold.sealed_where = items, sealed_where
        for incoming in photos:
            owner = {"organisation_id": hold.organisation_id, "created_by_id": person.id}
            file = store(session, incoming, **owner, evidence_hold=True)
            attach(session, file, root=hold, purpose=PHOTOS, created_by_id=person.id)

    return perform(session, lifecycle.LIST, hold, person, change, base_version=base_version)


def seal(session: Session, hold: EvidenceHold, person: Person, seen: str, *, place: str = "") -> Document:
    """Freeze the sealing list and sign it for the company; then the hospital signs the same bytes.

    `seen` is the hash of the content that was shown. The door has checked the password.
    """
    document = documents.of(session, SEALING_LIST, hold)
    lock(session, hold, *([document] if document else ()))
    act = perform(session, lifecycle.SEAL, hold, person)
    subject = f"{hold.device.product.model} · {hold.device.identity}"
    document = documents.freeze(session, act, SEALING_LIST, hold, payload(hold), subject=subject)
    signing = Signing(Method.PASSWORD, person.name, place=place)
    documents.sign(session, document_verbs.SIGN_SEALING, document, BlockName.ENGINEER, person, signing, seen)
    return document


def sign(session: Session, document: Document, person: Person, signing: Signing, seen: str) -> Act:
    """The hospital's signature under the sealing list; the issue is a reaction."""
    verb = documents.SIGN_VERBS[signing.method]
    return documents.sign(session, verb, document, BlockName.CUSTOMER, person, signing, seen)


def release(session: Session, hold: EvidenceHold, person: Person, reason: str) -> Act:
    """The device may be repaired and returned again. Never by whoever held it."""

    def change(act: Act) -> None:
        hold.released_at, hold.released_by_id, hold.release_reason = act.at, person.id, act.reason

    return perform(session, lifecycle.RELEASE, hold, person, change, reason=reason)


def hold_device(cause: Act) -> None:
    """Reaction to a hold: the device says so itself, and refuses what would change it."""
    hold: EvidenceHold = cause.record
    values = {"held_at": hold.held_at, "held_reason": hold.reason}
    react(cause, device_verbs.HOLD, hold.device, setting(values), reason=hold.reason)


def let_go(cause: Act) -> None:
    """Reaction to a release."""
    values = {"held_at": None, "held_reason": ""}
    react(cause, device_verbs.LET_GO, cause.record.device, setting(values), reason=cause.reason)


def await_release(cause: Act) -> None:
    """Reaction to a hold: the device's open cases wait, and their clocks stop where the reason says so."""
    hold, session = cause.record, cause.session
    reason = session.scalars(sa.select(WaitingReason).where(WaitingReason.key == REASON)).one_or_none()
    if reason is None or not reason.in_use:
        return
    for request in _open_requests(session, hold):
        if not _waitings(session, request):
            waiting.begin(session, request, SYSTEM, reason, hold.reason)


def stop_waiting(cause: Act) -> None:
    """Reaction to a release: the cases go on."""
    for request in _open_requests(cause.session, cause.record):
        for one in _waitings(cause.session, request):
            waiting.end(cause.session, one, SYSTEM)


def _open_requests(session: Session, hold: EvidenceHold) -> Sequence[ServiceRequest]:
    mine = sa.select(ServiceRequest).where(ServiceRequest.device_id == hold.device_id)
    return session.scalars(mine.where(ServiceRequest.state.in_(OPEN_REQUESTS)).order_by(ServiceRequest.id)).all()


def _waitings(session: Session, request: ServiceRequest) -> list:
    found = waiting.open_of(session, request.__tablename__, request.id)
    return [one for one in found if one.reason.key == REASON]
