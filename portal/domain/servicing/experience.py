"""What helped before: causes, actions and parts of finished orders on the same model, and how often (RPR-10).

Read from the newest orders alone, so that the question costs the same in a house of ten years. Hospitals and people are
never named; what was typed freely is shown only to who may see the order that it stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.core.db import Text2
from portal.core.permissions import Person, visible_to
from portal.core.search import pieces, plain, squeezed
from portal.domain.devices.models import Device
from portal.domain.faultcodes.models import FaultCode
from portal.domain.permissions import P
from portal.domain.servicing.models import PartUsed, ServiceRequest, WorkOrder
from portal.domain.servicing.words import OrderState

NEWEST = 300
"""Finished orders of a model that are looked at."""
FEW = 6


@dataclass(frozen=True)
class Code:
    """A code as it is shown and chosen."""

    uid: str
    code: str
    name: Text2


@dataclass
class Helped:
    """One cause with what was done about it: in how many orders, when last, with which parts.

    Uncoded work is told by the words of its newest order: `cause` and `process`.
    """

    cause_code: Code | None
    action_code: Code | None
    cause: str
    process: str
    times: int = 0
    last: datetime | None = None
    parts: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class LikelyPart:
    """A part that this model has needed: in how many finished orders, and when last."""

    part_number: str
    name: str
    times: int
    last: datetime


def helped_before(
    session: Session,
    person: Person,
    product_id: int,
    *,
    symptom_code_id: int | None = None,
    words: str = "",
    size: int = FEW,
) -> list[Helped]:
    """What helped on this model, the most frequent first; one statement.

    `symptom_code_id`: with this symptom alone. `words`: in orders whose texts hold all of them.
    """
    groups: dict[tuple, Helped] = {}
    counted: set[int] = set()
    wanted = pieces(words)
    for row in session.execute(_experience(person, product_id, symptom_code_id)):
        if not _holds(row, wanted) or not (row.is_coded or row.is_mine):
            continue
        group = groups.setdefault(_key(row), _begun(row))
        if row.id not in counted:
            counted.add(row.id)
            group.times += 1
            group.last = max(filter(None, (group.last, row.finished_at)))
        if row.part_name:
            part = (row.part_number, row.part_name)
            group.parts[part] = group.parts.get(part, 0) + 1
    return sorted(groups.values(), key=lambda each: (each.times, each.last), reverse=True)[:size]


def likely_parts(
    session: Session, product_id: int, symptom_code: FaultCode | None = None, size: int = 8
) -> list[LikelyPart]:
    """The parts that finished orders on this model used, the most frequent first: what to take along (DSP-3).

    With `symptom_code`, of orders with that symptom alone. One statement.
    """
    newest = _newest(product_id, symptom_code.id if symptom_code else None).subquery()
    times = sa.func.count(sa.distinct(newest.c.id))
    last = sa.func.max(newest.c.finished_at)
    statement = sa.select(PartUsed.part_number, PartUsed.name, times, last).join(
        newest, newest.c.id == PartUsed.order_id
    )
    statement = statement.group_by(PartUsed.part_number, PartUsed.name).order_by(times.desc(), last.desc())
    return [LikelyPart(*row) for row in session.execute(statement.limit(size))]


def _newest(product_id: int, symptom_code_id: int | None) -> sa.Select:
    """The newest finished orders on a model: id and finished_at."""
    found = sa.select(WorkOrder.id, WorkOrder.finished_at).join(WorkOrder.request).join(ServiceRequest.device)
    found = found.where(Device.product_id == product_id, WorkOrder.state == OrderState.DONE)
    if symptom_code_id is not None:
        found = found.where(WorkOrder.symptom_code_id == symptom_code_id)
    return found.order_by(WorkOrder.finished_at.desc(), WorkOrder.id.desc()).limit(NEWEST)


def _experience(person: Person, product_id: int, symptom_code_id: int | None) -> sa.Select:
    """The newest orders with their codes, one row for each part."""
    newest = _newest(product_id, symptom_code_id).subquery()
    cause, action = aliased(FaultCode), aliased(FaultCode)
    coded = sa.and_(WorkOrder.cause_code_id.is_not(None), WorkOrder.action_code_id.is_not(None))
    columns: Sequence[Any] = (
        *(WorkOrder.id, WorkOrder.finished_at, WorkOrder.fault_symptom, WorkOrder.fault_cause),
        *(WorkOrder.repair_process, coded.label("is_coded")),
        visible_to(person, WorkOrder, P.ORDER_SEE).label("is_mine"),
        *(cause.uid.label("cause_uid"), cause.code.label("cause_code"), cause.name.label("cause_name")),
        *(action.uid.label("action_uid"), action.code.label("action_code"), action.name.label("action_name")),
        *(PartUsed.part_number, PartUsed.name.label("part_name")),
    )
    statement = sa.select(*columns).join(newest, newest.c.id == WorkOrder.id)
    statement = statement.outerjoin(cause, cause.id == WorkOrder.cause_code_id)
    statement = statement.outerjoin(action, action.id == WorkOrder.action_code_id)
    statement = statement.outerjoin(PartUsed, PartUsed.order_id == WorkOrder.id)
    return statement.order_by(WorkOrder.finished_at.desc(), WorkOrder.id.desc(), PartUsed.position)


def _holds(row: Any, wanted: Sequence[str]) -> bool:
    text = squeezed(" ".join((row.fault_symptom, row.fault_cause, row.repair_process))) if wanted else ""
    return all(piece in text for piece in wanted)


def _key(row: Any) -> tuple:
    """Coded work by its two codes, other work by the words of its cause."""
    return (row.cause_uid, row.action_uid) if row.is_coded else ("", " ".join(plain(row.fault_cause).split()))


def _begun(row: Any) -> Helped:
    if row.is_coded:
        cause = Code(row.cause_uid, row.cause_code, row.cause_name)
        action = Code(row.action_uid, row.action_code, row.action_name)
        texts = (row.fault_cause, row.repair_process) if row.is_mine else ("", "")
        return Helped(cause, action, *texts)
    return Helped(None, None, row.fault_cause, row.repair_process)
