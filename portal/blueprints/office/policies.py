"""Service policies: what is promised to whom, in which version, by which source."""

from typing import Any

from flask import g

from portal.blueprints.office import door
from portal.blueprints.office.policy_words import basis_words, rules_of
from portal.core.db import db
from portal.core.deadlines import VersionState
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.policies import queries
from portal.domain.policies.models import ServicePolicy
from portal.web.answers import render

SHOWN = (VersionState.DRAFT, VersionState.IN_FORCE)


@door.page("/policies", access=P.POLICY_SEE)
def policies():
    """All policies, with the version in force or the draft."""
    return render("office/policies.html", policies=[_row(policy) for policy in queries.policies(db.session)])


def _row(policy: ServicePolicy) -> dict[str, Any]:
    shown = next((v for v in reversed(policy.versions) if v.state is VersionState.IN_FORCE), policy.versions[-1])
    return {"policy": policy, "version": shown, "bases": [basis_words(row) for row in policy.applies_to]}


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
