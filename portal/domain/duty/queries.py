"""The roster: who is on duty when, which number answers; and calls."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Load, Session, joinedload, selectinload

from portal.core.permissions import Person, visible_to
from portal.core.weeks import Span
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import holders
from portal.domain.devices.models import Device
from portal.domain.duty.models import DutyCall, DutyRing, DutyShift
from portal.domain.duty.words import CallState, ShiftState
from portal.domain.organisations.models import Centre
from portal.domain.organisations.queries import centres_of
from portal.domain.permissions import P, Role
from portal.domain.servicing.models import ServiceRequest

ANSWERING = (Role.TECHNICIAN, Role.DEALER_DESK, Role.DESK, Role.MANAGER)
MOST_CENTRES = 50
MOMENT = timedelta(microseconds=1)


class DutyNumber(NamedTuple):
    """Where a centre answers: its name, the number, and who is on duty (None where the number is the centre's own)."""

    centre: Centre
    phone: str
    shift: DutyShift | None


def shifts(session: Session, centre_id: int, span: Span) -> list[DutyShift]:
    """The planned shifts of a centre that have a moment in common with `span`, in order, with their people."""
    return list(session.scalars(_shifts(span).where(DutyShift.centre_id == centre_id)))


def _shifts(span: Span) -> sa.Select[tuple[DutyShift]]:
    return (
        sa.select(DutyShift)
        .where(DutyShift.state == ShiftState.PLANNED, DutyShift.starts_at < span.end, DutyShift.ends_at > span.start)
        .order_by(DutyShift.starts_at, DutyShift.id)
        .options(joinedload(DutyShift.person), joinedload(DutyShift.deputy), joinedload(DutyShift.centre))
    )


def shifts_of(session: Session, account_ids: Iterable[int], span: Span) -> list[DutyShift]:
    """The planned shifts of these people that have a moment in common with `span`, in order."""
    return list(session.scalars(_shifts(span).where(DutyShift.person_id.in_(list(account_ids)))))


def on_duty(session: Session, centre_id: int, at: datetime) -> DutyShift | None:
    """The shift in which the aware instant `at` lies, with its person and deputy; None where nobody is on duty."""
    return next(iter(on_duty_at(session, [centre_id], at).values()), None)


def on_duty_at(session: Session, centre_ids: Sequence[int], at: datetime) -> dict[int, DutyShift]:
    """centre id → the shift in which the aware instant `at` lies, for those centres where somebody is on duty."""
    now = _shifts(Span(at, at + MOMENT)).where(DutyShift.centre_id.in_(centre_ids))
    return {shift.centre_id: shift for shift in session.scalars(now)}


def duty_number(session: Session, centre: Centre, at: datetime) -> DutyNumber:
    """The number under which a centre answers at `at`: of who is on duty, else the centre's, else the company's."""
    return _numbers(session, [centre], at)[0]


def numbers_for(session: Session, person: Person, at: datetime) -> list[DutyNumber]:
    """The numbers of the centres that serve the devices which `person` may see, each centre once."""
    serving = sa.select(Device.centre_id).where(visible_to(person, Device, P.DEVICE_SEE))
    found = sa.select(Centre).where(Centre.id.in_(serving)).options(joinedload(Centre.company))
    return _numbers(session, list(session.scalars(found.order_by(Centre.id).limit(MOST_CENTRES))), at)


def _numbers(session: Session, centres: Sequence[Centre], at: datetime) -> list[DutyNumber]:
    now = on_duty_at(session, [centre.id for centre in centres], at) if centres else {}
    return [DutyNumber(each, _phone(each, now.get(each.id)), now.get(each.id)) for each in centres]


def _phone(centre: Centre, shift: DutyShift | None) -> str:
    return shift.phone if shift else centre.phone or centre.company.phone


def centres(session: Session, person: Person) -> list[Centre]:
    """The centres whose roster `person` may see, our own first."""
    return centres_of(session, visible_to(person, Centre, P.ROSTER_SEE), MOST_CENTRES)


def people_for(session: Session, centre: Centre) -> list[Account]:
    """Who can be put on duty for a centre, by name: they may answer its calls."""
    return sorted(holders(session, P.DUTY_ANSWER, centre, ANSWERING), key=lambda each: (each.sort_key, each.id))


def named(session: Session, ids: Iterable[int]) -> dict[int, Account]:
    """Accounts by id."""
    return {each.id: each for each in session.scalars(sa.select(Account).where(Account.id.in_(list(ids))))}


def call_of(session: Session, request: ServiceRequest) -> DutyCall | None:
    """The call that a request led to, with whom it rang; None where there was none."""
    mine = sa.select(DutyCall).where(DutyCall.request_id == request.id).options(*with_rings())
    return session.scalars(mine).unique().one_or_none()


def with_rings() -> tuple:
    """Loader options: whom a call rang, and who answered."""
    return selectinload(DutyCall.rings).joinedload(DutyRing.account), joinedload(DutyCall.answered_by)


def with_call() -> Load:
    """Loader option of a request: the call that it led to, with whom it rang; no statement more where there is none."""
    return joinedload(ServiceRequest.duty_call).options(*with_rings())


def ringing_for(session: Session, account_id: int) -> list[DutyCall]:
    """The calls that rang this person and that nobody has answered, oldest first."""
    mine = sa.select(DutyRing.call_id).where(DutyRing.account_id == account_id)
    found = sa.select(DutyCall).where(DutyCall.state == CallState.RINGING, DutyCall.id.in_(mine))
    return list(session.scalars(found.options(joinedload(DutyCall.request)).order_by(DutyCall.id)))


def to_go_on(session: Session, at: datetime, limit: int = 100) -> list[int]:
    """Ids of the calls whose next rung is due, the longest due first."""
    came = sa.select(DutyCall.id).where(DutyCall.next_at.is_not(None), DutyCall.next_at <= at)
    return list(session.scalars(came.order_by(DutyCall.next_at, DutyCall.id).limit(limit)))
