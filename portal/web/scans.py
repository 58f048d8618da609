"""What a scanned code says and leads to, as pages show it."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.core.db import db
from portal.domain.catalog.udi import Reading
from portal.domain.devices.models import State
from portal.domain.devices.scans import Found, look_up
from portal.domain.permissions import P
from portal.web.filters import day
from portal.web.languages import say
from portal.web.navigation import audience


def scanned(typed: str) -> Found | None:
    """What the reader finds by a code; None where it need not be one."""
    return look_up(db.session, g.person, typed)


def shown(found: Found | None, card: Any = None) -> dict[str, Any] | None:
    """For records/_scan.html: what was read, the devices, and the ways on. `card` makes a card of a row of DEVICES."""
    if found is None:
        return None
    reading = found.reading
    return {
        "refusal": say(found.refusal) if found.refusal else None,
        "label": found.label,
        "facts": _facts(found, reading) if reading else [],
        "doubt": _doubt(reading) if reading and reading.ways else None,
        "cards": [(card or device_card)(row) for row in found.rows],
        "unknown_di": reading.di if reading and not found.products else None,
        "add_product": _to_add(found),
        "register": _to_register(found),
    }


def device_card(row: Any) -> dict[str, Any]:
    """A row of DEVICES for `ui.card_list`, leading to the reader's own page of the device."""
    number, serial, state, product, model, organisation, site, department = row
    endpoint = "customers.device" if audience(g.person) == "customer" else "desk.device"
    return {
        "title": f"{say(product)} {model} · {serial}",
        "href": url_for(endpoint, number=number),
        "text": " · ".join(say(part) for part in (organisation, site, department) if part),
        "badge": (say(state), state.tone) if state is not State.IN_USE else None,
        "icon": "activity",
    }


def _facts(found: Found, reading: Reading) -> list[tuple[str, Any]]:
    product = next(iter(found.products), None)
    named = f"{say(product.name)} {product.model}" if product else None
    return [
        (_("Product"), named),
        ("UDI-DI", reading.di),
        (_("Issued by"), say(reading.issuer)),
        (_("Serial number"), reading.serial or None),
        (_("Lot"), reading.lot or None),
        (_("Made on"), day(reading.made_on)),
        (_("Expires on"), day(reading.expires_on)),
        (_("As it was read"), reading.raw),
    ]


def _doubt(reading: Reading) -> list[str]:
    """Each way in which lot and serial may be parted."""
    return [_ways_words(way) for way in reading.all_ways]


def _ways_words(way: Reading) -> str:
    if not way.serial:
        return _("lot %(lot)s, no serial number", lot=way.lot)
    if not way.lot:
        return _("serial number %(serial)s, no lot", serial=way.serial)
    return _("lot %(lot)s, serial number %(serial)s", lot=way.lot, serial=way.serial)


def _to_add(found: Found) -> str | None:
    if found.reading is None or found.products or not g.person.can(P.PRODUCT_EDIT):
        return None
    return url_for("office.new_product", di=found.reading.di)


def _to_register(found: Found) -> str | None:
    """For a product that we know, and a unit that is not in the register yet."""
    if not found.products or found.number or not g.person.can(P.DEVICE_EDIT):
        return None
    return url_for("desk.register", code=found.reading.raw)
