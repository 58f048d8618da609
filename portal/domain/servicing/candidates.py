"""Who could be sent to a request, and why not: certificates first, then how much everybody has to do (DSP-1)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Message, NotValid
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import held_for
from portal.domain.permissions import P, Role
from portal.domain.qualifications.models import Certificate
from portal.domain.qualifications.queries import Fitness, covering, fitness, fitness_of
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS


@dataclass(frozen=True)
class Candidate:
    """A technician of the centre that serves the device. `open_orders`: how many they have at present."""

    account: Account
    fitness: Fitness
    open_orders: int

    @property
    def is_fit(self) -> bool:
        return self.fitness.refusal is None


def candidates(session: Session, request: ServiceRequest) -> list[Candidate]:
    """Those whose centre serves the device: first who may service it today, of those who has least to do.

    One statement; the device and its product are loaded already.
    """
    product = request.device.product
    load = (
        sa.select(sa.func.count())
        .where(WorkOrder.technician_id == Account.id, WorkOrder.state.in_(list(OPEN_ORDERS)))
        .correlate(Account)
        .scalar_subquery()
    )
    statement = (
        sa.select(Account, Certificate, load)
        .outerjoin(Certificate, sa.and_(Certificate.account_id == Account.id, covering(product)))
        .where(held_for(P.DEVICE_SEE, request.device, (Role.TECHNICIAN,)))
    )
    accounts, held = {}, defaultdict(list)
    for account, certificate, open_orders in session.execute(statement):
        accounts[account.id] = account, open_orders
        held[account.id] += [certificate] if certificate else []
    today = _day(request, clock.now())
    found = [
        Candidate(account, fitness(held[account.id], product, today), open_orders)
        for account, open_orders in accounts.values()
    ]
    return sorted(found, key=lambda each: (not each.is_fit, each.open_orders, each.account.sort_key, each.account.id))


def require_fit(session: Session, request: ServiceRequest, technician: Account, at: datetime) -> None:
    """Refuse who may not service the request's model on the day of `at` (R6). Raises NotValid."""
    found = fitness_of(session, technician.id, request.device.product, _day(request, at))
    if found.refusal is not None:
        way_on = Message(
            "%(name)s cannot be sent: %(why)s. Choose somebody else, another day, or have a certificate recorded.",
            name=technician.name,
            why=found.refusal,
        )
        raise NotValid(technician=way_on)


def _day(request: ServiceRequest, at: datetime) -> date:
    """The day in the company's zone, by which certificates hold."""
    return at.astimezone(ZoneInfo(request.company.zone)).date()
