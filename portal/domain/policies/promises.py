"""Promised times of one case: what can be done to a clock, and what time does to it.

A promise may not count: a special case before it breaks, an annulment after it broke. Both are asked for by one
person with a reason code and decided by another. A time set by law always counts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core import deadlines
from portal.core.deadlines import Clock, ClockState, Step, Terms
from portal.core.errors import Message, NotValid
from portal.core.locks import lock
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import ANY, Act, Lifecycle, Verb
from portal.domain.permissions import P
from portal.domain.policies import notices
from portal.domain.policies.vocabulary import CAUSES, CODES

S = ClockState
COUNTING = (S.RUNNING, S.PAUSED, S.BREACHED)


def not_set_by_law(act: Act) -> Message | None:
    """Nobody is let off what the law sets (SLA-7)."""
    return Message("A time set by law always counts.") if act.record.regulatory else None


def nothing_asked(act: Act) -> Message | None:
    if act.record.plea_at is not None and act.record.plea_decided_at is None:
        return Message("Somebody has asked for this already; it waits for a decision.")
    return None


def asked_by_another(act: Act) -> Message | None:
    """Who asks does not decide."""
    if act.record.plea_at is None or act.record.plea_decided_at is not None:
        return Message("Nobody has asked for this.")
    if act.actor.id is not None and act.actor.id == act.record.plea_by_id:
        return Message("Whoever asks for it cannot decide it: it needs a second person.")
    return None


def tell_deciders(act: Act) -> None:
    notices.plea_made(act)


def tell_asker(act: Act) -> None:
    notices.plea_decided(act)


WARN = Verb("warn", on=(S.RUNNING, S.BREACHED), permission=P.CLOCK_KEEP, label=Message("Warn"))
BREAK = Verb("break", on=(S.RUNNING,), to=S.BREACHED, permission=P.CLOCK_KEEP, label=Message("Note as broken"))
RECOUNT = Verb("reapply", on=(S.RUNNING, S.PAUSED), permission=P.CLOCK_KEEP, label=Message("Count anew"))
EXPLAIN = Verb(
    "explain",
    on=(S.BREACHED,),
    permission=P.CLOCK_ACCOUNT,
    label=Message("Give the cause"),
    asks_reason=True,
)
PLEAD = Verb(
    "plead",
    on=COUNTING,
    permission=P.CLOCK_ACCOUNT,
    label=Message("Ask that it does not count"),
    asks_reason=True,
    needs=(not_set_by_law, nothing_asked),
    effects=(tell_deciders,),
)
ANNUL = Verb(
    "annul",
    on=COUNTING,
    to=S.ANNULLED,
    permission=P.CLOCK_ANNUL,
    label=Message("It does not count"),
    needs=(not_set_by_law, asked_by_another),
    effects=(tell_asker,),
)
UPHOLD = Verb(
    "uphold",
    on=ANY,
    permission=P.CLOCK_ANNUL,
    label=Message("It counts"),
    asks_reason=True,
    needs=(asked_by_another,),
    effects=(tell_asker,),
)
CLOCK_LIFECYCLE = Lifecycle(Clock, ClockState, [WARN, BREAK, RECOUNT, EXPLAIN, PLEAD, ANNUL, UPHOLD])


def fire(session: Session, clock_id: int, at: datetime) -> Step | None:
    """Tell what has come by `at` for one clock, once: whoever comes second finds nothing to do.

    After a time when nobody looked, only the highest step is told.
    """
    clock = session.get_one(Clock, clock_id)
    lock(session, clock)
    step = deadlines.reached(clock, at)
    if step is None:
        return None
    breaks = step.percent >= 100 and clock.state is S.RUNNING
    act = perform(session, BREAK if breaks else WARN, clock, SYSTEM, lambda act: deadlines.tell(clock, step))
    notices.clock_step(act, step)
    return step


def recount(session: Session, clock: Clock, terms: Terms | None) -> Act | None:
    """Count an open clock anew by new terms, or end it where the promise is no longer made. None if nothing changes."""
    if terms is None:
        return perform(session, RECOUNT, clock, SYSTEM, lambda act: deadlines.cancel(clock, "not_promised", time.now()))
    if not deadlines.differs(clock, terms):
        return None
    return perform(session, RECOUNT, clock, SYSTEM, lambda act: deadlines.retime(clock, terms))


def begin_beside(session: Session, clock: Clock, root: Any, wanted: Sequence[tuple[Terms, str, datetime]]) -> Act:
    """Start what is newly promised to the case of an open clock: (terms, event, when it happened)."""

    def change(act: Act) -> None:
        for terms, event, at in wanted:
            deadlines.start(session, root, terms, event, at)

    return perform(session, RECOUNT, clock, SYSTEM, change)


def explain(session: Session, clock: Clock, person: Person, code: str, reason: str) -> Act:
    """Put the cause of a breach on record."""
    _known(code, CAUSES)

    def change(act: Act) -> None:
        clock.breach_code, clock.breach_reason = code, act.reason

    return perform(session, EXPLAIN, clock, person, change, reason=reason)


def plead(session: Session, clock: Clock, person: Person, code: str, reason: str) -> Act:
    """Ask that a promise does not count; another person decides."""
    _known(code, CODES)

    def change(act: Act) -> None:
        clock.plea_code, clock.plea_reason = code, act.reason
        clock.plea_by_id, clock.plea_at = person.id, act.at
        clock.plea_decided_by_id = clock.plea_decided_at = None

    return perform(session, PLEAD, clock, person, change, reason=reason)


def annul(session: Session, clock: Clock, person: Person) -> Act:
    """Decide that the promise does not count."""

    def change(act: Act) -> None:
        _decided(act)
        clock.settled_at, clock.next_event_at = act.at, None

    return perform(session, ANNUL, clock, person, change)


def uphold(session: Session, clock: Clock, person: Person, reason: str) -> Act:
    """Decide that the promise counts all the same."""
    return perform(session, UPHOLD, clock, person, _decided, reason=reason)


def _decided(act: Act) -> None:
    act.record.plea_decided_by_id, act.record.plea_decided_at = act.actor.id, act.at


def decision(clock: Clock) -> Message:
    """What was decided about a plea, by the name of its verb."""
    return ANNUL.label if clock.state is S.ANNULLED else UPHOLD.label


def _known(code: str, codes: dict[str, Any]) -> None:
    if code not in codes:
        raise NotValid(code=Message("Choose a reason from the list."))


def happened(clocks: Sequence[Clock], event: str, at: datetime) -> None:
    """Within an act: the event keeps what it was promised for, and ends what is not needed after it."""
    for clock in clocks:
        if event in clock.stops_on:
            deadlines.stop(clock, event, at)
        elif event in clock.ends_on:
            deadlines.cancel(clock, event, at)


def of(session: Session, root_kind: str, root_id: int) -> list[Clock]:
    """All clocks of a record, in the order in which they started, with calendars and pauses."""
    mine = sa.select(Clock).where(Clock.root_kind == root_kind, Clock.root_id == root_id)
    mine = mine.options(sa.orm.joinedload(Clock.calendar)).order_by(Clock.started_at, Clock.id)
    return list(session.scalars(mine))
