"""Service policies: what can be done to them, and doing it.

A version is drafted, filled and approved by somebody else. What it may not be: blank, silent to everybody, softer than
the law; what it may be only with a reason: softer than the version before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, outbox
from portal.core.deadlines import VersionState
from portal.core.errors import Message, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb, setting
from portal.domain.permissions import P
from portal.domain.policies import faults, vocabulary
from portal.domain.policies.calendars import not_the_drafter
from portal.domain.policies.faults import LAST_STEP, Fault
from portal.domain.policies.models import (
    PolicyRule,
    PolicyVersion,
    PriceTerms,
    ServiceContract,
    ServicePolicy,
    Subject,
)

S = VersionState
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


def _first(found: Iterator[Fault]) -> Message | None:
    return next((fault.message for fault in found), None)


def promises_something(act: Act) -> Message | None:
    return _first(faults.empty(act.record))


def no_blanks(act: Act) -> Message | None:
    """Every word of time has a figure before it is promised (DOC-11)."""
    return _first(faults.blank(act.record))


def all_reached(act: Act) -> Message | None:
    """No promise stands below one that holds for all its cases."""
    return _first(faults.unreached(act.record))


def tells_people(act: Act) -> Message | None:
    """Each promise tells somebody when it breaks, and there is somebody in each role that is told."""
    silent = _first(faults.silent(act.record))
    if silent or act.actor.is_system:  # what is shipped comes before the first people
        return silent
    return _first(faults.unheard(act.session, act.record))


def within_the_law(act: Act) -> Message | None:
    """What the law sets is promised whole (SLA-7)."""
    return _first(faults.unlawful(act.record))


def loosened_with_reason(act: Act) -> Message | None:
    """Nothing is loosened silently."""
    softer = faults.loosened(act.record, in_force(act.session, act.record.policy_id))
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
        bulk=True,
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
    needs=(
        not_the_drafter,
        promises_something,
        no_blanks,
        all_reached,
        tells_people,
        within_the_law,
        loosened_with_reason,
    ),
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

SHIP_TERMS = Verb("ship", on=NEW, permission=P.PRICE_EDIT, label=Message("Add price terms"))
EDIT_TERMS = Verb("edit", on=ANY, permission=P.PRICE_EDIT, label=Message("Change price terms"), edits="terms")
PRICE_TERMS_LIFECYCLE = Lifecycle(PriceTerms, None, [SHIP_TERMS, EDIT_TERMS])


def found(session: Session, person: Person, **values: Any) -> ServicePolicy:
    """Add a policy without promises. Raises NotValid for a key that another has."""
    if session.scalar(sa.select(ServicePolicy.id).where(ServicePolicy.key == values["key"])) is not None:
        raise NotValid(short_name=Message("Another policy has this short name."))
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
    """Begin the next version: with these rules, else with those in force, or last drafted. One draft at a time."""
    if draft_of(session, policy.id) is not None:
        raise NotValid(Message("There is a draft of this policy already. Finish or discard it first."))
    old = in_force(session, policy.id) or _one(session, policy.id, S.DISCARDED)
    if old is not None:
        values = {"source": old.source, "note": old.note} | values
    number = session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(PolicyVersion.version), 0)).where(PolicyVersion.policy_id == policy.id)
    )
    own = list(rules) if rules is not None else copies(old) if old else []
    version = PolicyVersion(policy=policy, policy_id=policy.id, version=number + 1, drafted_by_id=person.id, **values)

    def change(act: Act) -> None:
        version.rules = own

    return perform(session, DRAFT, version, person, change).record


def copies(version: PolicyVersion) -> list[PolicyRule]:
    """The promises of a version, for another one."""
    return [
        PolicyRule(position=rule.position, **{name: getattr(rule, name) for name in PARTS}) for rule in version.rules
    ]


def describe(session: Session, version: PolicyVersion, person: Person, base_version: int, **values: Any) -> Act:
    """Change the source or the note of a draft."""
    change = setting(values | {"drafted_by_id": person.id})
    return perform(session, EDIT, version, person, change, base_version=base_version)


def set_rule(
    session: Session, version: PolicyVersion, person: Person, base_version: int, rule_id: int | None, **values: Any
) -> Act:
    """Change a promise of the draft, or add one (`rule_id` None). Raises NotValid."""
    check_rule(values)

    def change(act: Act) -> None:
        rule = next((r for r in version.rules if r.id == rule_id), None)
        if rule is None:
            rule = PolicyRule(**{"ends_on": [], "when": {}} | values)
            _insert(version, rule)
        for name, value in values.items():
            setattr(rule, name, value)
        version.drafted_by_id = person.id

    return perform(session, EDIT, version, person, change, base_version=base_version)


def _insert(version: PolicyVersion, rule: PolicyRule) -> None:
    """Put a promise above the first that would hold for all its cases; without one, at the end."""
    kept = list(version.rules)
    place = next((n for n, r in enumerate(kept) if r.clock == rule.clock and faults.covers(r.when, rule.when)), None)
    kept.insert(len(kept) if place is None else place, rule)
    for position, each in enumerate(kept, 1):
        each.position = position
    version.rules = kept


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
    _check_contract(values)
    if session.scalar(sa.select(ServiceContract.id).where(ServiceContract.number == values["number"])) is not None:
        raise NotValid(number=Message("There is a contract with this number already."))
    return perform(session, SIGN, ServiceContract(**values), person).record


def amend_contract(
    session: Session, contract: ServiceContract, person: Person, base_version: int, **values: Any
) -> Act:
    """Change what a contract says; it holds for new cases, and for open ones when they are counted anew."""
    _check_contract({"starts_on": contract.starts_on, "ends_on": contract.ends_on} | values)
    return perform(session, AMEND, contract, person, setting(values), base_version=base_version)


def _check_contract(values: dict[str, Any]) -> None:
    if values["ends_on"] < values["starts_on"]:
        raise NotValid(ends_on=Message("The end lies before the beginning."))
    if values.get("standing_consent") and not values.get("standing_clause", "").strip():
        raise NotValid(standing_clause=Message("Copy the words by which the contract consents beforehand."))


def ship_terms(session: Session, person: Person, **values: Any) -> PriceTerms:
    """Add price terms."""
    return perform(session, SHIP_TERMS, PriceTerms(**values), person).record


def edit_terms(session: Session, terms: PriceTerms, person: Person, base_version: int, **values: Any) -> Act:
    """Change price terms; plans that were drawn up keep what they said."""
    return perform(session, EDIT_TERMS, terms, person, setting(values), base_version=base_version)
