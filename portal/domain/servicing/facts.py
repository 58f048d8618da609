"""What papers about a work order say of the company, the customer, the device and the request, as plain values.

Fields after the blocks CUS and DEV of the forms. Both languages of catalogue texts; what people typed stays as typed.
"""

from datetime import date, datetime
from typing import Any

from portal.core.db import Text2
from portal.domain.servicing.models import ServiceRequest, WorkOrder


def company(order: WorkOrder) -> dict[str, Any]:
    own = order.company
    return {"code": own.code, "name": both(own.name), "address": both(own.address), "phone": own.phone}


def customer(order: WorkOrder) -> dict[str, Any]:
    request = order.request
    return {
        "name": both(request.organisation.name),
        "site": both(request.site.name),
        "department": both(request.department.name) if request.department else None,
        "address": request.site.address or request.organisation.address,
        "contact": request.contact_name,
        "phone": request.contact_phone,
    }


def device(order: WorkOrder) -> dict[str, Any]:
    unit = order.request.device
    product = unit.product
    reported_on = order.request.reported_at.date()
    return {
        "number": unit.number,
        "asset_number": unit.asset_number,
        "name": both(product.name),
        "model": product.model,
        "registrant": product.registrant,
        "registration_number": product.registration_number,
        "risk_class": product.risk_class.value,
        "serial": unit.serial,
        "lot": unit.lot,
        "udi_di": product.udi_di,
        "udi_pi": unit.udi_pi,
        "installed_on": day(unit.installed_on),
        "accepted_on": day(unit.accepted_on),
        "in_warranty": unit.in_warranty(reported_on),
    }


def reported(request: ServiceRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "kind": request.kind.value,
        "channel": request.channel.value,
        "reported_at": at_second(request.reported_at),
        "symptom_reported": request.symptom,
        "cause_told": request.cause_told,
        "urgency": request.urgency.value,
    }


def lot(request: ServiceRequest) -> dict[str, Any] | None:
    """Of goods by lot: which, how many of what, how they were kept (INT-14). None for a unit with a serial number."""
    goods = request.device
    if not goods.product.by_lot:
        return None
    return {
        "expires_on": day(goods.expires_on),
        "quantity": request.quantity,
        "unit": both(goods.product.unit),
        "storage": request.storage_told,
    }


def both(text: Text2) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def at_second(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def day(on: date | None) -> str | None:
    return on.isoformat() if on else None
