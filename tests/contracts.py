"""Service contracts for tests."""

from datetime import timedelta

import sqlalchemy as sa

from portal.core import clock
from portal.core.db import writing
from portal.core.permissions import SYSTEM
from portal.domain.policies import rules
from portal.domain.policies.models import PriceTerms, ServicePolicy

CLAUSE = "单次维修费用（含税）不超过约定上限的，甲方事先同意。"
STANDING = {"standing_consent": True, "standing_limit": 150_000, "standing_clause": CLAUSE}


def signed(device, number="HT-2026-001", **terms):
    """A contract of the device's hospital that holds today, unless the terms say otherwise; returns its number."""
    today = clock.now().date()
    dates = {"starts_on": today - timedelta(days=100), "ends_on": today + timedelta(days=200)}
    with writing() as session:
        policy = session.scalars(sa.select(ServicePolicy).where(ServicePolicy.key == "default")).one()
        key = terms.pop("price_terms", None)
        if key:
            terms["price_terms_id"] = session.scalars(sa.select(PriceTerms.id).where(PriceTerms.key == key)).one()
        party = {"organisation_id": device.organisation_id, "policy_id": policy.id}
        rules.sign_contract(session, SYSTEM, number=number, **party, **dates | terms)
    return number
