"""Keeping the device register."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.lifecycle import perform, setting
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.domain.catalog.models import Product
from portal.domain.devices import lifecycle
from portal.domain.devices.models import Device
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
    """Add a unit of `product` standing at `site`, served by `centre`."""
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
    """Change what may be changed of a device."""
    perform(session, lifecycle.EDIT, device, person, setting(values), base_version=base_version)
