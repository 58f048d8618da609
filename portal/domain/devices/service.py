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
    """Add a unit, or a lot, of `product` standing at `site`, served by `centre`.

    Raises NotValid where what tells it from others is missing or another's, and for neither a UDI-PI nor why there is
    none (UDI 规则, WAR-10).
    """
    _check_identity(session, product, site.id, {}, values)
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
        **{"serial": ""} | values,
    )
    return perform(session, lifecycle.REGISTER, device, person).record


def edit(session: Session, device: Device, person: Person, base_version: int, **values: Any) -> None:
    """Change what may be changed of a device. Raises NotValid as `register` does, NotNow while held, Stale."""
    known = {name: getattr(device, name) for name in IDENTIFYING}
    if values.get("serial", device.serial) != device.serial and (refusal := lifecycle.held(device)):
        raise NotNow(refusal)
    _check_identity(session, device.product, device.site_id, known, values)
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


IDENTIFYING = ("serial", "lot", "expires_on")


def _check_identity(
    session: Session, product: Product, site_id: int, known: dict[str, Any], values: dict[str, Any]
) -> None:
    """What tells it from others of its product is said, and is no other's. `known`: what it is so far.

    A unit has a serial number; a lot of goods has none, but its lot, once at a site, and its expiry. Raises NotValid.
    """
    is_now = {"serial": "", "lot": "", "expires_on": None} | known | values
    changes = {name for name in IDENTIFYING if not known or is_now[name] != known[name]}
    if product.by_lot:
        _check_lot(is_now)
        if "lot" in changes:
            _refuse_same_lot(session, product.id, site_id, is_now["lot"])
        return
    if not is_now["serial"].strip():
        raise NotValid(serial=Message("Type the serial number, as it stands on the plate."))
    if "serial" in changes:
        _refuse_twin(session, product.id, is_now["serial"])


def _check_lot(is_now: dict[str, Any]) -> None:
    """All that is wrong with what a lot is known by, at once."""
    wrong = {}
    if is_now["serial"].strip():
        wrong["serial"] = Message("Goods counted by lot have no serial number: leave this empty and give the lot.")
    if not is_now["lot"].strip():
        wrong["lot"] = Message("Type the lot, as it stands on the package.")
    if is_now["expires_on"] is None:
        wrong["expires_on"] = Message("Say until which day the goods may be used; it stands on the package.")
    if wrong:
        raise NotValid(**wrong)


def _refuse_same_lot(session: Session, product_id: int, site_id: int, lot: str) -> None:
    """A lot is registered once at a site; further boxes of it belong to the same entry."""
    same = sa.select(Device.number).where(Device.product_id == product_id, Device.site_id == site_id)
    number = session.execute(same.where(Device.lot == lot, Device.serial == "")).scalar_one_or_none()
    if number is not None:
        raise NotValid(lot=Message("%(number)s is this lot at this site already.", number=number))


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
