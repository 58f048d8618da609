"""Keeping the device register."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.core.verbs import setting
from portal.domain.catalog.models import Product
from portal.domain.devices import lifecycle
from portal.domain.devices.models import Device, new_label_code
from portal.domain.organisations.models import Centre, Department, Site


def register(
    session: Session,
    person: Person,
    *,
    product: Product,
    site: Site,
    centre: Centre,
    department: Department | None = None,
    **values: Any,
) -> Device:
    """Add a unit of `product` standing at `site`, served by `centre`.

    Raises NotValid for a serial number twice, and for neither a UDI-PI nor why there is none (UDI 规则, WAR-10).
    """
    _refuse_twin(session, product.id, values["serial"])
    _ask_for_udi(values.get("udi_pi", ""), values.get("no_udi_reason", ""))
    device = Device(
        company=centre.company,
        company_id=centre.company_id,
        product=product,
        product_id=product.id,
        site=site,
        site_id=site.id,
        organisation_id=site.organisation_id,
        department=department,
        department_id=department.id if department else None,
        centre=centre,
        centre_id=centre.id,
        dealer_id=centre.dealer_id,
        sort_key=sort_key(product.name),
        **values,
    )
    return perform(session, lifecycle.REGISTER, device, person).record


def edit(session: Session, device: Device, person: Person, base_version: int, **values: Any) -> None:
    """Change what may be changed of a device. Raises NotValid as `register` does, NotNow while held, Stale."""
    if values.get("serial", device.serial) != device.serial:
        if refusal := lifecycle.held(device):
            raise NotNow(refusal)
        _refuse_twin(session, device.product_id, values["serial"])
    _ask_for_udi(values.get("udi_pi", device.udi_pi), values.get("no_udi_reason", device.no_udi_reason))
    perform(session, lifecycle.EDIT, device, person, setting(values), base_version=base_version)


def stop(session: Session, device: Device, person: Person, reason: str) -> None:
    """Nobody may use the device until it has passed an inspection; its hospital is told (INT-9, 条例 52)."""
    perform(session, lifecycle.STOP, device, person, reason=reason)


def lift(session: Session, device: Device, person: Person, reason: str) -> None:
    """The device has passed an inspection and may be used again; its hospital is told."""
    perform(session, lifecycle.LIFT, device, person, reason=reason)


def relabel(session: Session, device: Device, person: Person, reason: str) -> None:
    """The label was lost or copied: the device gets a new code, and the old label leads nowhere from now on."""
    perform(session, lifecycle.RELABEL, device, person, setting({"label_code": new_label_code()}), reason=reason)


def _refuse_twin(session: Session, product_id: int, serial: str) -> None:
    """Two units of one product never share a serial number."""
    twin = sa.select(Device.number).where(Device.product_id == product_id, Device.serial == serial)
    number = session.execute(twin).scalar_one_or_none()
    if number is not None:
        raise NotValid(serial=Message("%(number)s of this product has this serial number already.", number=number))


def _ask_for_udi(udi_pi: str, no_udi_reason: str) -> None:
    """An older device is never turned away for want of a UDI, but somebody says why it has none."""
    if not udi_pi.strip() and not no_udi_reason.strip():
        raise NotValid(
            no_udi_reason=Message("Scan or type the UDI-PI; where there is none, say why, such as: made before 2021.")
        )
