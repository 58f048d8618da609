"""Lists of devices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.catalog.models import Product
from portal.domain.devices.models import IDENTITY, Device, State
from portal.domain.organisations.models import Department, Locality, Organisation, Site
from portal.domain.permissions import P

D, PR, O, SI, DE = (m.__table__ for m in (Device, Product, Organisation, Site, Department))  # noqa: E741

DEVICES = Listing(
    columns=(D.c.number, IDENTITY, D.c.state, PR.c.name, PR.c.model, O.c.name, SI.c.name, DE.c.name),
    source=D.join(PR, PR.c.id == D.c.product_id)
    .join(O, O.c.id == D.c.organisation_id)
    .join(SI, SI.c.id == D.c.site_id)
    .outerjoin(DE, DE.c.id == D.c.department_id),
    key=D.c.sort_key,
    id=D.c.id,
    newest_first=False,
)
"""number, serial or lot, state, product name, model, organisation name, site name, department name."""


def devices(
    session: Session,
    person: Person,
    *,
    organisation_id: int | None = None,
    state: State | None = None,
    begins: str = "",
    cursor: str | None = None,
    size: int = 25,
) -> Page:
    """Devices that `person` may see, by name; rows as DEVICES says. `begins`: its serial number or lot."""
    conditions = []
    if organisation_id is not None:
        conditions.append(D.c.organisation_id == organisation_id)
    if state is not None:
        conditions.append(D.c.state == state)
    if begins:
        conditions.append(IDENTITY.istartswith(begins, autoescape=True))
    return page(session, DEVICES, arms(person, Device, P.DEVICE_SEE), conditions, cursor, size)


def counts(session: Session, person: Person, organisation_ids: Sequence[int]) -> dict[int, int]:
    """Organisation id → how many of its devices `person` may see."""
    reach = arms(person, Device, P.DEVICE_SEE)
    if not reach or not organisation_ids:
        return {}
    statement = sa.select(D.c.organisation_id, sa.func.count()).where(sa.or_(*reach))
    statement = statement.where(D.c.organisation_id.in_(organisation_ids)).group_by(D.c.organisation_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def region(session: Session, centre_ids: Sequence[int]) -> dict[str, list[Locality]]:
    """Province → how far the sites there lie, for the devices that these centres serve (STF-1, STF-4)."""
    found: dict[str, list[Locality]] = {}
    statement = sa.select(O.c.province, SI.c.locality).distinct().select_from(D)
    statement = statement.join(O, O.c.id == D.c.organisation_id).join(SI, SI.c.id == D.c.site_id)
    for province, locality in session.execute(statement.where(D.c.centre_id.in_(centre_ids)).order_by(O.c.province)):
        found.setdefault(province, []).append(locality)
    return {province: sorted(localities, key=list(Locality).index) for province, localities in found.items()}


def whole() -> list:
    """Loader options for a device's page."""
    return [
        joinedload(Device.product),
        joinedload(Device.organisation),
        joinedload(Device.site),
        joinedload(Device.department),
        joinedload(Device.centre),
        joinedload(Device.replaces),
        joinedload(Device.replaced_by),
    ]
