"""Keeping the release rules: drafted by one person, put into force by another, never altered afterwards."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.releases import lifecycle, queries
from portal.domain.releases.models import ReleaseReason, ReleaseRule, ReleaseVersion

PARTS = ("risk_class", "life_support", "kind", "review", "source")
"""What a rule says."""


def draft(
    session: Session, person: Person, rules: list[ReleaseRule] | None = None, *, source: str = ""
) -> ReleaseVersion:
    """Begin the next version: with these rules, else with those in force. One draft at a time."""
    if queries.draft(session) is not None:
        raise NotNow(Message("There is a draft of the release rules already. Finish or discard it first."))
    old = queries.in_force(session)
    newest = session.scalar(sa.select(sa.func.max(ReleaseVersion.version)))
    own = rules if rules is not None else copies(old) if old else []
    source = source or (old.source if old else "")
    version = ReleaseVersion(version=(newest or 0) + 1, source=source, drafted_by_id=person.id)

    def change(act: Act) -> None:
        version.rules = own

    return perform(session, lifecycle.DRAFT, version, person, change).record


def copies(version: ReleaseVersion) -> list[ReleaseRule]:
    """The rules of a version, for another one."""
    return [ReleaseRule(**{name: getattr(rule, name) for name in PARTS}) for rule in version.rules]


def describe(session: Session, version: ReleaseVersion, person: Person, base_version: int, source: str) -> Act:
    """Change the source of a draft."""
    change = setting({"source": source, "drafted_by_id": person.id})
    return perform(session, lifecycle.EDIT, version, person, change, base_version=base_version)


def set_rule(
    session: Session, version: ReleaseVersion, person: Person, base_version: int, uid: str | None, **values: Any
) -> Act:
    """Change a rule of the draft, or add one (`uid` None). Raises NotValid where another one is for the same cases."""

    def change(act: Act) -> None:
        rule = next((each for each in version.rules if each.uid == uid), None)
        wanted = values["risk_class"], values["life_support"], values["kind"]
        if any(each.key == wanted for each in version.rules if each is not rule):
            raise NotValid(Message("Another rule is for the same devices and services: change that one."))
        if rule is None:
            version.rules.append(ReleaseRule(**values))
        else:
            for name, value in values.items():
                setattr(rule, name, value)
        version.drafted_by_id = person.id

    return perform(session, lifecycle.EDIT, version, person, change, base_version=base_version)


def drop_rule(session: Session, version: ReleaseVersion, person: Person, base_version: int, uid: str) -> Act:
    """Take a rule out of the draft."""

    def change(act: Act) -> None:
        version.rules = [rule for rule in version.rules if rule.uid != uid]
        version.drafted_by_id = person.id

    return perform(session, lifecycle.EDIT, version, person, change, base_version=base_version)


def approve(session: Session, version: ReleaseVersion, person: Person, reason: str = "") -> Act:
    """Put a draft into force, from the next release on; the version before it is superseded."""
    old = queries.in_force(session)
    lock(session, version, *([old] if old else ()))

    def change(act: Act) -> None:
        version.approved_by_id, version.approved_at = person.id, act.at

    act = perform(session, lifecycle.APPROVE, version, person, change, reason=reason)
    if old is not None:
        react(act, lifecycle.SUPERSEDE, old)
    return act


def discard(session: Session, version: ReleaseVersion, person: Person) -> Act:
    """Give a draft up."""
    return perform(session, lifecycle.DISCARD, version, person)


def add_reason(session: Session, person: Person, **values: Any) -> ReleaseReason:
    """Add a reason for releasing first: name, in_use."""
    return perform(session, lifecycle.ADD_REASON, ReleaseReason(**values), person).record


def edit_reason(session: Session, reason: ReleaseReason, person: Person, base_version: int, **values: Any) -> Act:
    """Change a reason; releases that it was given for keep what it said."""
    return perform(session, lifecycle.EDIT_REASON, reason, person, setting(values), base_version=base_version)
