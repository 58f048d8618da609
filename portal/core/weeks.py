"""Weeks, from Monday to Sunday, and times of day on the wall of a place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS = 7
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Beyond these, no week is looked at."""
SPELT = re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})")


class Span(NamedTuple):
    """From `start` up to `end`, which is not part of it. Aware datetimes, UTC."""

    start: datetime
    end: datetime

    def meets(self, other: "Span") -> bool:
        """Whether the two have a moment in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, order=True)
class Week:
    """One week by its Monday. Written as ISO 8601 has it, "2026-W48", as addresses and browsers do."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week in which the day lies."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str, otherwise: date) -> "Week":
        """The week that is written there; where none is, that of the day `otherwise`."""
        match = SPELT.fullmatch(text)
        if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            return cls.of(otherwise)
        try:
            return cls(date.fromisocalendar(int(match["year"]), int(match["week"]), 1))
        except ValueError:
            return cls.of(otherwise)

    def __str__(self) -> str:
        year, week, _ = self.monday.isocalendar()
        return f"{year:04}-W{week:02}"

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=n) for n in range(DAYS)]

    def moved(self, weeks: int) -> "Week":
        """The week so many weeks later; the week itself where that lies beyond what is kept."""
        other = Week(self.monday + timedelta(weeks=weeks))
        return other if FIRST_YEAR <= other.monday.year <= LAST_YEAR else self

    def span(self, zone: str) -> Span:
        """When it begins and ends in that zone; 167, 168 or 169 hours."""
        return Span(at_wall(zone, self.monday), at_wall(zone, self.monday + timedelta(days=DAYS)))


def at_wall(zone: str, day: date, hour: time = time()) -> datetime:
    """The instant at which the clocks of the zone show that time on that day. UTC."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def day_span(zone: str, day: date) -> Span:
    """When the day begins and ends in that zone; 23, 24 or 25 hours."""
    return Span(at_wall(zone, day), at_wall(zone, day + timedelta(days=1)))


def gaps(taken: Iterable[Span], within: Span) -> list[Span]:
    """The stretches of `within` that none of `taken` covers, in order."""
    found, free_from = [], within.start
    for span in sorted(taken):
        if span.start > free_from:
            found.append(Span(free_from, min(span.start, within.end)))
        free_from = max(free_from, span.end)
        if free_from >= within.end:
            break
    if free_from < within.end:
        found.append(Span(free_from, within.end))
    return [gap for gap in found if gap.start < gap.end]
