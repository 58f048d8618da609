"""How a running promise stands, as an element that the browser keeps counting (static/js/times.js).

`data-left` is how many seconds before the due time do not count, `data-until` until when that holds, `data-words` the
words for a length of time and for both verdicts: hours and minutes, hours, minutes, days, time left, overdue.
"""

from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from markupsafe import Markup

from portal.core.deadlines import Clock
from portal.core.errors import Message
from portal.core.working_time import Unit, elapsed, stretches
from portal.domain.policies.vocabulary import spell
from portal.web.languages import say

MINUTE, TWO_DAYS = 60, 48 * 3600
LATEST_LEFT_IN_HOURS = timedelta(hours=24)
ELEMENT = Markup('<time datetime="{}" data-left="{}" data-until="{}" data-words="{}">{}</time>')


def overdue(one: Clock, now: datetime) -> Markup:
    """By how much it is overdue."""
    words, late = _words(_("%(time)s left")), _("Overdue by %(time)s")
    return ELEMENT.format(one.due_at.isoformat(), 0, "", words, late % {"time": say(span(now - one.due_at))})


def left(one: Clock, now: datetime, *, little: bool) -> str:
    """What is left of a running clock, in its own unit; of days on the last one in hours."""
    verdict = _("only %(time)s left") if little else _("%(time)s left")
    remains = one.amount - elapsed(one.calendar.working_time, one.unit, one.started_at, now, one.standstill)
    if one.unit is Unit.WORKING_HOURS:
        text, until = say(spell(one.unit, remains)), _closes(one, now)
        gap, words = int((one.due_at - now).total_seconds()) - remains, _words(verdict, working=True)
    elif one.unit.in_days and one.due_at - now > LATEST_LEFT_IN_HOURS:
        return verdict % {"time": say(spell(one.unit, remains))}
    else:
        text, until, gap, words = say(span(one.due_at - now)), "", 0, _words(verdict)
    text = verdict % {"time": text}
    return text if until is None else ELEMENT.format(one.due_at.isoformat(), gap, until, words, text)


def _closes(one: Clock, now: datetime) -> str | None:
    """When the window that is open now ends; None outside working hours, when nothing runs down."""
    working_time = one.calendar.working_time
    open_now = (s for s in stretches(working_time, one.unit, working_time.day_of(now)) if s.start <= now < s.end)
    return next((stretch.end.astimezone(UTC).isoformat() for stretch in open_now), None)


def _words(verdict: str, *, working: bool = False) -> str:
    if working:
        lengths = [_("%(h)s h %(n)s min of working time"), _("%(n)s working hours"), _("%(n)s working minutes")]
    else:
        lengths = [_("%(h)s h %(n)s min"), _("%(n)s h"), _("%(n)s min")]
    return "|".join([*lengths, _("%(n)s days %(h)s h"), verdict, _("Overdue by %(time)s")])


def span(length: timedelta) -> Message:
    """A length of time in words; from two days on in days and hours."""
    seconds = max(int(length.total_seconds()), MINUTE)
    if seconds < TWO_DAYS:
        return spell(Unit.NATURAL_HOURS, seconds)
    days, rest = divmod(seconds, 24 * 3600)
    return Message("%(n)s days %(h)s h", n=days, h=rest // 3600)
