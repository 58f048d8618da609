"""Policies said in words: what chooses them, what they promise, for which cases."""

from typing import Any

from flask_babel import gettext as _

from portal.domain.organisations.models import Locality
from portal.domain.permissions import Role
from portal.domain.policies import vocabulary
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServicePolicy, Subject
from portal.domain.servicing.words import Kind, Urgency
from portal.web.languages import say

ENUMS = {"kind": Kind, "locality": Locality, "urgency": Urgency}


def basis_words(row: dict[str, str]) -> str:
    """What a policy is chosen by, in one line: "Risk of the product: life support"."""
    basis, value = row["basis"], row["value"]
    name = _("Contract") if basis == "contract" else say(vocabulary.label(vocabulary.BASES, basis))
    return _("%(name)s: %(value)s", name=name, value=_value(basis, value)) if value else name


def applies_to(policy: ServicePolicy) -> list[str]:
    """All that a policy is chosen by; those about complaints and of the law hold wherever they are asked for."""
    match policy.subject:
        case Subject.COMPLAINT:
            return [_("all complaints")]
        case Subject.REGULATORY:
            return [_("wherever the law asks")]
        case Subject.RELEASE:
            return [_("releases before the review")]
    return [basis_words(row) for row in policy.applies_to]


def _value(basis: str, value: str) -> str:
    match basis:
        case "risk":
            return say(vocabulary.label(vocabulary.RISKS, value))
        case "cover":
            return cover_words(value)
        case "urgency" | "locality":
            return say(ENUMS[basis](value))
    return value


def cover_words(value: str) -> str:
    """Whether the warranty covers the case."""
    return _("in warranty") if value == "covered" else _("out of warranty")


def source_of(version: PolicyVersion) -> str:
    """By which rule: the source with policy and version."""
    return _(
        "%(policy)s, version %(n)s, after %(source)s",
        policy=say(version.policy.name),
        n=version.version,
        source=version.source,
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
            "ends_on": [vocabulary.label(vocabulary.EVENTS, event) for event in rule.ends_on],
            "steps": [(percent, [say(Role(role)) for role in roles]) for percent, roles in rule.steps],
        }
        for rule in version.rules
    ]


def conditions_of(rule: PolicyRule) -> list[str]:
    """For which cases the rule holds, in words."""
    return [_condition(name, values) for name, values in rule.when.items()]


def _condition(name: str, values: list) -> str:
    """One condition: "Repair", "Local, urban / Out of town", "Life support or critical: no"."""
    words = ENUMS.get(name)
    said = [say(words(value)) if words else str(value) for value in values]
    if words or name == "province":
        return " / ".join(said)
    label = say(vocabulary.label(vocabulary.CONDITIONS, name))
    if values == [True]:
        return label
    return _("%(name)s: %(value)s", name=label, value=say(vocabulary.NO) if values == [False] else " / ".join(said))


def sentence(rule: PolicyRule) -> str:
    """A promise in one line, without its cases: what two versions are compared by."""
    amount = _("no figure yet") if rule.amount is None else say(vocabulary.spell(rule.unit, rule.amount))
    parts = [amount, _("from: %(event)s", event=_events([rule.starts_on]))]
    parts += [_("until: %(event)s", event=_events(rule.stops_on))]
    parts += [_("not needed when: %(event)s", event=_events(rule.ends_on))] if rule.ends_on else []
    parts += [] if rule.pausable else [_("never paused")]
    parts += [f"{percent} %: {', '.join(say(Role(role)) for role in roles)}" for percent, roles in rule.steps]
    return " · ".join(parts)


def _events(events: list[str]) -> str:
    return _(" or ").join(say(vocabulary.label(vocabulary.EVENTS, event)) for event in events)


def heading(rule: PolicyRule) -> str:
    """What is promised, and for which cases."""
    return " · ".join([say(vocabulary.label(vocabulary.CLOCKS, rule.clock)), *conditions_of(rule)])
