"""What is shipped becomes rows, where there are none: rules as strict as the risk, and reasons for releasing first.

No law says who must review a repair of somebody else's device; these are decisions of the house, for its quality to
change. Runs at every start.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.permissions import SYSTEM
from portal.domain.catalog.models import RiskClass
from portal.domain.releases import service
from portal.domain.releases.models import ReleaseReason, ReleaseRule, ReleaseVersion
from portal.domain.releases.words import Review

SOURCE = "质量部门决定 / quality's decision"

SHIPPED: tuple[tuple[Review, dict], ...] = (
    (Review.BEFORE, {"life_support": True}),
    (Review.BEFORE, {"risk_class": RiskClass.III}),
    (Review.LATER, {"risk_class": RiskClass.II}),
    (Review.ALONE, {"risk_class": RiskClass.I}),
    (Review.BEFORE, {}),
)

REASONS = (
    Text2("夜间单人值班，无第二名有权人员", "Lone engineer at night, nobody else entitled on duty"),
    Text2("休息日或节假日，无第二名有权人员", "Weekend or holiday, nobody else entitled on duty"),
    Text2("临床急用，无备用机", "Needed for patients at once, no loaner at hand"),
)


def install(session: Session) -> int:
    """Add what is missing of what is shipped; returns how many records were made."""
    return _rules(session) + _reasons(session)


def _rules(session: Session) -> int:
    if session.scalar(sa.select(ReleaseVersion.id).limit(1)) is not None:
        return 0
    rules = [ReleaseRule(review=review, source=SOURCE, **{"kind": ""} | when) for review, when in SHIPPED]
    version = service.draft(session, SYSTEM, rules, source=SOURCE)
    service.approve(session, version, SYSTEM)
    return 1


def _reasons(session: Session) -> int:
    if session.scalar(sa.select(ReleaseReason.id).limit(1)) is not None:
        return 0
    for name in REASONS:
        service.add_reason(session, SYSTEM, name=name)
    return len(REASONS)
