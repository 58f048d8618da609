"""Why a clock is due when it is: the arithmetic, day by day."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.db import Text2
from portal.core.deadlines.models import CalendarVersion, Clock
from portal.core.working_time import Pause, Unit, Windows, by_day


@dataclass(frozen=True)
class Row:
    """One day of the way: its opening hours, what it is called, what counted, and what had run by its end.

    `counted` and `total` are in seconds for hours, in days for days. `pauses` are those that touch the day.
    `announced` is False in a year whose public holidays were not known to the calendar.
    """

    day: date
    windows: Windows
    name: Text2 | None
    counted: int
    total: int
    pauses: tuple[Pause, ...]
    announced: bool


def explain(clock: Clock, until: datetime | None = None) -> list[Row]:
    """The days from the start until it was stopped, or until it is due. `until` ends the account elsewhere."""
    end = until or clock.stopped_at or clock.due_at
    return account(clock.calendar, clock.unit, clock.started_at, end, clock.standstill)


def account(
    calendar: CalendarVersion, unit: Unit, start: datetime, end: datetime, pauses: list[Pause] | None = None
) -> list[Row]:
    """The same for any span, started or only thought of."""
    working_time, pauses = calendar.working_time, pauses or []
    rows, total = [], 0
    for day, counted in by_day(working_time, unit, start, end, pauses):
        total += counted
        begins, ends = working_time.begins(day), working_time.begins(date.fromordinal(day.toordinal() + 1))
        touching = tuple(p for p in pauses if p.start < ends and (p.end is None or p.end > begins))
        entry = calendar.days.get(day.isoformat())
        name = (
            Text2(entry.get("zh", ""), entry.get("en", "")) if entry and (entry.get("zh") or entry.get("en")) else None
        )
        known = not calendar.years or day.year in calendar.years
        rows.append(Row(day, working_time.windows(day), name, counted, total, touching, known))
    return rows
