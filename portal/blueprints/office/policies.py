"""Service policies: what is promised to whom, in which version, by which source."""

from typing import Any

from flask import g

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.deadlines import VersionState
from portal.core.permissions import find
from portal.domain.organisations.models import Locality
from portal.domain.permissions import P, Role
from portal.domain.policies import queries, vocabulary
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServicePolicy
from portal.domain.servicing.words import Kind, Urgency
from portal.web.answers import render
from portal.web.languages import say

SHOWN = (VersionState.DRAFT, VersionState.IN_FORCE)


@door.page("/policies", access=P.POLICY_SEE)
def policies():
    """All policies, with the version in force or the draft."""
    return render("office/policies.html", policies=[_row(policy) for policy in queries.policies(db.session)])


def _row(policy: ServicePolicy) -> dict[str, Any]:
    shown = next((v for v in reversed(policy.versions) if v.state is VersionState.IN_FORCE), policy.versions[-1])
    return {"policy": policy, "version": shown, "bases": [basis_words(row) for row in policy.applies_to]}


def basis_words(row: dict[str, str]) -> str:
    """What a policy is chosen by, in one line."""
    name = say(vocabulary.label(vocabulary.BASES, row["basis"]))
    value = row["value"]
    return f"{name}: {say(vocabulary.label(vocabulary.RISKS, value))}" if value else name


@door.page("/policies/<key>", access=P.POLICY_SEE)
def policy(key: str):
    """One policy: its versions, and what the one in force and the draft promise."""
    found = find(db.session, ServicePolicy, g.person, P.POLICY_SEE, key=key)
    shown = [version for version in reversed(found.versions) if version.state in SHOWN] or found.versions[-1:]
    return render(
        "office/policy.html",
        policy=found,
        bases=[basis_words(row) for row in found.applies_to],
        versions=[{"version": version, "rules": rules_of(version)} for version in shown],
    )


def rules_of(version: PolicyVersion) -> list[dict[str, Any]]:
    """The rules of a version in words."""
    return [
        {
            "rule": rule,
            "clock": vocabulary.label(vocabulary.CLOCKS, rule.clock),
            "amount": None if rule.amount is None else vocabulary.spell(rule.unit, rule.amount),
            "when": conditions_of(rule),
            "starts_on": vocabulary.label(vocabulary.EVENTS, rule.starts_on),
            "stops_on": [vocabulary.label(vocabulary.EVENTS, event) for event in rule.stops_on],
            "steps": [(percent, [say(Role(role)) for role in roles]) for percent, roles in rule.steps],
        }
        for rule in version.rules
    ]


def conditions_of(rule: PolicyRule) -> list[str]:
    """For which cases the rule holds, in words."""
    return [_condition(name, values) for name, values in rule.when.items()]


def _condition(name: str, values: list) -> str:
    label = say(vocabulary.label(vocabulary.CONDITIONS, name))
    words = {"kind": Kind, "locality": Locality, "urgency": Urgency}.get(name)
    if values in ([True], [False]):
        return label if values[0] else f"{label}: {say(vocabulary.NO)}"
    return f"{label}: {' / '.join(say(words(value)) if words else str(value) for value in values)}"
