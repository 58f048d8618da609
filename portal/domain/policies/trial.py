"""What would be due when, for a case that is only thought of: by the same rules as for real ones; nothing is written.

A promise may begin with something that has not happened yet. Unless it is said when that happens, it is taken to
happen as late as another promise allows, and where none speaks of it, together with the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.core.deadlines import CalendarVersion, Row, Step, account, forecast
from portal.core.working_time import to_second
from portal.domain.policies import choosing
from portal.domain.policies.choosing import Facts
from portal.domain.policies.models import PolicyRule, PolicyVersion


@dataclass(frozen=True)
class Expected:
    """One promise as it would run from `starts_at` (aware).

    `given`: that moment was said; `after`: the promise that decides it, "" where none does. `due_at` is None, and
    `steps` and `days` are empty, for a word of time without a figure.
    """

    rule: PolicyRule
    starts_at: datetime
    given: bool
    after: str
    due_at: datetime | None
    steps: list[tuple[Step, datetime]]
    days: list[Row]


def expect(
    version: PolicyVersion,
    calendar: CalendarVersion,
    facts: Facts,
    known: Mapping[str, datetime],
    reported_at: datetime,
) -> list[Expected]:
    """What the version promises to the case, in its order. `known`: event → when it happens. Raises ValueError where
    the calendar has hardly any working time.
    """
    found: dict[str, Expected] = {}
    for event in events_of(version):
        last = _latest(found, event)
        starts_at = known.get(event) or (last.due_at if last else reported_at)
        rules = choosing.holding(version, choosing.with_hours(facts, calendar, starts_at))
        for name, rule in rules.items():
            if rule.starts_on == event and name not in found:
                after = last.rule.clock if last and event not in known else ""
                found[name] = _run(rule, version, calendar, starts_at, event in known, after)
    return sorted(found.values(), key=lambda each: each.rule.position)


def events_of(version: PolicyVersion) -> list[str]:
    """The events that start promises, each behind those that may decide when it happens."""
    waiting = list(dict.fromkeys(rule.starts_on for rule in version.rules))
    found = []
    while waiting:
        undecided = {event for r in version.rules if r.starts_on in waiting for event in r.stops_on}
        following = next((event for event in waiting if event not in undecided), waiting[0])
        waiting.remove(following)
        found.append(following)
    return found


def _latest(found: Mapping[str, Expected], event: str) -> Expected | None:
    """The promise that is kept by this event and is due first."""
    of_event = [each for each in found.values() if event in each.rule.stops_on and each.due_at is not None]
    return min(of_event, key=lambda each: each.due_at, default=None)


def _run(
    rule: PolicyRule, version: PolicyVersion, calendar: CalendarVersion, starts_at: datetime, given: bool, after: str
) -> Expected:
    starts_at = to_second(starts_at)
    if rule.amount is None:
        return Expected(rule, starts_at, given, after, None, [], [])
    due_at, steps = forecast(choosing.terms_of(rule, version, calendar), starts_at)
    return Expected(rule, starts_at, given, after, due_at, steps, _way(rule, calendar, starts_at, due_at))


def _way(rule: PolicyRule, calendar: CalendarVersion, starts_at: datetime, due_at: datetime) -> list[Row]:
    """The days that count. What is due at 24:00 is not due on the day after, though the instant is the same."""
    days = account(calendar, rule.unit, starts_at, due_at)
    return days[:-1] if due_at == calendar.working_time.begins(days[-1].day) and len(days) > 1 else days
