"""Calendars: what can be done to them, and doing it.

A calendar is altered by a draft that somebody else approves; what was counted by the old version stays counted by it.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.deadlines import CalendarVersion, VersionState
from portal.core.errors import Message, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.core.working_time import Window, Windows, overlap
from portal.domain.permissions import P
from portal.domain.policies import holidays
from portal.domain.policies.models import WorkCalendar

S = VersionState
DAYS = 7
ANNOUNCED_IN = 11
"""China's holidays are announced each November for the following year."""


def not_the_drafter(act: Act) -> Message | None:
    """Whoever drafted a version does not approve it."""
    if act.actor.id is not None and act.actor.id == act.record.drafted_by_id:
        return Message("Whoever drafted it cannot approve it: it needs a second person.")
    return None


def has_hours(act: Act) -> Message | None:
    """A calendar without hours would never let a clock run."""
    try:
        opens = act.record.working_time.opens
    except ValueError:
        return Message("Opening hours overlap or cannot be read.")
    return None if opens else Message("This calendar has no working hours: no clock would ever run by it.")


FOUND = Verb("found", on=NEW, permission=P.POLICY_EDIT, label=Message("Add calendar"))
CALENDAR_LIFECYCLE = Lifecycle(WorkCalendar, None, [FOUND])

DRAFT = Verb("draft", on=NEW, to=S.DRAFT, permission=P.POLICY_EDIT, label=Message("Draft a new version"))
EDIT = Verb("edit", on=(S.DRAFT,), permission=P.POLICY_EDIT, label=Message("Edit the draft"), edits="draft")
APPROVE = Verb(
    "approve",
    on=(S.DRAFT,),
    to=S.IN_FORCE,
    permission=P.POLICY_APPROVE,
    label=Message("Put into force"),
    needs=(not_the_drafter, has_hours),
)
DISCARD = Verb("discard", on=(S.DRAFT,), to=S.DISCARDED, permission=P.POLICY_EDIT, label=Message("Discard the draft"))
SUPERSEDE = Verb("supersede", on=(S.IN_FORCE,), to=S.SUPERSEDED, permission=P.CLOCK_KEEP, label=Message("Supersede"))
VERSION_LIFECYCLE = Lifecycle(CalendarVersion, VersionState, [DRAFT, EDIT, APPROVE, DISCARD, SUPERSEDE])


def found(session: Session, person: Person, **values: Any) -> WorkCalendar:
    """Add a calendar: `name`, the centre that it belongs to, the country whose public holidays it follows.

    Raises NotValid for a centre that has one already.
    """
    centre_id = values.get("centre_id")
    mine = sa.select(WorkCalendar.id).where(WorkCalendar.centre_id == centre_id)
    if centre_id is not None and session.scalar(mine) is not None:
        raise NotValid(centre=Message("This centre has a calendar already."))
    return perform(session, FOUND, WorkCalendar(**values), person).record


def in_force(session: Session, calendar_id: int) -> CalendarVersion | None:
    """The version that new clocks count by."""
    return _one(session, calendar_id, S.IN_FORCE)


def _one(session: Session, calendar_id: int, state: VersionState) -> CalendarVersion | None:
    mine = sa.select(CalendarVersion).where(CalendarVersion.calendar_id == calendar_id, CalendarVersion.state == state)
    return session.scalars(mine.order_by(CalendarVersion.id.desc()).limit(1)).first()


def for_centre(session: Session, centre_id: int) -> CalendarVersion | None:
    """The version in force of the centre's calendar, or of the house's where the centre has none."""
    own = sa.or_(WorkCalendar.centre_id == centre_id, WorkCalendar.centre_id.is_(None))
    found = (
        sa.select(CalendarVersion)
        .join(WorkCalendar, WorkCalendar.id == CalendarVersion.calendar_id)
        .where(own, CalendarVersion.state == S.IN_FORCE)
        .order_by(WorkCalendar.centre_id.is_(None), CalendarVersion.id.desc())
    )
    return session.scalars(found.limit(1)).first()


def draft(session: Session, calendar: WorkCalendar, person: Person, **values: Any) -> CalendarVersion:
    """Begin the next version from the one in force, with these values changed. One draft at a time."""
    if draft_of(session, calendar.id) is not None:
        raise NotValid(Message("There is a draft of this calendar already. Finish or discard it first."))
    old = in_force(session, calendar.id) or _one(session, calendar.id, S.DISCARDED)
    if old is not None:
        kept = ("zone", "week", "days", "years")
        values = {name: getattr(old, name) for name in kept} | values
    _check(values)
    number = session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(CalendarVersion.version), 0)).where(
            CalendarVersion.calendar_id == calendar.id
        )
    )
    version = CalendarVersion(calendar_id=calendar.id, version=number + 1, drafted_by_id=person.id, **values)
    return perform(session, DRAFT, version, person).record


def edit(session: Session, version: CalendarVersion, person: Person, base_version: int, **values: Any) -> Act:
    """Change a draft; whoever changes it counts as its drafter. Raises NotValid for hours that cannot be."""
    _check(values)

    def change(act: Act) -> None:
        for name, value in values.items():
            setattr(version, name, value)
        version.drafted_by_id = person.id

    return perform(session, EDIT, version, person, change, base_version=base_version)


def set_day(
    session: Session,
    version: CalendarVersion,
    person: Person,
    base_version: int,
    day: date,
    hours: list[str] | None,
    zh: str = "",
    en: str = "",
) -> Act:
    """Make a date of the draft an exception: its own hours, none for a day off; `hours` None takes it back."""
    days = {key: entry for key, entry in version.days.items() if key != day.isoformat()}
    if hours is not None:
        days[day.isoformat()] = {"hours": hours, "zh": zh, "en": en}
    return edit(session, version, person, base_version, days=dict(sorted(days.items())))


def add_year(session: Session, version: CalendarVersion, person: Person, base_version: int, year: int) -> Act:
    """Add the public holidays and make-up days of a year to the draft. Raises NotValid when they are not known yet."""
    calendar = session.get_one(WorkCalendar, version.calendar_id)
    try:
        new = holidays.days_of(calendar.holidays, year, usual_hours(version.week))
    except holidays.NotAnnounced as error:
        raise NotValid(
            Message("The public holidays of %(year)s are not known here yet. Enter them by hand.", year=str(year))
        ) from error
    days = dict(sorted((new | version.days).items()))
    return edit(session, version, person, base_version, days=days, years=sorted({*version.years, year}))


def missing_years(calendar: WorkCalendar, version: CalendarVersion | None, today: date) -> list[int]:
    """Years whose public holidays should be known by now and are not: this one, from November on the next."""
    if not calendar.holidays:
        return []
    wanted = [today.year] + ([today.year + 1] if today.month >= ANNOUNCED_IN else [])
    return [year for year in wanted if version is None or year not in version.years]


def draft_of(session: Session, calendar_id: int) -> CalendarVersion | None:
    """The version that is being written."""
    return _one(session, calendar_id, S.DRAFT)


def usual_hours(week: list[list[str]]) -> Windows:
    """The windows of the first working day of the week: what a make-up day gets."""
    return next((tuple(map(Window.read, windows)) for windows in week if windows), ())


def approve(session: Session, version: CalendarVersion, person: Person) -> Act:
    """Put a draft into force; the version before it counts for what it started, and for nothing new."""
    old = in_force(session, version.calendar_id)
    lock(session, version, *([old] if old else ()))

    def change(act: Act) -> None:
        version.approved_by_id, version.approved_at = person.id, clock.now()

    act = perform(session, APPROVE, version, person, change)
    if old is not None:
        react(act, SUPERSEDE, old)
    return act


def discard(session: Session, version: CalendarVersion, person: Person) -> Act:
    """Give a draft up."""
    return perform(session, DISCARD, version, person)


def _check(values: dict[str, Any]) -> None:
    """Refuse hours that overlap or cannot be read, and zones that there are not."""
    if "zone" in values:
        try:
            ZoneInfo(values["zone"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise NotValid(zone=Message("There is no such time zone.")) from error
    lists = [*values.get("week", ()), *(entry["hours"] for entry in values.get("days", {}).values())]
    for hours in lists:
        read_hours(hours)
    if "week" in values and len(values["week"]) != DAYS:
        raise NotValid(week=Message("A week has seven days."))


def read_hours(hours: list[str]) -> Windows:
    """Windows of one day. Raises NotValid naming what is wrong."""
    try:
        windows = tuple(map(Window.read, hours))
    except ValueError as error:
        raise NotValid(hours=Message("Write hours as 08:30-12:00, several with commas between.")) from error
    if overlap(windows):
        raise NotValid(hours=Message("These hours overlap or are out of order: %(hours)s", hours=", ".join(hours)))
    return windows
