"""Repair plans for tests: drawn up, offered and consented to through the services."""

from datetime import timedelta
from decimal import Decimal

from portal.core import clock
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.documents.models import Method
from portal.domain.documents.service import Signing
from portal.domain.plans import service
from portal.domain.plans.service import Line
from portal.domain.plans.words import LineKind

PART = Line(LineKind.PART, "氧电池", Decimal(1), "OX-11", unit_price=48_000, tax_rate=1300)
HOURS = Line(LineKind.LABOUR, "工时", Decimal("1.5"), "GS-01", unit_price=30_000, tax_rate=600)


def draw_up(session, order, technician, lines=(PART, HOURS), **values):
    """A plan in preparation."""
    content = {"steps": "更换氧电池，校准，整机测试", "minutes": 90}
    content["valid_until"] = clock.now().date() + timedelta(days=14)
    return service.draw_up(session, order, technician, lines, **content | values)


def offered(session, order, technician, lines=(PART, HOURS), **values):
    """A plan that lies with the customer."""
    plan = draw_up(session, order, technician, lines, **values)
    service.offer(session, plan, technician)
    return plan


def consent(session, plan, officer, choice="A", **values):
    """The hospital's consent in its own account."""
    paper = documents.of(session, REPAIR_PLAN, plan.order)
    signing = Signing(Method.PASSWORD, officer.name, choice=choice, **values)
    return service.consent(session, paper, officer, signing, paper.current.content_hash)


def agree(session, order, people):
    """A free plan, offered and consented to."""
    plan = offered(session, order, people.technician, lines=())
    consent(session, plan, people.officer)
    return plan
