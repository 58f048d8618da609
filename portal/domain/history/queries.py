"""All that happened to a device, in the order of time, from the records themselves: nothing is kept twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.audit import AuditEntry
from portal.core.db import only
from portal.core.errors import Message
from portal.core.listing import PAGE, Listing, Page, page
from portal.core.permissions import Person, visible_to
from portal.domain.accounts.models import Account
from portal.domain.complaints.models import Complaint
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.documents.models import Document
from portal.domain.permissions import P
from portal.domain.plans.models import RepairPlan
from portal.domain.servicing.models import PartUsed, ServiceRequest, WorkOrder
from portal.domain.servicing.words import OrderState


class What(StrEnum):
    """Kinds of what happened."""

    REQUEST = "request"
    VISIT = "visit"
    PLAN = "plan"
    PART = "part"
    PAPER = "paper"
    USE = "use"
    COMPLAINT = "complaint"

    @property
    def label(self) -> Message:
        return LABELS[self]


LABELS = {
    What.REQUEST: Message("Service requests"),
    What.VISIT: Message("Work orders"),
    What.PLAN: Message("Repair plans"),
    What.PART: Message("Parts replaced"),
    What.PAPER: Message("Documents"),
    What.USE: Message("Use of the device"),
    What.COMPLAINT: Message("Complaints"),
}

ACTED = ("register", "stop", "lift", "hold", "let_go", "swap_out", "swap_in")
ACTS = tuple(f"{Device.__tablename__}:{name}" for name in ACTED)
"""Acts on the device itself that belong to its history."""

NOTHING = sa.literal("")


@dataclass(frozen=True)
class Happened:
    """One line. `number` is what the record is called, `key` what its page is found by, `request` its request's number.

    `state` is the stored word of the record's state; for acts `text` is the whole entry of the trail.
    """

    what: What
    at: datetime
    number: str
    key: str
    request: str
    text: str
    detail: str
    state: str
    who: str


def of_device(
    session: Session,
    person: Person,
    device: Device,
    *,
    what: What | None = None,
    cursor: str | None = None,
    size: int = PAGE,
) -> Page:
    """What happened to a device and to the units whose place it took, newest first, as `Happened`.

    Each kind as far as `person` may see its records. Two statements for a page, whatever there is.
    """
    ids = chain(session, device)
    arms = [ARMS[kind](person, ids).add_columns(sa.literal(kind.value).label("what")) for kind in _wanted(what)]
    rows = sa.union_all(*(_ranked(arm, rank) for rank, arm in enumerate(arms, 1))).subquery()
    columns = (rows.c.what, rows.c.at, *(rows.c[name] for name in NAMES))
    listing = Listing(columns=columns, source=rows, key=rows.c.at, id=rows.c.n)
    found = page(session, listing, [sa.true()], cursor=cursor, size=size)
    lines = [Happened(What(kind), at, *texts) for kind, at, *texts in found.rows]
    return Page(lines, found.next, found.previous)


def chain(session: Session, device: Device) -> list[int]:
    """The ids of a device and of the units before it, newest first."""
    ids, earlier = [device.id], device.replaces_id
    while earlier is not None and earlier not in ids:
        ids.append(earlier)
        earlier = only(session, sa.select(Device.replaces_id).where(Device.id == earlier))
    return ids


NAMES = ("number", "key", "request", "text", "detail", "state", "who")


def _wanted(what: What | None) -> list[What]:
    return [what] if what else list(What)


def _ranked(arm: sa.Select, rank: int) -> sa.Select:
    """With a number of its own among all kinds: records of two tables may share their id."""
    inner = arm.subquery()
    columns = (inner.c.what, inner.c.at, *(sa.cast(inner.c[name], sa.Text).label(name) for name in NAMES))
    return sa.select(*columns, (inner.c.id * 16 + rank).label("n"))


def _arm(at: Any, row_id: Any, **texts: Any) -> sa.Select:
    named = [texts.get(name, NOTHING).label(name) for name in NAMES]
    return sa.select(at.label("at"), row_id.label("id"), *named)


def _requests(person: Person, ids: Sequence[int]) -> sa.Select:
    R = ServiceRequest
    arm = _arm(R.reported_at, R.id, number=R.number, key=R.number, request=R.number, text=R.symptom, state=R.state)
    return arm.where(R.device_id.in_(ids), visible_to(person, R, P.REQUEST_SEE))


def _visits(person: Person, ids: Sequence[int]) -> sa.Select:
    """With what was done once the report is signed: before that it is not released."""
    O, R = WorkOrder, ServiceRequest  # noqa: E741
    done = sa.case((O.state == OrderState.DONE, O.repair_process), else_="")
    at = sa.func.coalesce(O.finished_at, O.dispatched_at, type_=O.dispatched_at.type)
    arm = _arm(at, O.id, number=O.number, key=O.number, request=R.number, text=done, state=O.state, who=Account.name)
    arm = arm.select_from(O).join(R, R.id == O.request_id).join(Account, Account.id == O.technician_id)
    return arm.where(R.device_id.in_(ids), visible_to(person, R, P.REQUEST_SEE))


def _plans(person: Person, ids: Sequence[int]) -> sa.Select:
    O, R, L = WorkOrder, ServiceRequest, RepairPlan  # noqa: E741
    arm = _arm(L.offered_at, L.id, number=O.number, key=O.number, request=R.number, text=L.steps, state=L.state)
    arm = arm.select_from(L).join(O, O.id == L.order_id).join(R, R.id == O.request_id)
    return arm.where(R.device_id.in_(ids), L.offered_at.is_not(None), visible_to(person, L, P.PLAN_SEE))


def _parts(person: Person, ids: Sequence[int]) -> sa.Select:
    """Of finished work."""
    O, R, U = WorkOrder, ServiceRequest, PartUsed  # noqa: E741
    put_in = sa.case((U.serial_in != "", U.serial_in), else_=U.lot_in)
    names = {"number": U.part_number, "key": O.number, "request": R.number, "text": U.name}
    arm = _arm(O.finished_at, U.id, **names, detail=put_in, state=U.serial_out, who=NOTHING)
    arm = arm.select_from(U).join(O, O.id == U.order_id).join(R, R.id == O.request_id)
    return arm.where(U.device_id.in_(ids), O.state == OrderState.DONE, visible_to(person, R, P.REQUEST_SEE))


def _papers(person: Person, ids: Sequence[int]) -> sa.Select:
    D = Document
    orders = sa.select(WorkOrder.id).join(ServiceRequest).where(ServiceRequest.device_id.in_(ids))
    about = sa.or_(
        sa.and_(D.root_kind == WorkOrder.__tablename__, D.root_id.in_(orders)),
        sa.and_(D.root_kind == Device.__tablename__, D.root_id.in_(ids)),
    )
    arm = _arm(D.issued_at, D.id, number=D.number, key=D.uid, text=D.kind, state=D.state)
    return arm.where(about, D.issued_at.is_not(None), D.number.is_not(None), visible_to(person, D, P.DOCUMENT_SEE))


def _use(person: Person, ids: Sequence[int]) -> sa.Select:
    """Who sees the device sees these: its hospital was told each of them."""
    E = AuditEntry
    arm = _arm(E.occurred_at, E.id, number=IDENTITY, key=Device.number, text=E.text, detail=E.verb)
    arm = arm.select_from(E).join(Device, Device.id == E.root_id)
    return arm.where(E.root_kind == Device.__tablename__, E.root_id.in_(ids), E.verb.in_(ACTS))


def _complaints(person: Person, ids: Sequence[int]) -> sa.Select:
    C = Complaint
    arm = _arm(C.opened_at, C.id, number=C.number, key=C.uid, text=C.content, state=C.state)
    return arm.where(C.device_id.in_(ids), visible_to(person, C, P.COMPLAINT_SEE))


ARMS: dict[What, Callable[[Person, Sequence[int]], sa.Select]] = {
    What.REQUEST: _requests,
    What.VISIT: _visits,
    What.PLAN: _plans,
    What.PART: _parts,
    What.PAPER: _papers,
    What.USE: _use,
    What.COMPLAINT: _complaints,
}
"""How each kind is found: its time, its id, and the texts of NAMES."""
