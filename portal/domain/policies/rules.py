"""Service policies: what can be done to them, and doing it.

A version is drafted, filled and approved by somebody else. What it may not be: blank, silent to everybody, softer than
the law; what it may be only with a reason: softer than the version before it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, outbox
from portal.core.deadlines import VersionState
from portal.core.errors import Message, NotValid
from portal.core.lifecycle import ANY, NEW, Act, Lifecycle, Verb, lock, perform, react, setting
from portal.core.permissions import Person
from portal.core.working_time import Unit
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.permissions import RULES, P, Role
from portal.domain.policies import vocabulary
from portal.domain.policies.calendars import not_the_drafter
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServiceContract, ServicePolicy, Subject
from portal.domain.policies.presets import LAW, Promise

S = VersionState
LAST_STEP = 100
PARTS = (
    "clock",
    "when",
    "unit",
    "amount",
    "starts_on",
    "stops_on",
    "ends_on",
    "steps",
    "pausable",
    "regulatory",
    "words",
)


def no_blanks(act: Act) -> Message | None:
    """Every word of time has a figure before it is promised (DOC-11)."""
    blank = next((rule for rule in act.record.rules if rule.amount is None), None)
    if blank is None:
        return None
    clock_label = vocabulary.label(vocabulary.CLOCKS, blank.clock)
    words = f"“{blank.words}”" if blank.words else ""
    return Message("Give a figure first: %(clock)s %(words)s", clock=clock_label, words=words)


def promises_something(act: Act) -> Message | None:
    if act.record.rules:
        return None
    return Message("This version promises nothing yet.")


def tells_people(act: Act) -> Message | None:
    """Each promise tells somebody when it breaks, and there is somebody in each role that is told."""
    for rule in act.record.rules:
        if not any(percent == LAST_STEP and roles for percent, roles in rule.steps):
            return Message(
                "Nobody would be told when this promise breaks: %(clock)s",
                clock=vocabulary.label(vocabulary.CLOCKS, rule.clock),
            )
    if act.actor.is_system:  # what is shipped comes before the first people
        return None
    missing = roles_without_people(act.session, act.record)
    if missing:
        return Message("Nobody holds this role, so nobody would be told: %(role)s", role=missing[0].label)
    return None


def roles_without_people(session: Session, version: PolicyVersion) -> list[Role]:
    """Roles of the chains that no active account holds and that may see clocks."""
    told = {Role(role) for rule in version.rules for _, roles in rule.steps for role in roles}
    held = sa.select(RoleGrant.role).join(Account, Account.id == RoleGrant.account_id)
    held = held.where(RoleGrant.ended_at.is_(None), Account.state == State.ACTIVE).distinct()
    people = set(session.scalars(held)) & set(RULES[P.CLOCK_SEE])
    return sorted(told - people)


def within_the_law(act: Act) -> Message | None:
    """What the law sets is promised whole, in its unit, at most as long, without pauses (SLA-7)."""
    version: PolicyVersion = act.record
    for legal in LAW.rules if version.policy.subject is Subject.REGULATORY else ():
        own = next((r for r in version.rules if (r.clock, r.when) == (legal.clock, legal.when)), None)
        if own is None or softer_than_law(own, legal):
            return Message(
                "The law allows no more than %(time)s here: %(clock)s",
                time=vocabulary.spell(legal.unit, legal.stored),
                clock=vocabulary.label(vocabulary.CLOCKS, legal.clock),
            )
    return None


def softer_than_law(rule: PolicyRule, legal: Promise) -> bool:
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
    new = {(r.clock, _key(r.when)): r for r in version.rules}
    found = []
    for rule in old.rules:
        own = new.get((rule.clock, _key(rule.when)))
        if own is None or longer((own.unit, own.amount), (rule.unit, rule.amount)) or own.pausable > rule.pausable:
            found.append(rule.clock)
    return list(dict.fromkeys(found))


def _key(when: dict) -> tuple:
    return tuple(sorted((name, tuple(values)) for name, values in when.items()))


def loosened_with_reason(act: Act) -> Message | None:
    """Nothing is loosened silently."""
    softer = loosened(act.record, in_force(act.session, act.record.policy_id))
    if not softer or act.reason:
        return None
    name = vocabulary.label(vocabulary.CLOCKS, softer[0])
    return Message("This promises less than the version in force: %(clock)s. Give the reason.", clock=name)


def ask_to_reapply(act: Act) -> None:
    """Open cases are counted anew by a job, a portion at a time."""
    outbox.put(
        act.session,
        "clocks.reapply",
        {"policy": act.record.policy_id, "after": 0},
        cause_id=act.entry.id,
    )


FOUND = Verb("found", on=NEW, permission=P.POLICY_EDIT, label=Message("Add policy"))
CHOOSE = Verb("choose", on=ANY, permission=P.POLICY_APPROVE, label=Message("Change where it applies"), edits="choice")
POLICY_LIFECYCLE = Lifecycle(ServicePolicy, None, [FOUND, CHOOSE])

DRAFT = Verb("draft", on=NEW, to=S.DRAFT, permission=P.POLICY_EDIT, label=Message("Draft a new version"))
EDIT = Verb("edit", on=(S.DRAFT,), permission=P.POLICY_EDIT, label=Message("Edit the draft"), edits="draft")
APPROVE = Verb(
    "approve",
    on=(S.DRAFT,),
    to=S.IN_FORCE,
    permission=P.POLICY_APPROVE,
    label=Message("Put into force"),
    needs=(not_the_drafter, promises_something, no_blanks, tells_people, within_the_law, loosened_with_reason),
)
DISCARD = Verb("discard", on=(S.DRAFT,), to=S.DISCARDED, permission=P.POLICY_EDIT, label=Message("Discard the draft"))
SUPERSEDE = Verb("supersede", on=(S.IN_FORCE,), to=S.SUPERSEDED, permission=P.CLOCK_KEEP, label=Message("Supersede"))
REAPPLY = Verb(
    "reapply",
    on=(S.IN_FORCE,),
    permission=P.POLICY_APPROVE,
    label=Message("Apply to open cases"),
    asks_reason=True,
    effects=(ask_to_reapply,),
)
VERSION_LIFECYCLE = Lifecycle(PolicyVersion, VersionState, [DRAFT, EDIT, APPROVE, DISCARD, SUPERSEDE, REAPPLY])

SIGN = Verb("sign", on=NEW, permission=P.POLICY_EDIT, label=Message("Add contract"))
AMEND = Verb("amend", on=ANY, permission=P.POLICY_EDIT, label=Message("Change contract"), edits="terms")
CONTRACT_LIFECYCLE = Lifecycle(ServiceContract, None, [SIGN, AMEND])


def found(session: Session, person: Person, **values: Any) -> ServicePolicy:
    """Add a policy without promises."""
    return perform(session, FOUND, ServicePolicy(**values), person).record


def choose(session: Session, policy: ServicePolicy, person: Person, base_version: int, rows: Sequence[dict]) -> Act:
    """Say which cases the policy is for: rows {"basis", "value"}. There is exactly one policy for all others."""
    for row in rows:
        if row["basis"] not in vocabulary.BASES:
            raise NotValid(basis=Message("Choose what the policy depends on."))
    act = perform(session, CHOOSE, policy, person, setting({"applies_to": list(rows)}), base_version=base_version)
    others = session.scalars(sa.select(ServicePolicy).where(ServicePolicy.subject == Subject.SERVICE))
    defaults = [p for p in others if any(row["basis"] == "default" for row in p.applies_to)]
    if len(defaults) != 1:
        raise NotValid(basis=Message("There must be one policy, and only one, for all other cases."))
    return act


def in_force(session: Session, policy_id: int) -> PolicyVersion | None:
    """The version that new cases get."""
    return _one(session, policy_id, S.IN_FORCE)


def draft_of(session: Session, policy_id: int) -> PolicyVersion | None:
    """The version that is being written."""
    return _one(session, policy_id, S.DRAFT)


def _one(session: Session, policy_id: int, state: VersionState) -> PolicyVersion | None:
    mine = sa.select(PolicyVersion).where(PolicyVersion.policy_id == policy_id, PolicyVersion.state == state)
    return session.scalars(mine.order_by(PolicyVersion.id.desc()).limit(1)).first()


def draft(
    session: Session, policy: ServicePolicy, person: Person, rules: Iterable[PolicyRule] | None = None, **values: Any
) -> PolicyVersion:
    """Begin the next version: with these rules, else with those in force. One draft at a time."""
    if draft_of(session, policy.id) is not None:
        raise NotValid(Message("There is a draft of this policy already. Finish or discard it first."))
    old = in_force(session, policy.id)
    if old is not None:
        values = {"source": old.source, "note": old.note} | values
    number = session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(PolicyVersion.version), 0)).where(PolicyVersion.policy_id == policy.id)
    )
    own = list(rules) if rules is not None else [_copy(rule) for rule in old.rules] if old else []
    version = PolicyVersion(policy=policy, policy_id=policy.id, version=number + 1, drafted_by_id=person.id, **values)

    def change(act: Act) -> None:
        version.rules = own

    return perform(session, DRAFT, version, person, change).record


def _copy(rule: PolicyRule) -> PolicyRule:
    return PolicyRule(position=rule.position, **{name: getattr(rule, name) for name in PARTS})


def set_rule(
    session: Session, version: PolicyVersion, person: Person, base_version: int, rule_id: int | None, **values: Any
) -> Act:
    """Change a promise of the draft, or add one (`rule_id` None). Raises NotValid."""
    check_rule(values)

    def change(act: Act) -> None:
        rule = next((r for r in version.rules if r.id == rule_id), None)
        if rule is None:
            last = max((r.position for r in version.rules), default=0)
            rule = PolicyRule(**{"position": last + 1, "ends_on": [], "when": {}} | values)
            version.rules.append(rule)
        for name, value in values.items():
            setattr(rule, name, value)
        version.drafted_by_id = person.id

    return perform(session, EDIT, version, person, change, base_version=base_version)


def drop_rule(session: Session, version: PolicyVersion, person: Person, base_version: int, rule_id: int) -> Act:
    """Take a promise out of the draft."""

    def change(act: Act) -> None:
        version.rules = [rule for rule in version.rules if rule.id != rule_id]
        version.drafted_by_id = person.id

    return perform(session, EDIT, version, person, change, base_version=base_version)


def check_rule(values: dict[str, Any]) -> None:
    """Refuse figures below one and chains that tell nobody."""
    amount = values.get("amount")
    if amount is not None and amount < 1:
        raise NotValid(amount=Message("A promised time is at least one minute or one day."))
    steps = values.get("steps")
    if steps is not None and not any(percent == LAST_STEP and roles for percent, roles in steps):
        raise NotValid(steps=Message("Say who is told when the promise breaks."))
    if values.get("regulatory") and values.get("pausable"):
        raise NotValid(pausable=Message("A time set by law cannot be paused."))


def approve(session: Session, version: PolicyVersion, person: Person, reason: str = "") -> Act:
    """Put a draft into force for new cases. Open cases keep their promises until `reapply`."""
    old = in_force(session, version.policy_id)
    lock(session, version, *([old] if old else ()))

    def change(act: Act) -> None:
        version.approved_by_id, version.approved_at = person.id, clock.now()

    act = perform(session, APPROVE, version, person, change, reason=reason)
    if old is not None:
        react(act, SUPERSEDE, old)
    return act


def discard(session: Session, version: PolicyVersion, person: Person) -> Act:
    """Give a draft up."""
    return perform(session, DISCARD, version, person)


def reapply(session: Session, version: PolicyVersion, person: Person, reason: str) -> Act:
    """Let the open cases of the policy be counted anew by this version; a job does it."""
    return perform(session, REAPPLY, version, person, reason=reason)


def sign_contract(session: Session, person: Person, **values: Any) -> ServiceContract:
    """Add a contract that names a policy, perhaps a calendar, for an organisation or one of its sites."""
    if values["ends_on"] < values["starts_on"]:
        raise NotValid(ends_on=Message("The end lies before the beginning."))
    return perform(session, SIGN, ServiceContract(**values), person).record


def amend_contract(
    session: Session, contract: ServiceContract, person: Person, base_version: int, **values: Any
) -> Act:
    """Change what a contract says; it holds for new cases, and for open ones when they are counted anew."""
    return perform(session, AMEND, contract, person, setting(values), base_version=base_version)
