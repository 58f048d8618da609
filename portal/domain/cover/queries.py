"""What is paid for a device on a day: by its warranty, by a contract (WAR-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.errors import Message
from portal.domain.cover.models import CoverDecision
from portal.domain.devices.models import Device
from portal.domain.policies import registers
from portal.domain.policies.choosing import contract_in_force
from portal.domain.policies.models import PriceTerms, ServiceContract
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OrderState

WHOLE = 100


class Aspect(StrEnum):
    """What cover may pay for."""

    LABOUR = "labour"
    PARTS = "parts"
    TRAVEL = "travel"

    @property
    def label(self) -> Message:
        return _ASPECTS[self]


_ASPECTS = {
    Aspect.LABOUR: Message("Labour"),
    Aspect.PARTS: Message("Parts"),
    Aspect.TRAVEL: Message("Travel"),
}


@dataclass(frozen=True)
class Share:
    """How much of one aspect is paid, in percent, to the end of which day, by which contract ("" is the warranty)."""

    percent: int = 0
    until: date | None = None
    contract: str = ""


@dataclass(frozen=True)
class Visits:
    """Visits that the contract includes in its present year, and those made."""

    included: int
    made: int

    @property
    def left(self) -> int:
        return max(self.included - self.made, 0)


@dataclass(frozen=True)
class Entitlement:
    """What is paid for a device on the day `on`, and by which contract, if one holds then."""

    on: date
    shares: Mapping[Aspect, Share]
    contract: ServiceContract | None
    visits: Visits | None

    @property
    def lends_device(self) -> bool:
        """Whether the contract promises a loaner."""
        return self.contract is not None and self.contract.lends_device


def decision(session: Session, request: ServiceRequest) -> CoverDecision | None:
    """Who pays for a request, if somebody decided that."""
    mine = sa.select(CoverDecision).where(CoverDecision.request_id == request.id)
    return session.scalars(mine.options(joinedload(CoverDecision.decided_by))).one_or_none()


def entitlement(session: Session, device: Device, on: date) -> Entitlement:
    """What is paid for `device` on the day `on` of its company's zone; of warranty and contract, the larger share."""
    contract = contract_in_force(session, device.organisation_id, device.site_id, on)
    shares = {aspect: _share(device, contract, aspect, on) for aspect in Aspect}
    return Entitlement(on, shares, contract, contract and _visits(session, device, contract, on))


def shares(session: Session, device: Device, on: date) -> Mapping[Aspect, Share]:
    """The shares alone, with one statement."""
    contract = contract_in_force(session, device.organisation_id, device.site_id, on)
    return {aspect: _share(device, contract, aspect, on) for aspect in Aspect}


def _share(device: Device, contract: ServiceContract | None, aspect: Aspect, on: date) -> Share:
    until: date | None = getattr(device, f"{aspect.value}_until")
    percent: int = getattr(contract, f"{aspect.value}_share") if contract else 0
    by_warranty = until is not None and on <= until
    if contract and percent and (not by_warranty or (percent == WHOLE and contract.ends_on > until)):
        return Share(percent, contract.ends_on, contract.number)
    return Share(WHOLE, until) if by_warranty else Share()


def price_terms(session: Session, device: Device, on: date) -> PriceTerms | None:
    """What is charged where cover does not pay: by the contract of that day, else as everybody is."""
    contract = contract_in_force(session, device.organisation_id, device.site_id, on)
    return (contract and contract.price_terms) or registers.default_terms(session)


def _visits(session: Session, device: Device, contract: ServiceContract, on: date) -> Visits | None:
    """A visit is an order whose technician arrived, at a place of the contract, in its year that `on` lies in."""
    if contract.visits_a_year is None:
        return None
    zone = ZoneInfo(device.company.zone)
    begun = datetime.combine(_year_begun(contract.starts_on, on), time(), zone)
    mine = sa.select(sa.func.count()).select_from(WorkOrder)
    mine = mine.where(
        WorkOrder.organisation_id == contract.organisation_id,
        WorkOrder.arrived_at >= begun,
        WorkOrder.state != OrderState.CANCELLED,
    )
    if contract.site_id is not None:
        mine = mine.where(WorkOrder.site_id == contract.site_id)
    return Visits(contract.visits_a_year, session.scalar(mine) or 0)


def _year_begun(first: date, on: date) -> date:
    """The latest anniversary of `first` that is not after `on`; 29 February is 1 March where there is none."""
    year = on.year if (on.month, on.day) >= (first.month, first.day) else on.year - 1
    try:
        return first.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
