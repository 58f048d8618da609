"""Lists of promised times: what is overdue and soon due, and the policies with their versions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core import clock
from portal.core.deadlines import Clock, ClockState
from portal.core.deadlines.models import BROKEN_WITHOUT_CAUSE, TO_DECIDE
from portal.core.errors import Message, NotYours
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms, visible_to
from portal.domain.accounts.models import Account
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServicePolicy, Waiting, WaitingState, WorkCalendar

C = Clock.__table__
_technician = sa.orm.aliased(Account.__table__)

PROMISES = Listing(
    columns=(
        C.c.uid,
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
"""uid, root number, clock, unit, amount, state, due_at, organisation, technician; the earliest due first."""

SOON = timedelta(hours=24)


class Pressing(StrEnum):
    """Which promises a list shows."""

    OVERDUE = "overdue"
    SOON = "soon"
    PAUSED = "paused"
    ALL = "all"
    NO_CAUSE = "no_cause"
    TO_DECIDE = "to_decide"

    @property
    def label(self) -> Message:
        return _PRESSING[self]


_PRESSING = {
    Pressing.OVERDUE: Message("Overdue"),
    Pressing.SOON: Message("Due within 24 hours"),
    Pressing.PAUSED: Message("Paused"),
    Pressing.ALL: Message("All open"),
    Pressing.NO_CAUSE: Message("Broken, cause not given"),
    Pressing.TO_DECIDE: Message("To decide whether it counts"),
}


def pressing_clocks(
    session: Session,
    person: Person,
    pressing: Pressing,
    *,
    organisation_id: int | None = None,
    cursor: str | None = None,
    size: int = 25,
) -> Page:
    """Promises that `person` may see and that press in this way; rows as PROMISES says."""
    conditions = pressed_by(pressing)
    if organisation_id is not None:
        conditions.append(C.c.organisation_id == organisation_id)
    return page(session, PROMISES, arms(person, Clock, P.CLOCK_SEE), conditions, cursor, size)


def pressed_by(pressing: Pressing) -> list[sa.ColumnElement[bool]]:
    """What makes a clock one of those, each with an index of its own."""
    now, still_open = clock.now(), C.c.settled_at.is_(None)
    match pressing:
        case Pressing.OVERDUE:
            return [still_open, C.c.due_at < now, C.c.state != ClockState.PAUSED]
        case Pressing.SOON:
            return [still_open, C.c.state == ClockState.RUNNING, C.c.due_at >= now, C.c.due_at < now + SOON]
        case Pressing.PAUSED:
            return [still_open, C.c.state == ClockState.PAUSED]
        case Pressing.NO_CAUSE:
            return [BROKEN_WITHOUT_CAUSE, C.c.state == ClockState.BREACHED]
        case Pressing.TO_DECIDE:
            return [TO_DECIDE]
    return [still_open]


def cases(root_kind: str, pressing: Pressing) -> sa.Select[tuple[int]]:
    """Ids of the records of this kind with a promise that presses so: to be used as a set in a condition."""
    return sa.select(C.c.root_id).where(C.c.root_kind == root_kind, *pressed_by(pressing))


class Soonest(NamedTuple):
    """The promise of a case that presses most: an overdue one, else the next due, else one that is paused."""

    name: str
    state: ClockState
    due_at: datetime

    @property
    def overdue(self) -> bool:
        return self.state is not ClockState.PAUSED and self.due_at < clock.now()

    @property
    def soon(self) -> bool:
        return self.state is ClockState.RUNNING and not self.overdue and self.due_at < clock.now() + SOON


def soonest(session: Session, model: Any, numbers: Iterable[str]) -> dict[str, Soonest]:
    """Number → what presses most, for those cases (`model`, which is numbered) with a promise still open.

    Whoever sees a case sees its promises: ask for numbers that the reader was shown.
    """
    numbers = list(numbers)
    if not numbers:
        return {}
    cases = sa.select(model.id).where(model.number.in_(numbers))
    open_ones = sa.select(C.c.root_number, C.c.name, C.c.state, C.c.due_at).where(
        C.c.root_kind == model.__tablename__, C.c.root_id.in_(cases), C.c.settled_at.is_(None)
    )
    found: dict[str, Soonest] = {}
    for number, *facts in session.execute(open_ones):
        own = Soonest(*facts)
        if number not in found or _order(own) < _order(found[number]):
            found[number] = own
    return found


def _order(one: Soonest) -> tuple[bool, datetime]:
    return one.state is ClockState.PAUSED, one.due_at


class OfCase(NamedTuple):
    """What is promised about a case, in the order in which it was started, and what the case waits for now."""

    clocks: list[Clock]
    waitings: list[Waiting]


def of_case(session: Session, case: Any) -> OfCase:
    """All clocks of a record with their calendars and pauses, and its open waitings, in one statement."""
    model, kind = type(case), case.__tablename__
    waits = sa.and_(Waiting.root_kind == kind, Waiting.root_id == model.id, Waiting.state == WaitingState.OPEN)
    statement = (
        sa.select(Clock, Waiting)
        .select_from(model)
        .outerjoin(Clock, sa.and_(Clock.root_kind == kind, Clock.root_id == model.id))
        .outerjoin(Waiting, waits)
        .where(model.id == case.id)
        .options(joinedload(Clock.calendar), joinedload(Clock.pauses), joinedload(Waiting.reason))
    )
    rows = session.execute(statement).unique().all()
    clocks = {row[0].id: row[0] for row in rows if row[0] is not None}
    waitings = {row[1].id: row[1] for row in rows if row[1] is not None}
    in_order = sorted(clocks.values(), key=lambda one: (one.started_at, one.id))
    return OfCase(in_order, [waitings[key] for key in sorted(waitings)])


class RuleOf(NamedTuple):
    """Where a promise comes from: the rule, its version, the policy, and whose calendar it is counted by."""

    rule: PolicyRule
    version: PolicyVersion
    policy: ServicePolicy
    calendar: WorkCalendar


def rule_of(session: Session, one: Clock) -> RuleOf:
    """The rule of a clock, in the version by which it was started or last counted."""
    statement = (
        sa.select(PolicyRule, PolicyVersion, ServicePolicy, WorkCalendar)
        .join(PolicyVersion, PolicyVersion.id == PolicyRule.version_id)
        .join(ServicePolicy, ServicePolicy.id == PolicyVersion.policy_id)
        .join(WorkCalendar, WorkCalendar.id == one.calendar.calendar_id)
        .where(PolicyRule.id == one.rule_id)
        .options(sa.orm.lazyload(PolicyVersion.rules))
    )
    return RuleOf(*session.execute(statement).one())


def pausing(session: Session, one: Clock) -> dict[int, Waiting]:
    """Waiting id → the waiting, of all that ever paused the clock."""
    ids = [pause.waiting_id for pause in one.pauses]
    return {row.id: row for row in session.scalars(sa.select(Waiting).where(Waiting.id.in_(ids)))} if ids else {}


def named_policies(session: Session) -> list[ServicePolicy]:
    """All policies without their versions, for choosing one."""
    return list(session.scalars(sa.select(ServicePolicy).order_by(ServicePolicy.id)))


def technician(session: Session, person: Person, uid: str) -> Account:
    """The account `uid` if the reader may see a promise that it was assigned to. Raises NotYours."""
    theirs = sa.select(C.c.id).where(C.c.technician_id == Account.id, visible_to(person, Clock, P.CLOCK_SEE))
    found = session.scalars(sa.select(Account).where(Account.uid == uid, theirs.exists())).one_or_none()
    if found is None:
        raise NotYours()
    return found


def policies(session: Session) -> list[ServicePolicy]:
    """All policies with their versions, in the order in which they were made."""
    found = sa.select(ServicePolicy).options(selectinload(ServicePolicy.versions)).order_by(ServicePolicy.id)
    return list(session.scalars(found))
