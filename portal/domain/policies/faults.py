"""What keeps a version of a policy from being put into force, promise by promise.

The guards of approval refuse with the first fault; the editor shows all of them, each at its promise.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.working_time import Unit
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.permissions import RULES, P, Role
from portal.domain.policies import vocabulary
from portal.domain.policies.models import PolicyRule, PolicyVersion, Subject
from portal.domain.policies.presets import LAW, Promise

LAST_STEP = 100


class Fault(NamedTuple):
    """What is wrong, and with which promise; None for the version as a whole."""

    message: Message
    rule: PolicyRule | None = None


def of(session: Session, version: PolicyVersion) -> list[Fault]:
    """All that is wrong with a version, whoever approves it."""
    found = [*empty(version), *blank(version), *unreached(version), *silent(version)]
    return [*found, *unheard(session, version), *unlawful(version)]


def empty(version: PolicyVersion) -> Iterator[Fault]:
    """A version that promises nothing."""
    if not version.rules:
        yield Fault(Message("This version promises nothing yet."))


def blank(version: PolicyVersion) -> Iterator[Fault]:
    """Words of time that were not given a figure (DOC-11)."""
    for rule in version.rules:
        if rule.amount is None:
            words = rule.words or ""
            yield Fault(Message("Give a figure first: %(clock)s %(words)s", clock=_name(rule), words=words), rule)


def unreached(version: PolicyVersion) -> Iterator[Fault]:
    """Promises that never hold, because one above them holds for all their cases."""
    for position, rule in enumerate(version.rules):
        if any(above.clock == rule.clock and covers(above.when, rule.when) for above in version.rules[:position]):
            message = Message("Another promise above it holds for all the same cases: %(clock)s", clock=_name(rule))
            yield Fault(message, rule)


def covers(general: dict[str, list], special: dict[str, list]) -> bool:
    """Whether every case of `special` is one of `general`."""
    return all(name in special and set(special[name]) <= set(values) for name, values in general.items())


def silent(version: PolicyVersion) -> Iterator[Fault]:
    """Promises of which nobody is told when they break."""
    for rule in version.rules:
        if not any(percent == LAST_STEP and roles for percent, roles in rule.steps):
            message = Message("Nobody would be told when this promise breaks: %(clock)s", clock=_name(rule))
            yield Fault(message, rule)


def unheard(session: Session, version: PolicyVersion) -> Iterator[Fault]:
    """Promises that tell a role which nobody holds."""
    told = {role for rule in version.rules for _, roles in rule.steps for role in roles}
    missing = {role.value for role in without_people(session, told)}
    for rule in version.rules:
        for role in [role for _, roles in rule.steps for role in roles if role in missing][:1]:
            yield Fault(nobody_in(Role(role)), rule)


def without_people(session: Session, roles: set[str]) -> list[Role]:
    """Those of the roles that no active account holds, or that may not see clocks."""
    held = sa.select(RoleGrant.role).join(Account, Account.id == RoleGrant.account_id)
    held = held.where(RoleGrant.ended_at.is_(None), Account.state == State.ACTIVE).distinct()
    people = set(session.scalars(held)) & set(RULES[P.CLOCK_SEE])
    return sorted(set(map(Role, roles)) - people)


def nobody_in(role: Role) -> Message:
    return Message("Nobody holds this role, so nobody would be told: %(role)s", role=role.label)


def unlawful(version: PolicyVersion) -> Iterator[Fault]:
    """What the law sets and is not promised whole, in its unit, at most as long, without pauses (SLA-7)."""
    for legal in LAW.rules if version.policy.subject is Subject.REGULATORY else ():
        own = next((r for r in version.rules if (r.clock, r.when) == (legal.clock, legal.when)), None)
        if own is None or softer_than_law(own, legal):
            yield Fault(law_allows(legal), own)


def law_allows(legal: Promise) -> Message:
    return Message(
        "The law allows no more than %(time)s here: %(clock)s",
        time=vocabulary.spell(legal.unit, legal.stored),
        clock=vocabulary.label(vocabulary.CLOCKS, legal.clock),
    )


def softer_than_law(rule: Any, legal: Promise) -> bool:
    """Whether the rule gives more time than the law, in whatever way."""
    same_event = rule.starts_on == legal.starts_on and set(rule.stops_on) <= set(legal.stops_on) and not rule.ends_on
    if not same_event or rule.pausable or not rule.regulatory:
        return True
    return longer((rule.unit, rule.amount), (legal.unit, legal.stored))


def longer(new: tuple[Unit, int | None], old: tuple[Unit, int | None]) -> bool:
    """Whether the first amount may end later than the second; what cannot be compared counts as longer."""
    (unit, amount), (old_unit, old_amount) = new, old
    if amount is None or old_amount is None:
        return amount is None and old_amount is not None
    if unit is old_unit:
        return amount > old_amount
    if (unit, old_unit) in STRICTER:
        return amount > old_amount
    if not unit.by_windows and not old_unit.by_windows:
        return _hours_at_most(unit, amount) > _hours_at_least(old_unit, old_amount)
    return True


STRICTER = {
    (Unit.NATURAL_HOURS, Unit.WORKING_HOURS),
    (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS),
}
"""The same number of the first never ends later than of the second."""


def _hours_at_most(unit: Unit, amount: int) -> int:
    return (amount + 1) * 24 * 3600 if unit.in_days else amount


def _hours_at_least(unit: Unit, amount: int) -> int:
    return amount * 24 * 3600 if unit.in_days else amount


def loosened(version: PolicyVersion, old: PolicyVersion | None) -> list[str]:
    """Clocks on which the version promises less than the one in force."""
    if old is None:
        return []
    new = {(r.clock, key_of(r.when)): r for r in version.rules}
    found = []
    for rule in old.rules:
        own = new.get((rule.clock, key_of(rule.when)))
        if own is None or longer((own.unit, own.amount), (rule.unit, rule.amount)) or own.pausable > rule.pausable:
            found.append(rule.clock)
    return list(dict.fromkeys(found))


def key_of(when: dict) -> tuple:
    """Conditions as a key: two rules for the same cases have the same."""
    return tuple(sorted((name, tuple(values)) for name, values in when.items()))


def at_fields(session: Session, subject: Subject, rule: Any) -> dict[str, Message]:
    """What is wrong with one promise as it is typed, by the name of its part. `rule` has the attributes of a rule."""
    found: dict[str, Message] = {}
    missing = without_people(session, {role for _, roles in rule.steps for role in roles})
    if missing:
        found["steps"] = nobody_in(missing[0])
    if subject is Subject.REGULATORY:
        for legal in LAW.rules:
            if (legal.clock, legal.when) == (rule.clock, rule.when) and softer_than_law(rule, legal):
                found["amount"] = law_allows(legal)
    return found


def _name(rule: PolicyRule) -> Message:
    return vocabulary.label(vocabulary.CLOCKS, rule.clock)
