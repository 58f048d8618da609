"""Lists of evidence holds."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.catalog.models import Product
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.holds.models import OPEN, EvidenceHold, State
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P

H, D, PR, O = (m.__table__ for m in (EvidenceHold, Device, Product, Organisation))  # noqa: E741

HOLDS = Listing(
    columns=(H.c.uid, H.c.number, H.c.state, H.c.ground, H.c.reason, H.c.asked_at, PR.c.name, IDENTITY, O.c.name),
    source=H.join(D, D.c.id == H.c.device_id)
    .join(PR, PR.c.id == D.c.product_id)
    .join(O, O.c.id == H.c.organisation_id),
    key=H.c.asked_at,
    id=H.c.id,
)
"""uid, number, state, ground, reason, asked at, product name, serial or lot, organisation name."""


def holds(session: Session, person: Person, states: Sequence[State] = OPEN, cursor: str | None = None) -> Page:
    """The holds that `person` may see, newest first; rows as HOLDS says."""
    conditions = [H.c.state.in_(list(states))] if states else []
    return page(session, HOLDS, arms(person, EvidenceHold, P.HOLD_SEE), conditions, cursor)


def open_of(session: Session, device: Device) -> EvidenceHold | None:
    """The hold of a device that was asked for or stands."""
    mine = sa.select(EvidenceHold).where(EvidenceHold.device_id == device.id, EvidenceHold.state.in_(OPEN))
    return session.scalars(mine).one_or_none()


def whole() -> list:
    """Loader options for a hold's page."""
    device = joinedload(EvidenceHold.device).options(joinedload(Device.product), joinedload(Device.department))
    people = (EvidenceHold.asked_by, EvidenceHold.held_by, EvidenceHold.released_by)
    places = (EvidenceHold.organisation, EvidenceHold.site, EvidenceHold.company)
    return [device, *map(joinedload, (*people, *places))]
