"""Lists of promised times: what is overdue and soon due, and the policies with their versions."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.core import clock
from portal.core.deadlines import Clock, ClockState
from portal.core.errors import Message
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.accounts.models import Account
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.policies.models import ServicePolicy

C = Clock.__table__
_technician = sa.orm.aliased(Account.__table__)

OPEN_CLOCKS = Listing(
    columns=(
        C.c.root_number,
        C.c.name,
        C.c.unit,
        C.c.amount,
        C.c.state,
        C.c.due_at,
        Organisation.__table__.c.name,
        _technician.c.name,
    ),
    source=C.join(Organisation.__table__, Organisation.__table__.c.id == C.c.organisation_id).outerjoin(
        _technician, _technician.c.id == C.c.technician_id
    ),
    key=C.c.due_at,
    id=C.c.id,
    newest_first=False,
)
"""root number, clock, unit, amount, state, due_at, organisation name, technician's name; the earliest due first."""

SOON = timedelta(hours=24)


class Pressing(StrEnum):
    """Which open promises a list shows."""

    OVERDUE = "overdue"
    SOON = "soon"
    PAUSED = "paused"
    ALL = "all"

    @property
    def label(self) -> Message:
        return _PRESSING[self]


_PRESSING = {
    Pressing.OVERDUE: Message("Overdue"),
    Pressing.SOON: Message("Due within 24 hours"),
    Pressing.PAUSED: Message("Paused"),
    Pressing.ALL: Message("All open"),
}


def open_clocks(
    session: Session, person: Person, pressing: Pressing, *, cursor: str | None = None, size: int = 25
) -> Page:
    """Open promises that `person` may see; rows as OPEN_CLOCKS says."""
    conditions = [C.c.settled_at.is_(None), *_pressing(pressing)]
    return page(session, OPEN_CLOCKS, arms(person, Clock, P.CLOCK_SEE), conditions, cursor, size)


def _pressing(pressing: Pressing) -> Sequence[sa.ColumnElement[bool]]:
    now = clock.now()
    running = C.c.state == ClockState.RUNNING
    match pressing:
        case Pressing.OVERDUE:
            return [C.c.due_at < now, C.c.state != ClockState.PAUSED]
        case Pressing.SOON:
            return [running, C.c.due_at >= now, C.c.due_at < now + SOON]
        case Pressing.PAUSED:
            return [C.c.state == ClockState.PAUSED]
    return []


def policies(session: Session) -> list[ServicePolicy]:
    """All policies with their versions, in the order in which they were made."""
    found = sa.select(ServicePolicy).options(selectinload(ServicePolicy.versions)).order_by(ServicePolicy.id)
    return list(session.scalars(found))
