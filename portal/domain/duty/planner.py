"""What a week brings to each technician: appointments, shifts of duty, absences (DSP-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.weeks import Week, day_span
from portal.domain.absences.models import Absence
from portal.domain.absences.queries import away
from portal.domain.absences.words import AWAY_OR_ASKED
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.duty.models import DutyShift
from portal.domain.duty.queries import shifts_of
from portal.domain.organisations.models import Centre
from portal.domain.permissions import Role
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.queries import appointments

MOST = 100


@dataclass
class Day:
    """One day of one person, in the zone of the calendar."""

    on: date
    orders: list[WorkOrder] = field(default_factory=list)
    shifts: list[DutyShift] = field(default_factory=list)
    absence: Absence | None = None


def technicians(session: Session, centre: Centre) -> list[Account]:
    """The technicians of a centre, by name."""
    granted = sa.select(RoleGrant.account_id).where(
        RoleGrant.role == Role.TECHNICIAN, RoleGrant.ended_at.is_(None), RoleGrant.centre_id == centre.id
    )
    found = sa.select(Account).where(Account.state == State.ACTIVE, Account.id.in_(granted))
    return list(session.scalars(found.order_by(Account.sort_key, Account.id).limit(MOST)))


def week_of(session: Session, people: Sequence[Account], week: Week, zone: str) -> dict[int, list[Day]]:
    """account id → the seven days of the week in that zone. Three statements, however many people there are.

    A shift stands on each day that it touches, an appointment on the day on which it begins.
    """
    ids = [each.id for each in people]
    found = {n: [Day(on) for on in week.days] for n in ids}
    if not ids:
        return found
    span = week.span(zone)
    for order in appointments(session, ids, span):
        on = order.appointment_from.astimezone(ZoneInfo(zone)).date()
        found[order.technician_id][on.weekday()].orders.append(order)
    for shift in shifts_of(session, ids, span):
        for day in found[shift.person_id]:
            if shift.span.meets(day_span(zone, day.on)):
                day.shifts.append(shift)
    for account_id, absences in away(session, ids, week.days[0], week.days[-1], AWAY_OR_ASKED).items():
        for day in found[account_id]:
            day.absence = next((each for each in absences if each.covers(day.on)), None)
    return found
