"""A week in the address, the ways to its neighbours, and stretches of time in words."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from portal.core import clock
from portal.core.weeks import Span, Week
from portal.web.filters import day, weekday
from portal.web.languages import current_language
from portal.web.lists import address


def asked_week(zone: str) -> Week:
    """The week that the address names; without one, that of today in this zone."""
    return Week.read(request.args.get("week", ""), today(zone))


def today(zone: str) -> date:
    """The present date in this zone."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


def week_pager(week: Week, zone: str) -> dict[str, Any]:
    """What `ui.week_pager` is given: the neighbouring weeks, this week, and from when to when it goes."""
    this = Week.of(today(zone))
    return {
        "previous": address(week=str(week.moved(-1))),
        "next": address(week=str(week.moved(1))),
        "this": None if week == this else address(week=None),
        "text": f"{day(week.days[0])} – {day(week.days[-1])}",
    }


def short_day(on: date) -> str:
    """A day of a week that is known: Mon 23 Nov, 周一 11-23."""
    return f"{weekday(on)} {on.day} {on:%b}" if current_language() == "en" else f"{weekday(on)} {on:%m-%d}"


def stretch(span: Span, zone: str) -> str:
    """From when to when on the wall of a place: Mon 23 Nov 08:00–20:00, or Mon 23 Nov 20:00 – Tue 24 Nov 08:00."""
    start, end = (at.astimezone(ZoneInfo(zone)) for at in span)
    if start.date() == end.date():
        return f"{short_day(start.date())} {start:%H:%M}–{end:%H:%M}"
    return f"{_moment(start)} – {_moment(end)}"


def _moment(local: datetime) -> str:
    return f"{short_day(local.date())} {local:%H:%M}"
