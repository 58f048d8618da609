"""What labels are printed in, and of what."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.domain.devices.models import Device
from portal.domain.labels.models import LabelFormat, LabelSheet


def formats(session: Session, *, only_in_use: bool = False) -> list[LabelFormat]:
    """All formats, or those that can be chosen, as they were added."""
    statement = sa.select(LabelFormat).order_by(LabelFormat.id)
    return list(session.scalars(statement.where(LabelFormat.in_use) if only_in_use else statement))


def devices_of(session: Session, sheet: LabelSheet) -> list[Device]:
    """The devices of a sheet in its order, with all that a label says."""
    whole = (joinedload(Device.product), joinedload(Device.company), joinedload(Device.centre))
    found = session.scalars(sa.select(Device).where(Device.id.in_(sheet.device_ids)).options(*whole))
    by_id = {device.id: device for device in found}
    return [by_id[each] for each in sheet.device_ids if each in by_id]
