"""Who could be sent to a request, and why not: certificates and absences first, then how much everybody has to do.

Source: DSP-1 (skill, region, load), R6.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Message, NotValid
from portal.core.weeks import Span, day_span
from portal.domain.absences.models import Absence
from portal.domain.absences.queries import away
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import held_for
from portal.domain.permissions import P, Role
from portal.domain.qualifications.models import Certificate
from portal.domain.qualifications.queries import Fitness, covering, fitness, fitness_of
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Candidate:
    """A technician of the centre that serves the device, as things stand for one day.

    `open_orders`: how many they have at present; `visits`: how many appointments they have on that day, `nearby` of
    these at the same hospital.
    """

    account: Account
    fitness: Fitness
    open_orders: int
    visits: int = 0
    nearby: int = 0
    absence: Absence | None = None

    @property
    def is_fit(self) -> bool:
        return self.fitness.refusal is None

    @property
    def can_go(self) -> bool:
        return self.is_fit and self.absence is None


def candidates(session: Session, request: ServiceRequest, at: datetime | None = None) -> list[Candidate]:
    """Those whose centre serves the device: first who may service it and is there on the day of `at` (now, where it is
    not given), of those who is at this hospital on that day anyway, then who has fewest appointments on it, then who
    has least to do.

    Two statements; the device and its product are loaded already.
    """
    product, at = request.device.product, at or clock.now()
    visits = _on(day_span(request.centre.zone, _local(request, at)))
    nearby = WorkOrder.organisation_id == request.organisation_id, WorkOrder.request_id != request.id
    statement = (
        sa.select(Account, Certificate, _open_orders(), _open_orders(*visits), _open_orders(*visits, *nearby))
        .outerjoin(Certificate, sa.and_(Certificate.account_id == Account.id, covering(product)))
        .where(held_for(P.DEVICE_SEE, request.device, (Role.TECHNICIAN,)))
    )
    accounts, held = {}, defaultdict(list)
    for account, certificate, *load in session.execute(statement):
        accounts[account.id] = account, *load
        held[account.id] += [certificate] if certificate else []
    absences = _away(session, [account for account, *_ in accounts.values()], at, at)
    found = [
        Candidate(account, fitness(held[account.id], product, _day(request, at)), *load, absences.get(account.id))
        for account, *load in accounts.values()
    ]
    return sorted(found, key=_order)


def _order(each: Candidate) -> tuple:
    load = -min(each.nearby, 1), each.visits, each.open_orders
    return not each.can_go, not each.is_fit, *load, each.account.sort_key, each.account.id


def _on(day: Span) -> tuple[sa.ColumnElement[bool], ...]:
    """With an appointment that begins on that day."""
    return WorkOrder.appointment_from >= day.start, WorkOrder.appointment_from < day.end


def _open_orders(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    mine = sa.select(sa.func.count()).where(WorkOrder.technician_id == Account.id, *conditions)
    return mine.where(WorkOrder.state.in_(list(OPEN_ORDERS))).correlate(Account).scalar_subquery()


def _away(session: Session, people: list[Account], start: datetime, end: datetime) -> dict[int, Absence]:
    """account id → the absence within which any of the days from `start` to `end` lies, in the person's own zone."""
    first, last = (at.astimezone(UTC).date() for at in (start, end))
    near = away(session, [each.id for each in people], first - DAY, last + DAY) if people else {}
    found = {}
    for each in people:
        days = [at.astimezone(ZoneInfo(each.zone)).date() for at in (start, end)]
        meets = [a for a in near.get(each.id, ()) if a.first_on <= days[1] and a.last_on >= days[0]]
        if meets:
            found[each.id] = meets[0]
    return found


def require_fit(
    session: Session, request: ServiceRequest, technician: Account, start: datetime, end: datetime | None = None
) -> None:
    """Refuse who may not service the request's model on the day of `start` (R6), or is away then, or until `end`.

    Raises NotValid.
    """
    found = fitness_of(session, technician.id, request.device.product, _day(request, start))
    if found.refusal is not None:
        way_on = Message(
            "%(name)s cannot be sent: %(why)s. Choose somebody else, another day, or have a certificate recorded.",
            name=technician.name,
            why=found.refusal,
        )
        raise NotValid(technician=way_on)
    absence = _away(session, [technician], start, end or start).get(technician.id)
    if absence is not None:
        raise NotValid(
            technician=Message(
                "%(name)s is away until %(day)s (%(kind)s). Choose somebody else or another day.",
                name=technician.name,
                day=absence.last_on,
                kind=absence.kind.label,
            )
        )


def _day(request: ServiceRequest, at: datetime) -> date:
    """The day in the company's zone, by which certificates hold."""
    return at.astimezone(ZoneInfo(request.company.zone)).date()


def _local(request: ServiceRequest, at: datetime) -> date:
    """The day in the zone of the centre, which sends people."""
    return at.astimezone(ZoneInfo(request.centre.zone)).date()
