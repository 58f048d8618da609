"""What the pages of ratings share: their tabs, and the months that one can choose."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from flask import g, url_for
from flask_babel import get_locale

from portal.core import clock
from portal.core.errors import Message
from portal.domain.permissions import P
from portal.web.languages import say, zone

VIEWS = (
    (Message("Ratings"), "ratings", P.RATING_SEE),
    (Message("Averages"), "rating_averages", P.RATING_SEE),
    (Message("What is asked"), "rating_aspects", P.RATING_ASPECT_EDIT),
)
MONTHS = 12


def views(current: str) -> list[dict[str, Any]]:
    """The views of ratings, for `ui.tabs`."""
    return [
        {"label": say(label), "href": url_for(f"office.{name}"), "current": name == current}
        for label, name, access in VIEWS
        if g.person.can(access)
    ]


def month_starts(count: int = MONTHS) -> list[datetime]:
    """Where the last `count` months begin in the reader's zone, and where the present one ends."""
    info = ZoneInfo(zone())
    now = clock.now().astimezone(info)
    last = now.year * 12 + now.month - 1
    return [datetime(n // 12, n % 12 + 1, 1, tzinfo=info) for n in range(last - count + 1, last + 2)]


def month_word(at: datetime) -> str:
    """A month in an address: 2026-11."""
    return f"{at:%Y-%m}"


def month_name(at: datetime) -> str:
    return format_skeleton("yMMM", at.date(), locale=get_locale())


def month_options() -> list[tuple[str, str]]:
    """The last months for `chip`, the newest first."""
    return [(month_word(at), month_name(at)) for at in reversed(month_starts()[:-1])]


def month_span(word: str) -> tuple[datetime, datetime] | None:
    """From when to before when a chosen month goes; None where none of the last months is chosen."""
    starts = month_starts()
    return next((span for span in pairwise(starts) if month_word(span[0]) == word), None)
