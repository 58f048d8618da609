"""Keeping the duty roster: shifts planned, changed, taken away, and a week copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.core.weeks import Span, Week, at_wall
from portal.domain.accounts.models import Account, State
from portal.domain.duty import lifecycle, queries
from portal.domain.duty.models import DutyShift
from portal.domain.organisations.models import Centre


@dataclass(frozen=True)
class Crew:
    """Who answers, under which number, and who is called when they do not. Accounts by id."""

    person_id: int
    phone: str
    deputy_id: int | None = None
    helper_ids: Sequence[int] = ()

    def __post_init__(self) -> None:
        if not self.phone.strip():
            raise NotValid(phone=Message("Say under which number they answer."))
        if self.deputy_id == self.person_id:
            raise NotValid(deputy=Message("The deputy must be somebody else."))
        if {self.person_id, self.deputy_id} & set(self.helper_ids):
            raise NotValid(helpers=Message("Helpers are called after the person on duty and the deputy: name others."))

    @property
    def values(self) -> dict:
        return {
            "person_id": self.person_id,
            "phone": self.phone,
            "deputy_id": self.deputy_id,
            "helper_ids": list(self.helper_ids),
        }


def plan(session: Session, centre: Centre, person: Person, span: Span, crew: Crew) -> DutyShift:
    """Put somebody on duty. Raises NotValid where the time has passed, or somebody is on duty then already."""
    lock(session, centre)
    _check(session, centre, span)
    if span.end <= clock.now():
        raise NotValid(ends_at=Message("This time has passed."))
    return perform(session, lifecycle.PLAN, _shift(centre, span, crew.values), person).record


def _shift(centre: Centre, span: Span, crew: dict) -> DutyShift:
    return DutyShift(centre_id=centre.id, dealer_id=centre.dealer_id, starts_at=span.start, ends_at=span.end, **crew)


def change(session: Session, shift: DutyShift, person: Person, base_version: int, span: Span, crew: Crew) -> Act:
    """Change when it is, or who answers. What has begun keeps its beginning. Raises NotValid, as `plan`."""
    lock(session, session.get_one(Centre, shift.centre_id), shift)
    _check(session, shift.centre, span, other_than=shift.id)
    if shift.starts_at <= clock.now() and span.start != shift.starts_at:
        raise NotValid(starts_at=Message("This shift has begun: its beginning stays."))
    if span.end <= clock.now() < shift.ends_at:
        raise NotValid(ends_at=Message("This time has passed."))
    values = {"starts_at": span.start, "ends_at": span.end, **crew.values}
    return perform(session, lifecycle.CHANGE, shift, person, setting(values), base_version=base_version)


def cancel(session: Session, shift: DutyShift, person: Person) -> Act:
    """Take a shift away that has not begun."""
    return perform(session, lifecycle.CANCEL, shift, person)


def _check(session: Session, centre: Centre, span: Span, other_than: int | None = None) -> None:
    if span.start >= span.end:
        raise NotValid(ends_at=Message("The shift ends before it begins."))
    taken = next((s for s in queries.shifts(session, centre.id, span) if s.id != other_than), None)
    if taken is not None:
        raise NotValid(starts_at=_taken(taken))


def _taken(shift: DutyShift) -> Message:
    zone = ZoneInfo(shift.centre.zone)
    return Message(
        "%(name)s is on duty from %(from)s until %(until)s. Change that shift first, or choose another time.",
        **{
            "name": shift.person.name,
            "from": f"{shift.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "until": f"{shift.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
        },
    )


def copy_last_week(session: Session, centre: Centre, person: Person, week: Week) -> int:
    """Plan the shifts of the week before once more, at the same hours of the wall clock; returns how many.

    What would meet a shift that is planned already, has passed, or is of somebody who left is left out. Raises NotNow
    where that leaves nothing.
    """
    lock(session, centre)
    planned = [shift.span for shift in queries.shifts(session, centre.id, week.span(centre.zone))]
    copied = 0
    for shift in queries.shifts(session, centre.id, week.moved(-1).span(centre.zone)):
        span = Span(*(_a_week_later(centre.zone, at) for at in shift.span))
        if span.end <= clock.now() or any(map(span.meets, planned)) or not _are_here(session, shift):
            continue
        crew = {name: getattr(shift, name) for name in ("person_id", "phone", "deputy_id", "helper_ids")}
        perform(session, lifecycle.PLAN, _shift(centre, span, crew), person)
        planned.append(span)
        copied += 1
    if not copied:
        raise NotNow(Message("There is nothing to copy: the week before is empty, or its hours are planned already."))
    return copied


def _a_week_later(zone: str, at):
    local = at.astimezone(ZoneInfo(zone))
    return at_wall(zone, local.date() + timedelta(days=7), local.time())


def _are_here(session: Session, shift: DutyShift) -> bool:
    """Whether all who are named may still sign in."""
    named = {shift.person_id, *shift.helper_ids} | ({shift.deputy_id} - {None})
    active = sa.select(sa.func.count()).where(Account.id.in_(named), Account.state == State.ACTIVE)
    return session.scalar(active) == len(named)
