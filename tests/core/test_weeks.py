"""Weeks by their written form, and the hours of a place, over every change of its clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.weeks import Span, Week, at_wall, day_span, gaps

ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
START = datetime(2026, 11, 23, tzinfo=UTC)


def span(start: int, end: int) -> Span:
    return Span(START + timedelta(hours=start), START + timedelta(hours=end))


@settings(max_examples=60, deadline=None)
@given(DAYS)
def test_a_week_is_read_as_it_is_written(day):
    week = Week.of(day)
    assert Week.read(str(week), date(2000, 1, 1)) == week
    assert day in week.days and len(week.days) == 7 and week.monday.weekday() == 0
    assert week.moved(1).moved(-1) == week


@pytest.mark.parametrize("text", ["", "2026", "2026-W60", "0000-W01", "9999-W52", "2026-w48", "next"])
def test_what_is_no_week_means_the_present_one(text):
    assert str(Week.read(text, date(2026, 11, 27))) == "2026-W48"


def test_beyond_what_is_kept_the_neighbour_is_the_week_itself():
    last = Week.read("2100-W52", date(2026, 11, 27))
    assert last.moved(1) == last and last.moved(-1) < last


@settings(max_examples=60, deadline=None)
@given(ZONES, DAYS)
def test_days_of_a_place_follow_each_other_without_a_gap(zone, day):
    today, tomorrow = day_span(zone, day), day_span(zone, day + timedelta(days=1))
    assert today.end == tomorrow.start
    assert timedelta(hours=23) <= today.end - today.start <= timedelta(hours=25)
    assert today.start.astimezone(ZoneInfo(zone)).date() == day
    whole = Week.of(day).span(zone)
    assert whole.start <= today.start and today.end <= whole.end


def test_the_night_in_which_clocks_are_put_back_is_longer():
    night = Span(
        at_wall("Europe/Berlin", date(2026, 10, 24), time(20)), at_wall("Europe/Berlin", date(2026, 10, 25), time(8))
    )
    assert night.end - night.start == timedelta(hours=13)


def test_gaps_are_what_nothing_covers():
    assert gaps([], span(0, 24)) == [span(0, 24)]
    assert gaps([span(8, 20)], span(0, 24)) == [span(0, 8), span(20, 24)]
    assert gaps([span(-5, 3), span(2, 30)], span(0, 24)) == []
    assert gaps([span(30, 40)], span(0, 24)) == [span(0, 24)]


HOURS = st.integers(-5, 30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] < pair[1]), max_size=6), st.integers(0, 23))
def test_every_hour_is_either_covered_or_in_a_gap(pairs, hour):
    taken = [span(*pair) for pair in pairs]
    moment = span(hour, hour + 1)
    covered = any(each.meets(moment) for each in taken)
    assert any(gap.meets(moment) for gap in gaps(taken, span(0, 24))) is not covered


@pytest.mark.req("DSP-6")
@settings(max_examples=60, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 23 * 60 + 59), st.sampled_from([8, 12]))
def test_shifts_that_follow_each_other_leave_no_instant_to_nobody(day, minute, first):
    """Two shifts a day by the wall clock of a zone whose clocks change: exactly one holds every instant between."""
    zone, hours = "Europe/Berlin", (time(first), time(20))
    edges = [at_wall(zone, day + timedelta(days=n), hour) for n in range(-1, 3) for hour in hours]
    spans = [Span(*pair) for pair in pairwise(edges)]
    at = at_wall(zone, day, time(minute // 60, minute % 60))
    assert sum(span.start <= at < span.end for span in spans) == 1
