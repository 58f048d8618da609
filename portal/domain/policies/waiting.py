"""What cases wait for: a pause with a reason, somebody who is chased, and what happens by hand.

A waiting stops the clocks of its case where its reason says so. It never undoes a breach.
"""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import deadlines
from portal.core.deadlines import CalendarVersion
from portal.core.errors import Message, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb, setting
from portal.core.working_time import ONE_DAY
from portal.domain.permissions import P
from portal.domain.policies import calendars, notices
from portal.domain.policies.models import Milestone, Waiting, WaitingReason, WaitingState
from portal.domain.policies.vocabulary import NOTED_BY_HAND, RECORDED_BY_HAND

S = WaitingState
OF_THE_CASE = ("organisation_id", "site_id", "dealer_id", "centre_id", "technician_id")

ADD_REASON = Verb("add", on=NEW, permission=P.POLICY_EDIT, label=Message("Add waiting reason"))
EDIT_REASON = Verb("edit", on=ANY, permission=P.POLICY_EDIT, label=Message("Edit waiting reason"), edits="rule")
REASON_LIFECYCLE = Lifecycle(WaitingReason, None, [ADD_REASON, EDIT_REASON])

BEGIN = Verb("begin", on=NEW, to=S.OPEN, permission=P.CLOCK_PAUSE, label=Message("Wait"), claims=True)
END = Verb("end", on=(S.OPEN,), to=S.OVER, permission=P.CLOCK_PAUSE, label=Message("No longer waiting"), claims=True)
CORRECT = Verb(
    "correct", on=(S.OVER,), permission=P.CLOCK_CORRECT, label=Message("Correct the waiting"), asks_reason=True
)
REMIND = Verb("remind", on=(S.OPEN,), permission=P.CLOCK_KEEP, label=Message("Remind"))
POSTPONE = Verb("postpone", on=(S.OPEN,), permission=P.CLOCK_KEEP, label=Message("Remind later"))
WAITING_LIFECYCLE = Lifecycle(Waiting, WaitingState, [BEGIN, END, CORRECT, REMIND, POSTPONE])

RECORD = Verb("record", on=NEW, permission=P.CLOCK_PAUSE, label=Message("Record what happened"), claims=True)
NOTE = Verb(
    "note", on=NEW, permission=P.COMPLAINT_ASSESS, label=Message("Record what happened to a complaint"), claims=True
)
MILESTONE_LIFECYCLE = Lifecycle(Milestone, None, [RECORD, NOTE])
BY_HAND = {RECORD.name: RECORDED_BY_HAND, NOTE.name: NOTED_BY_HAND}


def add_reason(session: Session, person: Person, **values: Any) -> WaitingReason:
    """Add a waiting reason. Raises NotValid for a key that another has, and for reminders on no working day."""
    if session.scalar(sa.select(WaitingReason.id).where(WaitingReason.key == values["key"])) is not None:
        raise NotValid(short_name=Message("Another reason has this short name."))
    _check_reason(values)
    return perform(session, ADD_REASON, WaitingReason(**values), person).record


def edit_reason(session: Session, reason: WaitingReason, person: Person, base_version: int, **values: Any) -> Act:
    """Change a waiting reason; cases that wait already keep their next reminder."""
    _check_reason(values)
    return perform(session, EDIT_REASON, reason, person, setting(values), base_version=base_version)


def _check_reason(values: dict[str, Any]) -> None:
    if values.get("every_days", 1) < 1:
        raise NotValid(every_days=Message("Remind every working day at most."))


def begin(
    session: Session,
    root: Any,
    person: Person,
    reason: WaitingReason,
    evidence: str,
    occurred_at: datetime | None = None,
) -> Waiting:
    """The case of `root` waits from now, or from a claimed time. Its clocks stop where the reason says so."""
    if not evidence.strip():
        raise NotValid(evidence=Message("Say how we know: who said it, when, by which way."))
    waiting = Waiting(**_of(root), reason=reason, evidence=evidence.strip(), begun_by_id=person.id)

    def change(act: Act) -> None:
        waiting.began_at = act.occurred_at
        waiting.next_reminder_at = _reminder(session, waiting, act.at)
        session.add(waiting)
        session.flush()
        if reason.stops_clocks:
            for clock in deadlines.open_clocks(session, waiting.root_kind, waiting.root_id):
                deadlines.pause(clock, waiting.id, reason.key, waiting.evidence, act.occurred_at)

    return perform(session, BEGIN, waiting, person, change, occurred_at=occurred_at).record


def _of(root: Any) -> dict[str, Any]:
    named = {"root_kind": root.__tablename__, "root_id": root.id, "root_number": root.number}
    return named | {name: getattr(root, name) for name in OF_THE_CASE}


def _reminder(session: Session, waiting: Waiting, after: datetime) -> datetime | None:
    """When the next reminder goes out: as the office opens, so many working days on."""
    version = calendars.for_centre(session, waiting.centre_id)
    return None if version is None else opening(version, after, waiting.reason.every_days)


def opening(version: CalendarVersion, after: datetime, days: int) -> datetime:
    """The instant at which the office opens on the `days`-th working day after that of `after`."""
    calendar = version.working_time
    day = calendar.day_of(after)
    while days:
        day += ONE_DAY
        days -= bool(calendar.windows(day))
    return calendar.begins(day) + timedelta(minutes=calendar.windows(day)[0].start)


def postpone(cause: Act, waiting: Waiting, day: date) -> None:
    """Within a reaction: do not remind before `day`, then as the office opens on it or on the next working day."""

    def change(act: Act) -> None:
        version = calendars.for_centre(act.session, waiting.centre_id)
        if version is not None:
            before = version.working_time.begins(day) - timedelta(minutes=1)
            waiting.next_reminder_at = max(opening(version, before, 1), waiting.next_reminder_at or act.at)

    react(cause, POSTPONE, waiting, change)


def end(session: Session, waiting: Waiting, person: Person, occurred_at: datetime | None = None) -> Act:
    """It is no longer waited for: the clocks run on."""
    lock(session, waiting)

    def change(act: Act) -> None:
        if act.occurred_at < waiting.began_at:
            raise NotValid(occurred_at=Message("This time lies before the waiting began."))
        close(act, waiting, act.occurred_at)

    return perform(session, END, waiting, person, change, occurred_at=occurred_at)


def close(act: Act, waiting: Waiting, at: datetime) -> None:
    """Within an act: the waiting ends at `at`, and what it paused with it."""
    waiting.ended_at, waiting.next_reminder_at = at, None
    for clock in deadlines.open_clocks(act.session, waiting.root_kind, waiting.root_id):
        deadlines.resume(clock, waiting.id, at)


def correct(
    session: Session, waiting: Waiting, person: Person, reason: str, began_at: datetime, ended_at: datetime
) -> Act:
    """Set the times of a waiting right; open clocks are counted with them, settled ones stay as they were."""
    if ended_at < began_at:
        raise NotValid(ended_at=Message("The end lies before the beginning."))

    def change(act: Act) -> None:
        if ended_at > act.at:
            raise NotValid(ended_at=Message("This time lies in the future."))
        waiting.began_at, waiting.ended_at = began_at, ended_at
        for clock in deadlines.open_clocks(session, waiting.root_kind, waiting.root_id):
            deadlines.resume(clock, waiting.id, ended_at, began_at)

    return perform(session, CORRECT, waiting, person, change, reason=reason)


def open_of(session: Session, root_kind: str, root_id: int) -> list[Waiting]:
    """What a case waits for now."""
    mine = sa.select(Waiting).where(Waiting.root_kind == root_kind, Waiting.root_id == root_id, Waiting.state == S.OPEN)
    return list(session.scalars(mine.order_by(Waiting.id)))


def record(
    session: Session,
    root: Any,
    person: Person,
    event: str,
    evidence: str,
    occurred_at: datetime | None = None,
    *,
    verb: Verb = RECORD,
) -> Milestone:
    """Record on the case of `root` that something happened which starts or stops its clocks."""
    if event not in BY_HAND[verb.name]:
        raise NotValid(event=Message("Choose what happened from the list."))
    if not evidence.strip():
        raise NotValid(evidence=Message("Say how we know: who said it, when, by which way."))
    milestone = Milestone(**_of(root), event=event, evidence=evidence.strip(), recorded_by_id=person.id)

    def change(act: Act) -> None:
        milestone.occurred_at = act.occurred_at

    return perform(session, verb, milestone, person, change, occurred_at=occurred_at).record


def next_reminders(session: Session, at: datetime, limit: int = 100) -> list[int]:
    """Ids of waitings whose reminder has come."""
    came = sa.select(Waiting.id).where(Waiting.next_reminder_at.is_not(None), Waiting.next_reminder_at <= at)
    return list(session.scalars(came.order_by(Waiting.next_reminder_at, Waiting.id).limit(limit)))


def remind(session: Session, waiting_id: int, at: datetime) -> bool:
    """Chase once for a waiting whose time has come; after the last reminder it goes up instead."""
    waiting = session.get_one(Waiting, waiting_id)
    lock(session, waiting)
    if waiting.next_reminder_at is None or waiting.next_reminder_at > at:
        return False
    reason = waiting.reason
    too_long = waiting.reminders_sent >= reason.reminders

    def change(act: Act) -> None:
        waiting.reminders_sent += 1
        waiting.next_reminder_at = _reminder(session, waiting, at)

    act = perform(session, REMIND, waiting, SYSTEM, change)
    notices.chase(act, waiting, reason.goes_up_to if too_long else reason.chases, too_long=too_long)
    return True
