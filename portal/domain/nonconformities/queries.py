"""Lists of nonconformities."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.checklists.models import Reading, TestSheet
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.nonconformities.models import Nonconformity, State
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P

N, D, O = (model.__table__ for model in (Nonconformity, Device, Organisation))  # noqa: E741

NONCONFORMITIES = Listing(
    columns=(N.c.uid, N.c.number, N.c.state, N.c.item, N.c.said, N.c.limits, N.c.opened_at, IDENTITY, O.c.name),
    source=N.join(D, D.c.id == N.c.device_id).join(O, O.c.id == N.c.organisation_id),
    key=N.c.opened_at,
    id=N.c.id,
)
"""uid, number, state, item, reading, limits, opened at, serial, organisation name."""


def nonconformities(session: Session, person: Person, state: State | None, cursor: str | None = None) -> Page:
    """Those that `person` may see, newest first; rows as NONCONFORMITIES says."""
    conditions = [N.c.state == state] if state else []
    return page(session, NONCONFORMITIES, arms(person, Nonconformity, P.NONCONFORMITY_SEE), conditions, cursor)


def of_device(session: Session, person: Person, device_id: int, limit: int = 20) -> list[Nonconformity]:
    """The newest ones of a device that `person` may see."""
    reach = arms(person, Nonconformity, P.NONCONFORMITY_SEE)
    if not reach:
        return []
    mine = sa.select(Nonconformity).where(sa.or_(*reach), Nonconformity.device_id == device_id)
    return list(session.scalars(mine.order_by(Nonconformity.id.desc()).limit(limit)))


def of_sheet(session: Session, sheet: TestSheet) -> dict[int, Nonconformity]:
    """Those of a sheet, by the id of their reading."""
    mine = sa.select(Nonconformity).join(Reading, Reading.id == Nonconformity.reading_id)
    return {record.reading_id: record for record in session.scalars(mine.where(Reading.sheet_id == sheet.id))}


def whole() -> list:
    """Loader options for a nonconformity's page."""
    return [
        joinedload(Nonconformity.device).joinedload(Device.product),
        joinedload(Nonconformity.organisation),
        joinedload(Nonconformity.technician),
        joinedload(Nonconformity.closed_by),
        joinedload(Nonconformity.reading).joinedload(Reading.sheet).joinedload(TestSheet.order),
    ]
