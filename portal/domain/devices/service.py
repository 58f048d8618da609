"""Keeping the device register."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.core.verbs import Act, setting
from portal.domain.catalog.models import Product
from portal.domain.devices import lifecycle
from portal.domain.devices.models import Device, Whereabouts, new_label_code
from portal.domain.organisations.models import Centre, Department, Site

figures.declare(
    "swapped_unit_days",
    0,
    "days",
    "operating decision: a unit that takes another's place is covered for the rest of the term; 90 would be the least",
    least=0,
)


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


def swap(
    session: Session, old: Device, person: Person, reason: str, whereabouts: Whereabouts, *, serial: str, **values: Any
) -> Device:
    """Put another unit of the same product in the place of `old`, which is taken away (RPR-11).

    The new unit keeps what the hospital agreed on for the old one: its place, and its cover as `cover_after_swap` says.
    `values`: lot, udi_pi, no_udi_reason. Raises NotValid as `register` does, NotNow where the old unit is not in place.
    """
    _refuse_twin(session, old.product_id, serial)
    _ask_for_udi(values.get("udi_pi", ""), values.get("no_udi_reason", ""))
    lock(session, old)

    def take_out(act: Act) -> None:
        old.whereabouts = whereabouts

    act = perform(session, lifecycle.SWAP_OUT, old, person, take_out, reason=reason)
    today = act.at.astimezone(ZoneInfo(old.company.zone)).date()
    least = today + timedelta(days=days) if (days := figures.integer(session, "swapped_unit_days")) else None
    new = Device(
        **{name: getattr(old, name) for name in KEPT},
        **{name: cover_after_swap(getattr(old, name), least) for name in COVER},
        company=old.company,
        product=old.product,
        site=old.site,
        department=old.department,
        centre=old.centre,
        replaces_id=old.id,
        swapped_at=act.at,
        serial=serial,
        installed_on=today,
        **values,
    )
    return perform(session, lifecycle.SWAP_IN, new, person, reason=reason, cause=act).record


KEPT = (
    *("company_id", "product_id", "organisation_id", "site_id", "department_id", "dealer_id", "centre_id"),
    *("sort_key", "asset_number", "room", "keeper", "accepted_on"),
)
COVER = ("labour_until", "parts_until", "travel_until")


def cover_after_swap(until: date | None, least: date | None) -> date | None:
    """The last day of cover of a unit that took another's place: the rest of the term, or `least` if that is later.

    `least` is None where the figure gives no days of its own. What had no cover gets none.
    """
    return max(until, least) if until is not None and least is not None else until


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
