"""Promised times as arithmetic: add a duration to an instant, or measure one, by a calendar's working time.

Pure functions; instants are aware datetimes read to the second, results are UTC. Hours are counted in seconds, days
by their ends:

- natural and working hours: what lies between two instants, for working hours only what lies inside the
  calendar's windows. A day on which summer time begins or ends has 23 or 25 natural hours.
- calendar and working days: the day of the start is not counted (民法典 201); every later day counts, for working
  days only those with windows; it counts at its end, 24:00 in the calendar's zone (民法典 203). There is no
  roll-over of a last day that is a holiday: a regulator's clock has none.

A pause takes out what it covers of the clock's own unit: seconds for hours, and for days those that it still
covers when they end. Pauses may overlap; one without an end still lasts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
LONGEST_DAYS = 366 * 20
"""How far ahead a promise may lie: beyond it the calendar has hardly any working time."""

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    NATURAL_HOURS = "natural_hours"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"

    @property
    def in_days(self) -> bool:
        return self in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)

    @property
    def by_windows(self) -> bool:
        """Whether opening hours and holidays matter."""
        return self in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)


class Window(NamedTuple):
    """Opening hours within one day, in minutes after midnight of the wall clock; `end` is not part of it."""

    start: int
    end: int

    @classmethod
    def read(cls, text: str) -> "Window":
        """From "09:00-12:30"; "24:00" is the day's end. Raises ValueError."""
        start, end = (_minutes(part) for part in text.split("-"))
        if start >= end:
            raise ValueError(f"{text}: the end must lie after the start")
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.strip().split(":"))
    if not (0 <= hours <= 24 and 0 <= minutes <= 59) or hours * 60 + minutes > DAY_MINUTES:
        raise ValueError(f"{text}: no time of day")
    return hours * 60 + minutes


Windows = tuple[Window, ...]
CLOSED: Windows = ()
ROUND_THE_CLOCK: Windows = (Window(0, DAY_MINUTES),)


@dataclass(frozen=True)
class Calendar:
    """Opening hours: `week` from Monday to Sunday, `days` where a date differs; CLOSED is a day off.

    `zone` is an IANA name. Windows of a day are in order and do not overlap. Raises ValueError otherwise.
    """

    zone: str
    week: tuple[Windows, ...]
    days: Mapping[date, Windows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for windows in (*self.week, *self.days.values()):
            if overlap(windows):
                raise ValueError("windows overlap or are out of order")

    @cached_property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def opens(self) -> bool:
        """Whether there is any regular working time."""
        return any(self.week)

    def windows(self, day: date) -> Windows:
        return self.days.get(day, self.week[day.weekday()])

    def day_of(self, at: datetime) -> date:
        """The date of the instant on this calendar's wall."""
        return at.astimezone(self.info).date()

    def open_at(self, at: datetime) -> bool:
        """Whether the instant lies in a window."""
        local = at.astimezone(self.info)
        return any(w.start <= local.hour * 60 + local.minute < w.end for w in self.windows(local.date()))

    def begins(self, day: date) -> datetime:
        """The instant at which the day begins, which is 24:00 of the day before. UTC."""
        return _midnight(self.zone, day)


def overlap(windows: Sequence[Window]) -> bool:
    """Whether two of the windows overlap, or they are not in order."""
    return any(later.start < earlier.end for earlier, later in pairwise(windows))


class Pause(NamedTuple):
    """The clock stood still from `start` on, until `end` or until further notice."""

    start: datetime
    end: datetime | None = None


class Stretch(NamedTuple):
    """Part of one day that counts: `day` by the calendar, `start` and `end` UTC."""

    day: date
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


@lru_cache(maxsize=4096)
def _midnight(zone: str, day: date) -> datetime:
    # Where the clocks are put forward at midnight, 00:00 read with the offset before is that very instant.
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def _even_parts(zone: str, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """The day cut where its distance from UTC changes: (start, end, distance), almost always one part."""
    start, end = _midnight(zone, day), _midnight(zone, day + ONE_DAY)
    if start >= end:
        return ()
    info = ZoneInfo(zone)
    first, last = (at.astimezone(info).utcoffset() for at in (start, end - timedelta(seconds=1)))
    if first == last:
        return ((start, end, first),)
    low, high = 0, int((end - start).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (start + timedelta(seconds=middle)).astimezone(info).utcoffset() == first:
            low = middle
        else:
            high = middle
    change = start + timedelta(seconds=high)
    return (start, change, first), (change, end, last)


def stretches(calendar: Calendar, unit: Unit, day: date) -> list[Stretch]:
    """What counts of one day, in order: all of it, or for working hours the instants when the wall shows a window."""
    if unit is not Unit.WORKING_HOURS:
        return [Stretch(day, calendar.begins(day), calendar.begins(day + ONE_DAY))]
    found = []
    midnight = datetime.combine(day, time(), UTC)
    for start, end, distance in _even_parts(calendar.zone, day):
        for window in calendar.windows(day):
            opens = midnight + timedelta(minutes=window.start) - distance
            closes = midnight + timedelta(minutes=window.end) - distance
            if max(opens, start) < min(closes, end):
                found.append(Stretch(day, max(opens, start), min(closes, end)))
    return found


def to_second(at: datetime) -> datetime:
    """The instant in UTC without its fraction of a second."""
    return at.astimezone(UTC).replace(microsecond=0)


def merged(pauses: Sequence[Pause]) -> list[Pause]:
    """The same standstill without overlaps, in order."""
    found: list[Pause] = []
    exact = (Pause(to_second(p.start), None if p.end is None else to_second(p.end)) for p in pauses)
    for pause in sorted(exact, key=lambda p: p.start):
        if pause.end is not None and pause.end <= pause.start:
            continue
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end < pause.start):
            found.append(pause)
        elif last.end is not None:
            found[-1] = Pause(last.start, None if pause.end is None else max(last.end, pause.end))
    return found


def running(stretch: Stretch, pauses: Sequence[Pause]) -> list[Stretch]:
    """The stretch without the (merged) pauses."""
    found, start = [], stretch.start
    for pause in pauses:
        if pause.start >= stretch.end:
            break
        if start < pause.start:
            found.append(Stretch(stretch.day, start, pause.start))
        start = stretch.end if pause.end is None else max(start, pause.end)
    if start < stretch.end:
        found.append(Stretch(stretch.day, start, stretch.end))
    return found


def ticks(calendar: Calendar, unit: Unit, day: date, pauses: Sequence[Pause]) -> bool:
    """Whether the day counts for a clock in days that has started before it."""
    if unit is Unit.WORKING_DAYS and not calendar.windows(day):
        return False
    ends = calendar.begins(day + ONE_DAY)
    return not any(pause.start < ends and (pause.end is None or ends <= pause.end) for pause in pauses)


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(LONGEST_DAYS))


def due(
    calendar: Calendar, unit: Unit, amount: int | Fraction, start: datetime, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When `amount` of `unit` has run since `start`: seconds for hours, days for days, also parts of a day.

    None while a pause without an end keeps it from getting there. Raises ValueError when the calendar has no such
    time within twenty years.
    """
    still = merged(pauses)
    find = _due_in_days if unit.in_days else _due_in_hours
    return find(calendar, unit, amount, to_second(start), still)


def _due_in_hours(
    calendar: Calendar, unit: Unit, amount: int | Fraction, start: datetime, pauses: Sequence[Pause]
) -> datetime | None:
    left = timedelta(seconds=float(amount))
    if not left:
        return start
    for day in _days(calendar.day_of(start)):
        for stretch in stretches(calendar, unit, day):
            if stretch.end <= start:
                continue
            for part in running(stretch._replace(start=max(stretch.start, start)), pauses):
                if part.start + left <= part.end:
                    return part.start + left
                left -= part.end - part.start
        if _stands_for_good(calendar, day, pauses):
            return None
    raise ValueError("the calendar has too little working time")


def _due_in_days(
    calendar: Calendar, unit: Unit, amount: int | Fraction, start: datetime, pauses: Sequence[Pause]
) -> datetime | None:
    left = Fraction(amount)
    if not left:
        return start
    for day in _days(calendar.day_of(start) + ONE_DAY):
        if ticks(calendar, unit, day, pauses):
            if left <= 1:
                whole = calendar.begins(day + ONE_DAY) - calendar.begins(day)
                return calendar.begins(day) + whole * float(left)
            left -= 1
        elif _stands_for_good(calendar, day, pauses):
            return None
    raise ValueError("the calendar has too few working days")


def _stands_for_good(calendar: Calendar, day: date, pauses: Sequence[Pause]) -> bool:
    return bool(pauses) and pauses[-1].end is None and pauses[-1].start < calendar.begins(day + ONE_DAY)


def elapsed(calendar: Calendar, unit: Unit, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
    """How much of `unit` has run between two instants: whole seconds for hours, days for days."""
    return sum(count for _, count in by_day(calendar, unit, start, end, pauses))


def by_day(
    calendar: Calendar, unit: Unit, start: datetime, end: datetime, pauses: Sequence[Pause] = ()
) -> Iterator[tuple[date, int]]:
    """The same, day by day: (day, seconds or 0/1), from the day of the start to that of the end."""
    start, end = to_second(start), to_second(end)
    if end < start:
        return
    still = merged(pauses)
    first, last = calendar.day_of(start), calendar.day_of(end)
    for day in _days(first):
        if day > last:
            return
        if unit.in_days:
            over = day > first and calendar.begins(day + ONE_DAY) <= end
            yield day, int(over and ticks(calendar, unit, day, still))
        else:
            yield day, _seconds(calendar, unit, day, start, end, still)


def _seconds(calendar: Calendar, unit: Unit, day: date, start: datetime, end: datetime, pauses: Sequence[Pause]) -> int:
    total = timedelta()
    for stretch in stretches(calendar, unit, day):
        within = Stretch(day, max(stretch.start, start), min(stretch.end, end))
        if within.start < within.end:
            total += sum((part.end - part.start for part in running(within, pauses)), timedelta())
    return int(total.total_seconds())
