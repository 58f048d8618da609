"""Goods by lot for the tests: a reagent in boxes, and a lot of it where a device stands."""

from datetime import date, timedelta

from portal.core import clock
from portal.core.db import Text2
from portal.domain.catalog import service as catalog
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.devices import service
from portal.domain.devices.models import Device

TOLD = {"symptom": "质控连续偏高", "contact_name": "王䶮", "contact_phone": "021-6482 1166"}


def in_days(days: int) -> date:
    """So many days from today."""
    return clock.now().date() + timedelta(days=days)


def list_reagent(session, person) -> Product:
    name, unit = Text2("肌钙蛋白试剂盒", "Troponin kit"), Text2("盒", "boxes")
    return catalog.list_product(
        session, person, name=name, model="CTNI-9", risk_class=RiskClass.III, by_lot=True, unit=unit
    )


def register_lot(session, person, product, beside: Device, **values) -> Device:
    """A lot of `product` at the place of the device `beside`."""
    known = {"lot": "TN26", "expires_on": in_days(90), "no_udi_reason": "早期包装"}
    here = {"site": beside.site, "centre": beside.centre, "department": beside.department}
    return service.register(session, person, product=product, **here, **known | values)
