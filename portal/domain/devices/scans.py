"""What a scanned code leads to: a label of ours or the maker's UDI, and the devices that carry it (WAR-10, INT-10)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import codes
from portal.core.errors import Message
from portal.core.listing import page
from portal.core.permissions import Person, arms
from portal.domain.catalog import udi
from portal.domain.catalog.models import Product
from portal.domain.catalog.queries import of_di
from portal.domain.devices.models import LABEL_SIGNS, Device
from portal.domain.devices.queries import DEVICES
from portal.domain.permissions import P

LABEL = re.compile(r"^https?://[^\s/]+/(?:[^\s?#]*/)?d/(?P<code>[0-9A-Za-z-]+)/?$", re.IGNORECASE)
MOST = 8


@dataclass(frozen=True)
class Found:
    """What was read and what it leads to.

    refusal: why the code says nothing. label: it is a label of ours. reading: the maker's code, with the products that
    have its DI. rows: devices that `person` may see, as DEVICES says. exact: they carry this very serial or lot.
    """

    refusal: Message | None = None
    label: str = ""
    reading: udi.Reading | None = None
    products: Sequence[Product] = ()
    rows: Sequence[Any] = field(default_factory=list)
    exact: bool = False

    @property
    def number(self) -> str | None:
        """The device that the code names beyond doubt."""
        return self.rows[0][0] if self.exact and len(self.rows) == 1 else None


def look_up(session: Session, person: Person, typed: str) -> Found | None:
    """What a scan leads to; None for what need not be a code, so that it is searched for as words."""
    link = LABEL.match(typed.strip())
    code = codes.read(link["code"] if link else typed, LABEL_SIGNS)
    if code and (rows := _devices(session, person, Device.label_code == code)):
        return Found(label=code, rows=rows, exact=True)
    if link:
        return Found(label=link["code"])
    try:
        reading = udi.recognise(typed)
    except udi.Unreadable as error:
        return Found(refusal=error.message)
    return _of_reading(session, person, reading) if reading else None


def _of_reading(session: Session, person: Person, reading: udi.Reading) -> Found:
    products = of_di(session, reading.dis)
    marks = _marks(reading)
    conditions = [sa.or_(*marks)] if marks else []
    if products:
        conditions.append(Device.product_id.in_([product.id for product in products]))
    rows = _devices(session, person, *conditions) if conditions else []
    return Found(reading=reading, products=products, rows=rows, exact=bool(products and marks))


def _marks(reading: udi.Reading) -> list[sa.ColumnElement[bool]]:
    """The unit by its serial, in whatever way the code may be read; goods without one by their lot."""
    serials = {way.serial for way in reading.all_ways if way.serial}
    lots = {way.lot for way in reading.all_ways if way.lot and not way.serial}
    found = [Device.serial.in_(serials)] if serials else []
    return [*found, Device.lot.in_(lots)] if lots else found


def _devices(session: Session, person: Person, *conditions: Any) -> list[Any]:
    return page(session, DEVICES, arms(person, Device, P.DEVICE_SEE), conditions, size=MOST).rows
