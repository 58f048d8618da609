"""Which release rule holds for an order, and what it lets be done (QCR-6). No rules in force: always a second person.

Results of tests are never waived, whatever the rule says.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.deadlines import Terms, VersionState
from portal.core.errors import Message
from portal.core.verbs import Act
from portal.domain.devices.models import State as DeviceState
from portal.domain.policies import choosing
from portal.domain.policies.calendars import for_centre
from portal.domain.policies.models import PolicyVersion, ServicePolicy, Subject
from portal.domain.releases import queries
from portal.domain.releases.models import Case, ReleaseRule
from portal.domain.releases.words import Review
from portal.domain.servicing import clocks
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Conclusion, EarlyState

PROMISE = "review"
"""The clock of a release that came before its review."""


def holding(session: Session, order: WorkOrder) -> ReleaseRule | None:
    """The rule that holds for the repair; None where no rules are in force, or none fits."""
    version = queries.in_force(session)
    return version.holding(case_of(order)) if version else None


def case_of(order: WorkOrder) -> Case:
    """What the rule is chosen by."""
    product = order.request.device.product
    return Case(product.risk_class, product.life_support, order.request.kind.value)


def review(session: Session, order: WorkOrder) -> Review:
    """Who must have reviewed the repair when it is released."""
    rule = holding(session, order)
    return rule.review if rule else Review.BEFORE


def terms(session: Session, order: WorkOrder, at: datetime) -> Terms | None:
    """How soon a release at the aware time `at` must be reviewed; None where no policy in force says so."""
    version = promised(session)
    calendar = for_centre(session, order.centre_id)
    if version is None or calendar is None:
        return None
    facts = choosing.with_hours(clocks.facts(order.request), calendar, at)
    rule = choosing.rules_for(version, facts).get(PROMISE)
    return choosing.terms_of(rule, version, calendar) if rule else None


def promised(session: Session) -> PolicyVersion | None:
    """The version of the policy that says how soon reviews follow; None where none is in force."""
    mine = sa.select(PolicyVersion).join(ServicePolicy, ServicePolicy.id == PolicyVersion.policy_id)
    mine = mine.where(ServicePolicy.subject == Subject.RELEASE, PolicyVersion.state == VersionState.IN_FORCE)
    return session.scalars(mine.order_by(PolicyVersion.id.desc()).limit(1)).first()


def nobody_else_needed(act: Act) -> Message | None:
    if review(act.session, act.record) is Review.ALONE:
        return None
    return Message("By the release rules a second person must review this repair. Quality is told that it waits.")


def may_be_first(act: Act) -> Message | None:
    """The rule allows it, a deadline is set, and no earlier release of this order was found wanting."""
    order: WorkOrder = act.record
    if review(act.session, order) is not Review.LATER:
        return Message(
            "By the release rules this device is not released before its review: a second person must release it. "
            "Quality is told that it waits."
        )
    if any(each.state in NOT_AGAIN for each in order.early):
        return Message("This order was released first once and came back: now a second person must release it.")
    if terms(act.session, order, act.at) is None:
        return Message("No time for the review is in force: quality must set it in the service policies first.")
    return None


NOT_AGAIN = (EarlyState.FAILED, EarlyState.LAPSED)


def clearly_usable(act: Act) -> Message | None:
    """Where a test failed or the device was stopped, one person alone decides nothing (R3; 条例 52)."""
    order: WorkOrder = act.record
    if is_clearly_usable(order):
        return None
    return Message(
        "Only a device that passed its tests, may be used without restriction and was not stopped is released without "
        "a second person."
    )


def is_clearly_usable(order: WorkOrder) -> bool:
    """Every test was passed, the conclusion restricts nothing, and nobody has stopped the device."""
    failed = order.test_failed or any(sheet.failed for sheet in order.last_sheets)
    stopped = order.request.device.state is DeviceState.DO_NOT_USE
    return order.conclusion is Conclusion.USABLE and not failed and not stopped


def is_released_alone(session: Session, order: WorkOrder) -> bool:
    """Whether the repairer's signature under the report releases the device too."""
    return is_clearly_usable(order) and review(session, order) is Review.ALONE


def is_first_possible(session: Session, order: WorkOrder) -> bool:
    """Whether the order may be released first as it stands, its state and the person's right aside."""
    again = any(each.state in NOT_AGAIN for each in order.early)
    return is_clearly_usable(order) and not again and review(session, order) is Review.LATER
