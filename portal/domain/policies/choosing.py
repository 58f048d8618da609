"""Which policy holds for a case, and which of its rules: the strongest reason first.

A contract, then the device, the customer's tier, the risk of the product, the cover, the urgency, the zone, then the
policy for all others. A policy without a version in force is passed over. Within a policy, of the rules for one clock
the first that fits the facts holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.deadlines import CalendarVersion, Step, Terms, VersionState
from portal.domain.policies import calendars
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServiceContract, ServicePolicy, Subject
from portal.domain.policies.vocabulary import BASES

Facts = Mapping[str, Any]
"""What is known of a case: organisation_id, site_id, centre_id, device, tier, risks, on (the day), and the facts
that rules ask for, named as in `vocabulary.CONDITIONS`."""


@dataclass(frozen=True)
class Chosen:
    """The version that holds, why (a basis and its value, or a contract's number), and the calendar to count by."""

    version: PolicyVersion
    calendar: CalendarVersion
    basis: str
    value: str


def choose(session: Session, facts: Facts) -> Chosen | None:
    """The policy that holds for a case; None where none is in force or no calendar is."""
    return next(fitting(session, facts), None)


def fitting(session: Session, facts: Facts) -> Iterator[Chosen]:
    """Every policy that could hold, each with its reason, the strongest first."""
    contract = _contract(session, facts)
    calendar = _calendar(session, contract, facts)
    if calendar is None:
        return
    versions = {version.policy_id: version for version in session.scalars(_all_in_force())}
    if contract is not None and contract.policy_id in versions:
        yield Chosen(versions[contract.policy_id], calendar, "contract", contract.number)
    for basis in BASES:
        for version in versions.values():
            for row in version.policy.applies_to:
                if row["basis"] == basis and _holds(basis, row["value"], facts):
                    yield Chosen(version, calendar, basis, row["value"])


def _all_in_force() -> sa.Select[tuple[PolicyVersion]]:
    found = sa.select(PolicyVersion).join(ServicePolicy, ServicePolicy.id == PolicyVersion.policy_id)
    found = found.where(PolicyVersion.state == VersionState.IN_FORCE, ServicePolicy.subject == Subject.SERVICE)
    return found.options(joinedload(PolicyVersion.policy)).order_by(PolicyVersion.policy_id)


def _contract(session: Session, facts: Facts) -> ServiceContract | None:
    return contract_in_force(session, facts["organisation_id"], facts["site_id"], facts["on"])


def contract_in_force(session: Session, organisation_id: int, site_id: int, on: date) -> ServiceContract | None:
    """The contract in force on the day `on`, that of the site before that of the whole organisation."""
    mine = sa.select(ServiceContract).where(
        ServiceContract.organisation_id == organisation_id,
        sa.or_(ServiceContract.site_id.is_(None), ServiceContract.site_id == site_id),
        ServiceContract.starts_on <= on,
        ServiceContract.ends_on >= on,
    )
    mine = mine.order_by(ServiceContract.site_id.is_(None), ServiceContract.id.desc()).limit(1)
    return session.scalars(mine.options(joinedload(ServiceContract.price_terms))).first()


def _calendar(session: Session, contract: ServiceContract | None, facts: Facts) -> CalendarVersion | None:
    named = calendars.in_force(session, contract.calendar_id) if contract and contract.calendar_id else None
    return named or calendars.for_centre(session, facts["centre_id"])


def _holds(basis: str, value: str, facts: Facts) -> bool:
    match basis:
        case "default":
            return True
        case "risk":
            return value in facts["risks"]
        case "cover":
            return (value == "covered") == facts["covered"]
        case _:
            return str(facts[basis]) == value


def rules_for(version: PolicyVersion, facts: Facts) -> dict[str, PolicyRule]:
    """Clock name → the rule that holds, in the order of the version. Rules without a figure promise nothing."""
    return {name: rule for name, rule in holding(version, facts).items() if rule.amount is not None}


def holding(version: PolicyVersion, facts: Facts) -> dict[str, PolicyRule]:
    """The same with those that are still to be given a figure, as drafts have them."""
    found: dict[str, PolicyRule] = {}
    for rule in version.rules:
        if rule.clock not in found and fits(rule.when, facts):
            found[rule.clock] = rule
    return found


def with_hours(known: Facts, calendar: CalendarVersion, at: datetime) -> dict[str, Any]:
    """The facts, and whether the office is closed at this instant."""
    return {**known, "off_hours": not calendar.working_time.open_at(at)}


def fits(when: Mapping[str, list], facts: Facts) -> bool:
    """Whether the case is one of those that the rule is for."""
    return all(facts.get(name) in allowed for name, allowed in when.items())


def terms_of(rule: PolicyRule, version: PolicyVersion, calendar: CalendarVersion) -> Terms:
    """The rule as a clock carries it."""
    return Terms(
        name=rule.clock,
        unit=rule.unit,
        amount=rule.amount,
        calendar=calendar,
        steps=tuple(Step(percent, tuple(roles)) for percent, roles in rule.steps),
        stops_on=tuple(rule.stops_on),
        ends_on=tuple(rule.ends_on),
        policy_id=version.policy_id,
        rule_id=rule.id,
        rule_version=version.version,
        pausable=rule.pausable,
        regulatory=rule.regulatory,
    )
