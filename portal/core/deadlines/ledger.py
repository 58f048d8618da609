"""What can happen to clocks. Every function is called inside an act and changes only rows that are still open.

What happened counts by when it happened, not by when we heard of it: a clock that the tick found overdue is met after
all when word comes that it was stopped in time. Pauses that are entered after the breach do not undo it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core import clock as time
from portal.core.deadlines.models import CalendarVersion, Clock, ClockPause, ClockState
from portal.core.working_time import Pause, Unit, due, elapsed, to_second

COPIED = ("organisation_id", "site_id", "dealer_id", "centre_id", "technician_id")


class Step(NamedTuple):
    """At `percent` of the promised time, these are told: roles, or "technician" for whoever is assigned."""

    percent: int
    tells: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """What is promised, by which rule in which version. `amount`: seconds for hours, days for days."""

    name: str
    unit: Unit
    amount: int
    calendar: CalendarVersion
    steps: tuple[Step, ...]
    stops_on: tuple[str, ...]
    ends_on: tuple[str, ...]
    policy_id: int
    rule_id: int
    rule_version: int
    pausable: bool = True
    regulatory: bool = False


def start(session: Session, root: Any, terms: Terms, event: str, at: datetime) -> Clock:
    """Start a clock of `root` (numbered, with the columns of COPIED) at the aware time `at`."""
    clock = Clock(
        root_kind=root.__tablename__,
        root_id=root.id,
        root_number=root.number,
        **{name: getattr(root, name) for name in COPIED},
        state=ClockState.RUNNING,
        start_event=event,
        started_at=to_second(at),
        stop_event="",
        fired=0,
        pauses=[],
        **_pinned(terms),
    )
    _time(clock)
    session.add(clock)
    return clock


def _pinned(terms: Terms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "unit": terms.unit,
        "amount": terms.amount,
        "calendar": terms.calendar,
        "steps": [[step.percent, list(step.tells)] for step in terms.steps],
        "stops_on": list(terms.stops_on),
        "ends_on": list(terms.ends_on),
        "policy_id": terms.policy_id,
        "rule_id": terms.rule_id,
        "rule_version": terms.rule_version,
        "pausable": terms.pausable,
        "regulatory": terms.regulatory,
    }


def forecast(terms: Terms, at: datetime) -> tuple[datetime, list[tuple[Step, datetime]]]:
    """When a clock with these terms would be due, and when each step would come, if it started at the aware `at`."""
    working_time, at = terms.calendar.working_time, to_second(at)

    def moment(percent: int) -> datetime:
        return due(working_time, terms.unit, Fraction(terms.amount * percent, 100), at)

    return moment(100), [(step, moment(step.percent)) for step in terms.steps]


def open_clocks(session: Session, root_kind: str, root_id: int) -> list[Clock]:
    """The clocks of a record that are still open, locked, with their calendars, in order of making."""
    mine = sa.select(Clock).where(Clock.root_kind == root_kind, Clock.root_id == root_id, Clock.settled_at.is_(None))
    mine = mine.options(joinedload(Clock.calendar, innerjoin=True)).order_by(Clock.id).with_for_update(of=Clock)
    return list(session.scalars(mine.execution_options(populate_existing=True)))


def stop(clock: Clock, event: str, at: datetime) -> None:
    """What was promised was done at `at`: the clock is met or breached for good."""
    if not clock.open:
        return
    at = max(to_second(at), clock.started_at)
    _end_pauses(clock, at)
    _time(clock)
    clock.stop_event, clock.stopped_at = event, at
    clock.elapsed = elapsed(clock.calendar.working_time, clock.unit, clock.started_at, at, clock.standstill)
    _settle(clock, ClockState.MET if at <= clock.due_at else ClockState.BREACHED)


def cancel(clock: Clock, event: str, at: datetime) -> None:
    """What was promised is not needed from `at` on; a promise that was broken before then stays broken."""
    if not clock.open:
        return
    at = max(to_second(at), clock.started_at)
    _end_pauses(clock, at)
    _time(clock)
    clock.stop_event = event
    overdue = clock.state is ClockState.BREACHED or at > clock.due_at
    _settle(clock, ClockState.BREACHED if overdue else ClockState.CANCELLED)


def _settle(clock: Clock, state: ClockState) -> None:
    clock.state = state
    clock.breached_at = clock.due_at if state is ClockState.BREACHED else None
    clock.settled_at = time.now()
    clock.next_event_at = None


def pause(clock: Clock, waiting_id: int, reason: str, evidence: str, began_at: datetime) -> bool:
    """Let the clock stand still from `began_at` on; False for one that must not, or is overdue already."""
    if not clock.open or not clock.pausable or clock.regulatory or clock.state is ClockState.BREACHED:
        return False
    began_at = max(to_second(began_at), clock.started_at)
    if clock.state is ClockState.RUNNING and began_at >= clock.due_at:
        return False
    clock.pauses.append(ClockPause(waiting_id=waiting_id, reason=reason, evidence=evidence, began_at=began_at))
    _time(clock)
    return True


def resume(clock: Clock, waiting_id: int, ended_at: datetime, began_at: datetime | None = None) -> None:
    """End what this waiting paused at `ended_at`, or correct both ends of it."""
    if not clock.open:
        return
    for own in (row for row in clock.pauses if row.waiting_id == waiting_id):
        if began_at is not None:
            own.began_at = max(to_second(began_at), clock.started_at)
        own.ended_at = max(to_second(ended_at), own.began_at)
    if clock.state is not ClockState.BREACHED:
        _time(clock)


def _end_pauses(clock: Clock, at: datetime) -> None:
    for row in clock.pauses:
        if row.ended_at is None or row.ended_at > at:
            row.ended_at = max(at, row.began_at)


def differs(clock: Clock, terms: Terms) -> bool:
    """Whether these terms promise something else, or by another rule, than the clock carries."""
    return any(getattr(clock, name) != value for name, value in _pinned(terms).items())


def retime(clock: Clock, terms: Terms) -> None:
    """Give an open clock new terms and count again from its start with its pauses. A broken promise stays as made."""
    if not clock.open or clock.state is ClockState.BREACHED:
        return
    new = _pinned(terms)
    if any(getattr(clock, name) != new[name] for name in COUNTED):
        clock.fired = 0
    for name, value in new.items():
        setattr(clock, name, value)
    _time(clock)


COUNTED = ("unit", "amount", "calendar", "steps")


def _time(clock: Clock) -> None:
    """When it is due and when its next step comes; paused or running follows from its pauses.

    An overdue clock keeps its due time: only its further steps are found.
    """
    standing = clock.open_pause is not None
    if clock.state is not ClockState.BREACHED:
        clock.state = ClockState.PAUSED if standing else ClockState.RUNNING
        clock.due_at = _moment(clock, 100, _until_now(clock)) or clock.due_at
    clock.next_event_at = None if standing else _next_step(clock)


def _until_now(clock: Clock) -> list[Pause]:
    """The pauses as if the one that still lasts ended now."""
    now = to_second(time.now())
    return [Pause(pause.start, pause.end or max(now, pause.start)) for pause in clock.standstill]


def _moment(clock: Clock, percent: int, pauses: Sequence[Pause]) -> datetime | None:
    share = Fraction(clock.amount * percent, 100)
    return due(clock.calendar.working_time, clock.unit, share, clock.started_at, pauses)


def _next_step(clock: Clock) -> datetime | None:
    following = min((percent for percent, _ in clock.steps if percent > clock.fired), default=None)
    return None if following is None else _moment(clock, following, clock.standstill)


def reached(clock: Clock, at: datetime) -> Step | None:
    """The highest step that has come by `at` and was not told yet; None when the next one is still to come."""
    if clock.next_event_at is None or clock.next_event_at > at:
        return None
    first, *later = sorted((step for step in clock.steps if step[0] > clock.fired), key=lambda step: step[0])
    found = first
    for step in later:
        moment = _moment(clock, step[0], clock.standstill)
        if moment is None or moment > at:
            break
        found = step
    return Step(found[0], tuple(found[1]))


def tell(clock: Clock, step: Step) -> None:
    """Note that the step was told; at 100 % the promise is broken. Earlier steps that were missed stay untold."""
    clock.fired = step.percent
    if step.percent >= 100 and clock.breached_at is None:
        clock.state, clock.breached_at = ClockState.BREACHED, clock.due_at
    clock.next_event_at = _next_step(clock)


def next_due(session: Session, at: datetime, limit: int = 100) -> list[int]:
    """Ids of the clocks whose next step has come, the longest overdue first."""
    came = sa.select(Clock.id).where(Clock.next_event_at.is_not(None), Clock.next_event_at <= at)
    return list(session.scalars(came.order_by(Clock.next_event_at, Clock.id).limit(limit)))
