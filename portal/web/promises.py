"""Promised times as people read them: one clock in a few words, and how it comes to be due when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.core import clock as time
from portal.core import deadlines
from portal.core.deadlines import Clock, ClockState, Row
from portal.core.permissions import Person
from portal.core.working_time import Pause, Unit, due, elapsed
from portal.domain.permissions import P, Role
from portal.domain.policies import queries
from portal.domain.policies.models import Waiting
from portal.domain.policies.notices import ASSIGNED
from portal.domain.policies.queries import RuleOf, Soonest
from portal.domain.policies.vocabulary import CAUSES, CLOCKS, CODES, EVENTS, label, spell
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import OPEN_REQUESTS, RequestState
from portal.web.countdown import MINUTE, left, overdue
from portal.web.filters import city, exact
from portal.web.languages import say

S = ClockState
RUNNING_OUT = 0.8
"""From this share of the promised time on, a running clock says that little is left."""


@dataclass(frozen=True)
class Face:
    """A promise for `ui.clock`: `verdict` says how it stands, `due_word` what the due time means for it now."""

    uid: str
    name: str
    within: str
    tone: str
    icon: str
    verdict: str
    due_word: str
    due: datetime | None
    done: datetime | None = None
    lines: Sequence[str] = ()
    href: str = ""


def promised(session: Session, person: Person, record: ServiceRequest) -> dict[str, Any]:
    """What records/_promises.html shows of a request, which `person` was found to see: one statement."""
    inside, case = person.can(P.CLOCK_SEE, record), queries.of_case(session, record)
    by_id = {waiting.id: waiting for waiting in case.waitings}
    shown = [one for one in case.clocks if inside or one.state is not S.CANCELLED]
    may_pause = person.can(P.CLOCK_PAUSE, record)
    return {
        "inside": inside,
        "faces": [face(one, by_id, inside=inside) for one in shown if _matters(one)],
        "over": [face(one, by_id, inside=inside) for one in shown if not _matters(one)],
        "waitings": [{"record": row, "may_end": person.can(P.CLOCK_PAUSE, row)} for row in case.waitings],
        "may_wait": may_pause and record.state in OPEN_REQUESTS,
        "may_record": may_pause and record.state in RECORDED_IN,
    }


def standing(session: Session, record: Any) -> tuple[list[Face], list[Face]]:
    """The promises of a record that only the house sees: what matters, and what is kept or not needed."""
    clocks = queries.of_case(session, record).clocks
    faces = [(face(one, {}, inside=True), _matters(one)) for one in clocks]
    return [one for one, matters in faces if matters], [one for one, matters in faces if not matters]


RECORDED_IN = (*OPEN_REQUESTS, RequestState.COMPLETED, RequestState.CLOSED)


def _matters(one: Clock) -> bool:
    """Whether it still runs or was not kept; what is well and over lies folded below."""
    return one.open or one.state is S.BREACHED


def face(one: Clock, waitings: Mapping[int, Waiting], *, inside: bool) -> Face:
    """One promise; `waitings` are those that its case waits for now, by id."""
    return Face(
        uid=one.uid,
        name=say(label(CLOCKS, one.name)),
        within=_("within %(time)s", time=say(spell(one.unit, one.amount))),
        href=url_for("records.promise", uid=one.uid),
        **(_over(one, inside) if one.state in OVER or not one.open else _open(one, waitings, inside)),
    )


OVER = (S.MET, S.ANNULLED, S.CANCELLED)


def _open(one: Clock, waitings: Mapping[int, Waiting], inside: bool) -> dict[str, Any]:
    now = time.now()
    asked = [_("Somebody asked that it does not count; that is not decided yet.")] if inside and _pleaded(one) else []
    if one.state is S.PAUSED:
        return _standing(one, waitings, now) | {"lines": [*_why_standing(one, waitings, now), *asked]}
    if one.due_at < now:
        lines = [*_cause(one, inside), *asked]
        return _facts("bad", "octagon-alert", overdue(one, now), _("was due"), one.due_at, lines=lines)
    little = _elapsed(one, now) >= one.amount * RUNNING_OUT
    tone, icon = ("warn", "clock-alert") if little else ("accent", "clock")
    return _facts(tone, icon, left(one, now, little=little), _("due"), one.due_at, lines=asked)


def _standing(one: Clock, waitings: Mapping[int, Waiting], now: datetime) -> dict[str, Any]:
    going_on = due(one.calendar.working_time, one.unit, one.amount, one.started_at, _ended_now(one, now))
    return _facts("hold", "circle-pause", _("Paused"), _("if it went on now, due"), going_on)


def _why_standing(one: Clock, waitings: Mapping[int, Waiting], now: datetime) -> list[str]:
    pause = one.open_pause
    waiting = waitings.get(pause.waiting_id) if pause else None
    reason = say(waiting.reason.name) if waiting else pause.reason if pause else ""
    since = exact(pause.began_at) if pause else ""
    found = [_("Waits since %(time)s: %(reason)s", time=since, reason=reason)]
    if not one.unit.in_days:
        ran = _elapsed(one, now)
        found.append(_("%(time)s left when it goes on", time=say(spell(one.unit, max(one.amount - ran, 0)))))
    return found


def _over(one: Clock, inside: bool) -> dict[str, Any]:
    match one.state:
        case S.MET:
            took = one.elapsed is not None and one.elapsed >= MINUTE and not one.unit.in_days
            lines = [_("after %(time)s", time=say(spell(one.unit, one.elapsed)))] if took else []
            return _facts("good", "circle-check", _("Kept"), _("due"), one.due_at, one.stopped_at, lines)
        case S.BREACHED:
            lines = _cause(one, inside)
            return _facts("bad", "octagon-alert", _("Not kept"), _("was due"), one.due_at, one.stopped_at, lines)
        case S.ANNULLED:
            lines = [say(label(CODES, one.plea_code))]
            return _facts("neutral", "circle-dashed", _("Does not count"), _("was due"), one.due_at, None, lines)
    return _facts("neutral", "circle-dashed", _("Not needed"), "", None)


def _facts(
    tone: str,
    icon: str,
    verdict: str,
    due_word: str,
    due_at: datetime | None,
    done: datetime | None = None,
    lines: Sequence[str] = (),
) -> dict[str, Any]:
    named = {"tone": tone, "icon": icon, "verdict": verdict, "due_word": due_word}
    return named | {"due": due_at, "done": done, "lines": lines}


def _cause(one: Clock, inside: bool) -> list[str]:
    """Why it was not kept: between us and our trail, not for customers."""
    if not inside or one.state is not S.BREACHED:
        return []
    if not one.breach_code:
        return [_("Nobody has given the cause yet.")]
    return [_("Cause: %(cause)s", cause=say(label(CAUSES, one.breach_code)))]


def _pleaded(one: Clock) -> bool:
    return one.plea_at is not None and one.plea_decided_at is None


def _ended_now(one: Clock, now: datetime) -> list[Pause]:
    return [Pause(pause.start, pause.end or max(now, pause.start)) for pause in one.standstill]


def _elapsed(one: Clock, at: datetime) -> int:
    return elapsed(one.calendar.working_time, one.unit, one.started_at, at, one.standstill)


def brief(one: Soonest | None) -> dict[str, Any] | None:
    """What presses most of a case, for `ui.clock_brief` in lists."""
    if one is None:
        return None
    name = say(label(CLOCKS, one.name))
    if one.state is S.PAUSED:
        return {"name": name, "tone": "hold", "icon": "circle-pause", "word": _("Paused"), "at": None}
    if one.overdue:
        return {"name": name, "tone": "bad", "icon": "octagon-alert", "word": _("overdue, was due"), "at": one.due_at}
    tone, icon = ("warn", "clock-alert") if one.soon else ("neutral", "clock")
    return {"name": name, "tone": tone, "icon": icon, "word": _("due"), "at": one.due_at}


def due_face(name: str, state: ClockState, due_at: datetime) -> dict[str, Any]:
    """The same for a row of a list that has nothing but this clock."""
    late = state is S.BREACHED or due_at <= time.now()
    tone, icon, word = ("bad", "octagon-alert", _("overdue, was due")) if late else ("neutral", "clock", _("due"))
    return {"name": say(label(CLOCKS, name)), "tone": tone, "icon": icon, "word": word, "at": due_at}


def missed(what: str, at: datetime) -> dict[str, Any]:
    """The same for something else that should have happened by then."""
    return {"name": what, "tone": "bad", "icon": "octagon-alert", "word": _("overdue, was due"), "at": at}


@dataclass(frozen=True)
class Why:
    """How a promise comes to be due when it is, for `ui.clock_why`: its terms, its days, what it stood still for."""

    terms: list[tuple[str, Any]]
    heads: tuple[str, str, str]
    days: list[dict[str, Any]]
    sum: str
    pauses: list[dict[str, Any]]


def why(session: Session, one: Clock, *, inside: bool) -> Why:
    """The rule with its source and version, and the arithmetic day by day."""
    rule, waitings, now = queries.rule_of(session, one), queries.pausing(session, one), time.now()
    end, pauses = _end_of_account(one, now), _ended_now(one, now)
    rows = deadlines.account(one.calendar, one.unit, one.started_at, end, pauses)
    reasons = {pause: say(waitings[row.waiting_id].reason.name) for pause, row in zip(pauses, one.pauses, strict=True)}
    return Why(
        terms=_terms(one, rule, inside),
        heads=(_("Day"), _("Opening hours") if one.unit.by_windows else "", _heading(one.unit)),
        days=[_day(one, row, reasons) for row in rows],
        sum=_sum(one, rows, end),
        pauses=[
            {
                "reason": say(waitings[row.waiting_id].reason.name),
                "began_at": row.began_at,
                "ended_at": row.ended_at,
                "evidence": row.evidence if inside else "",
            }
            for row in one.pauses
        ],
    )


def _end_of_account(one: Clock, now: datetime) -> datetime:
    return now if one.state is S.PAUSED else one.stopped_at or one.due_at


def _terms(one: Clock, rule: RuleOf, inside: bool) -> list[tuple[str, Any]]:
    version = _("%(policy)s, version %(number)s", policy=say(rule.policy.name), number=str(rule.version.version))
    if rule.version.approved_at is not None:
        version = _("%(version)s, in force since %(time)s", version=version, time=exact(rule.version.approved_at))
    found = [
        (_("Promised"), say(spell(one.unit, one.amount))),
        (_("Counts from"), f"{exact(one.started_at)} · {say(label(EVENTS, one.start_event))}"),
        (_("Counts until"), _or(say(label(EVENTS, event)) for event in one.stops_on)),
        (_("Due"), _("when it goes on") if one.state is S.PAUSED else exact(one.due_at)),
        (_("Rule"), version),
        (_("Source"), rule.version.source),
    ]
    if rule.rule.words:
        found.append((_("In its words"), say(rule.rule.words)))
    found.append((_("Calendar"), _calendar(one, rule)))
    if one.regulatory or not one.pausable:
        found.append((_("Pauses"), _("none: set by law") if one.regulatory else _("none")))
    if inside and one.steps:
        found.append((_("Told"), "; ".join(f"{percent} %: {_people(roles)}" for percent, roles in one.steps)))
    return found


def _or(words: Any) -> str:
    return f" {_('or')} ".join(words)


def _people(roles: Sequence[str]) -> str:
    return ", ".join(_("assigned technician") if role == ASSIGNED else say(Role(role)) for role in roles)


def _calendar(one: Clock, rule: RuleOf) -> str:
    return _(
        "%(name)s, version %(number)s, time of %(place)s",
        name=say(rule.calendar.name),
        number=str(one.calendar.version),
        place=city(one.calendar.zone),
    )


def _heading(unit: Unit) -> str:
    if unit is Unit.WORKING_HOURS:
        return _("Working time")
    return _("Days") if unit.in_days else _("Hours")


def _day(one: Clock, row: Row, reasons: Mapping[Pause, str]) -> dict[str, Any]:
    notes = [_stood(one, row, pause, reasons) for pause in row.pauses]
    if one.unit.in_days and row.day == one.calendar.working_time.day_of(one.started_at):
        notes.insert(0, _("the day of the start is not counted"))
    if not row.announced:
        notes.append(_("the public holidays of this year are not in the calendar yet"))
    return {
        "day": row.day,
        "hours": _hours(row) if one.unit.by_windows else "",
        "counted": _amount(one.unit, row.counted),
        "total": _amount(one.unit, row.total),
        "notes": notes,
    }


def _hours(row: Row) -> str:
    hours = ", ".join(map(str, row.windows)) or _("closed")
    return f"{hours} · {say(row.name)}" if row.name else hours


def _stood(one: Clock, row: Row, pause: Pause, reasons: Mapping[Pause, str]) -> str:
    """From when to when of this day it stood still, by the calendar's wall."""
    working_time = one.calendar.working_time
    begins, info = working_time.begins(row.day), working_time.info
    start = max(pause.start, begins).astimezone(info)
    ends_today = pause.end is not None and working_time.day_of(pause.end) == row.day
    end = f"{pause.end.astimezone(info):%H:%M}" if ends_today else "24:00"
    return _("stood still %(start)s–%(end)s: %(reason)s", start=f"{start:%H:%M}", end=end, reason=reasons[pause])


def _amount(unit: Unit, amount: int) -> str:
    """Days as they are, time as hours and minutes, with seconds where there are any."""
    if unit.in_days:
        return str(amount)
    hours, rest = divmod(amount, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _sum(one: Clock, rows: Sequence[Row], end: datetime) -> str:
    ran, of = _amount(one.unit, rows[-1].total if rows else 0), _amount(one.unit, one.amount)
    told = {"ran": ran, "of": of, "time": exact(end)}
    if one.state is S.PAUSED:
        return _("%(ran)s of %(of)s have run; it stands still.", **told)
    if one.stopped_at is None:
        return _("%(of)s have run at %(time)s: then it is due.", **told)
    return _("When it was done, at %(time)s, %(ran)s of %(of)s had run.", **told)
