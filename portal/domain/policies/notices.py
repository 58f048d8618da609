"""Who is told of promised times, what cases wait for, and holidays that are missing. Texts in templates/notices."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.deadlines import Clock, Step
from portal.core.errors import Message
from portal.core.notices import Notice, NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account, State
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role
from portal.domain.policies import vocabulary
from portal.domain.policies.models import Chased, Waiting, WorkCalendar

ASSIGNED = "technician"


class Case:
    """The record that a clock belongs to, as far as a notice needs to know it."""

    def __init__(self, kind: str, number: int) -> None:
        self.__tablename__, self.id = kind, number


def _promise(session: Session, notice: Notice) -> Mapping[str, Any]:
    """What was promised and until when, as it stands when the mail is written."""
    clock = session.get_one(Clock, notice.params["clock"])
    return {
        "promise": vocabulary.label(vocabulary.CLOCKS, clock.name),
        "amount": vocabulary.spell(clock.unit, clock.amount),
        "due": clock.due_at,
    }


def _wait(session: Session, notice: Notice) -> Mapping[str, Any]:
    """What is waited for and since when."""
    waiting = session.get_one(Waiting, notice.params["waiting"])
    return {"reason": waiting.reason.name, "since": waiting.began_at}


CLOCK_WARNING = declare(
    NoticeKind(
        "clock_warning",
        label=Message("A promised time is running out"),
        title=Message("%(percent)s %% of a promised time on %(number)s has passed"),
        context=_promise,
    )
)
CLOCK_BROKEN = declare(
    NoticeKind(
        "clock_broken",
        label=Message("A promised time was not kept"),
        title=Message("A promised time on %(number)s was not kept"),
        mandatory=True,
        context=_promise,
    )
)
PLEA_MADE = declare(
    NoticeKind(
        "plea_made",
        label=Message("Somebody asks that a promise does not count"),
        title=Message("To decide: does a promise on %(number)s count?"),
        context=_promise,
    )
)
PLEA_DECIDED = declare(
    NoticeKind(
        "plea_decided",
        label=Message("It was decided whether a promise counts"),
        title=Message("Decided: the promise on %(number)s"),
        context=_promise,
    )
)
URGENT_INTAKE = declare(
    NoticeKind(
        "urgent_intake",
        label=Message("An urgent request came in"),
        title=Message("Urgent: %(number)s"),
        mandatory=True,
    )
)
WAITING_REMINDER = declare(
    NoticeKind(
        "waiting_reminder",
        label=Message("A case waits for you"),
        title=Message("%(number)s still waits"),
        context=_wait,
    )
)
WAITING_TOO_LONG = declare(
    NoticeKind(
        "waiting_too_long",
        label=Message("A case has waited in spite of reminders"),
        title=Message("%(number)s waits in spite of reminders"),
        context=_wait,
    )
)
HOLIDAYS_MISSING = declare(
    NoticeKind(
        "holidays_missing",
        label=Message("The holidays of next year are not in the calendar"),
        title=Message("Calendar: the public holidays of %(year)s are missing"),
        mandatory=True,
    )
)


def told_by(session: Session, record: Any, roles: Iterable[str]) -> list[Account]:
    """The people behind roles; whoever is assigned for the technician, the desk where nobody is assigned."""
    found: list[Account] = []
    for role in roles:
        if role == ASSIGNED:
            assigned = session.get(Account, record.technician_id) if record.technician_id else None
            found += [assigned] if assigned and assigned.state is State.ACTIVE else _holders(session, record, Role.DESK)
        else:
            found += _holders(session, record, Role(role))
    return found


def _holders(session: Session, record: Any, role: Role) -> list[Account]:
    """Of the desk also the dealer's, where the case is a dealer's."""
    roles = (Role.DESK, Role.DEALER_DESK) if role is Role.DESK else (role,)
    permission = {Role.CUSTOMER: P.REQUEST_SEE, Role.STORES: P.STAFF_ENTER, Role.FINANCE: P.STAFF_ENTER}.get(role)
    return holders(session, permission or P.CLOCK_SEE, record, roles)


def clock_step(act: Act, step: Step) -> None:
    """Warn, or tell that the promise was broken."""
    clock: Clock = act.record
    kind = CLOCK_BROKEN if step.percent >= 100 else CLOCK_WARNING
    params = {"number": clock.root_number, "percent": step.percent, "clock": clock.id}
    people = told_by(act.session, clock, step.tells)
    notify(act.session, kind, people, root=_case(clock), params=params, cause_id=act.entry.id)


def _case(record: Any) -> Case:
    return Case(record.root_kind, record.root_id)


def plea_made(act: Act) -> None:
    """Tell those who may decide, the asker aside."""
    clock: Clock = act.record
    deciders = [a for a in holders(act.session, P.CLOCK_ANNUL, clock, (Role.MANAGER,)) if a.id != act.actor.id]
    params = {"number": clock.root_number, "clock": clock.id}
    notify(act.session, PLEA_MADE, deciders, root=_case(clock), params=params, cause_id=act.entry.id)


def plea_decided(act: Act) -> None:
    clock: Clock = act.record
    asker = act.session.get(Account, clock.plea_by_id) if clock.plea_by_id else None
    params = {"number": clock.root_number, "clock": clock.id}
    notify(act.session, PLEA_DECIDED, [asker] if asker else [], root=_case(clock), params=params, cause_id=act.entry.id)


def urgent_intake(session: Session, request: Any) -> None:
    """Tell the managers with the intake itself, not at the next sweep (INT-7)."""
    managers = holders(session, P.REQUEST_SEE, request, (Role.MANAGER,))
    notify(session, URGENT_INTAKE, managers, root=request, params={"number": request.number})


def chase(act: Act, waiting: Waiting, whom: Chased, *, too_long: bool) -> None:
    """Remind who is waited for, or tell who is above them."""
    kind = WAITING_TOO_LONG if too_long else WAITING_REMINDER
    people = told_by(act.session, waiting, [whom.value])
    params = {"number": waiting.root_number, "waiting": waiting.id}
    notify(act.session, kind, people, root=_case(waiting), params=params, cause_id=act.entry.id)


def holidays_missing(session: Session, calendar: WorkCalendar, year: int, again_after: datetime) -> bool:
    """Tell those who keep the calendars, unless they were told since `again_after`. Returns whether it did."""
    lately = sa.select(Notice.id).where(
        Notice.root_kind == calendar.__tablename__,
        Notice.root_id == calendar.id,
        Notice.kind == HOLIDAYS_MISSING.name,
        Notice.created_at > again_after,
    )
    if session.execute(lately.limit(1)).first() is not None:
        return False
    keepers = holders(session, P.POLICY_EDIT, calendar, (Role.MANAGER, Role.ADMIN))
    notify(session, HOLIDAYS_MISSING, keepers, root=calendar, params={"year": year})
    return True
