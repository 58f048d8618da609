"""What templates call to say times, names and texts to the reader."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta, get_timezone_location
from babel.numbers import format_currency, get_currency_precision
from flask import Flask
from flask_babel import format_date, get_locale, gettext
from markupsafe import Markup

from portal.core import clock
from portal.core.db import new_uid
from portal.domain.holds.content import WORDS as HOLD_WORDS
from portal.domain.plans.content import WORDS as PLAN_WORDS
from portal.domain.servicing.report import WORDS as REPORT_WORDS
from portal.domain.statements.content import WORDS as STATEMENT_WORDS
from portal.web.languages import current_language, say, zone


def moment(at: datetime | str | None) -> str | Markup:
    """Date and time in the reader's zone, exact to the minute. Takes ISO text too, as frozen contents hold it."""
    if at is None:
        return "—"
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return Markup('<time datetime="{}">{}</time>').format(_stamp(at), exact(at))


def exact(at: datetime) -> str:
    """Date and time as plain text: 2026-11-21 20:31, or 21 Nov 2026, 20:31."""
    local = at.astimezone(ZoneInfo(zone()))
    if current_language() == "en":
        return f"{local.day} {local:%b %Y, %H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def between(start: datetime, end: datetime | None) -> str:
    """From when to when in the reader's zone, as plain text; of an end on the same day only the hour."""
    if end is None:
        return exact(start)
    here = ZoneInfo(zone())
    same_day = start.astimezone(here).date() == end.astimezone(here).date()
    return f"{exact(start)} – {end.astimezone(here):%H:%M}" if same_day else f"{exact(start)} – {exact(end)}"


def day(on: date | str | None) -> str:
    """A day without a time. Takes ISO text too."""
    if on is None:
        return "—"
    on = date.fromisoformat(on) if isinstance(on, str) else on
    return f"{on.day} {on:%b %Y}" if current_language() == "en" else f"{on:%Y-%m-%d}"


def weekday(at: datetime | date | None) -> str:
    """The day of the week, short: Fri, 周五. Of a moment in the reader's zone."""
    if isinstance(at, datetime):
        at = at.astimezone(ZoneInfo(zone())).date()
    return format_date(at, "EEE") if at else ""


def city(zone: str) -> str:
    """A time zone by its city in the reader's words: Shanghai, 上海."""
    return get_timezone_location(zone, locale=get_locale(), return_city=True)


def ago(at: datetime | None) -> str | Markup:
    """How long ago, with the exact time at hand."""
    if at is None:
        return "—"
    past = clock.now() - at
    fresh = timedelta(0) <= past < timedelta(minutes=1)
    words = gettext("just now") if fresh else format_timedelta(-past, add_direction=True, locale=get_locale())
    return Markup('<time datetime="{}" title="{}" data-ago>{}</time>').format(_stamp(at), exact(at), words)


def _stamp(at: datetime) -> str:
    """What scripts read: to the second, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


WORDS = REPORT_WORDS | PLAN_WORDS | HOLD_WORDS | STATEMENT_WORDS
"""What to say for each code in a frozen content; no two kinds of paper use one code for two things."""


def word(code: str | None) -> str:
    """What a code in a frozen content says."""
    return say(WORDS[code]) if code else "—"


def money(minor: int | None, currency: str) -> str:
    """An amount in minor units, in the way of the reader's language."""
    if minor is None:
        return "—"
    places = get_currency_precision(currency)
    return format_currency(Decimal(minor).scaleb(-places), currency, locale=get_locale())


def choices(enum: type) -> Callable[[], list[tuple[str, str]]]:
    """Choices of a select or radio field from an enumeration with labels, said when the form is shown."""
    return lambda: [(member.value, say(member)) for member in enum]


def install(app: Flask) -> None:
    """Make them filters: `t` says a Message, a Text2 or anything with a label, `word` a code of a frozen content."""
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        weekday=weekday,
        city=city,
        plain_moment=exact,
        between=between,
        ago=ago,
        t=say,
        long_day=format_date,
        word=word,
        money=money,
    )
    app.jinja_env.globals.update(new_key=new_uid)
