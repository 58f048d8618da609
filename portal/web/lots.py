"""Goods by lot, wherever they are reported: what is asked of them, and how it is shown (INT-14)."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, MultipleFileField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.core import clock
from portal.domain.devices.models import Device
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.requests import STORAGE
from portal.web.talk import Files, photos_of

LEAST, MOST = Decimal("0.001"), 9_999_999


class LotQuestions:
    """How many are affected, and how they were kept: mixed into the forms that report goods by lot."""

    quantity = DecimalField(
        _l("Quantity affected"), places=None, validators=[InputRequired(), NumberRange(LEAST, MOST)]
    )
    storage_told = TextAreaField(_l("How was it kept?"), validators=[Length(max=4000)])
    storage_proof = MultipleFileField(_l("Proof of storage"))

    LOT_QUESTIONS = ("quantity", "storage_told", "storage_proof")

    def ask_about(self, device: Device) -> Device:
        """Ask only where the device is a lot of goods. Returns it."""
        if not device.product.by_lot:
            for name in self.LOT_QUESTIONS:
                del self[name]
        return device


def expired_now(device: Device) -> bool:
    """Whether it may not be used any more today, where its company is."""
    return device.expired(clock.now().astimezone(ZoneInfo(device.company.zone)).date())


def lot_panel(record: ServiceRequest, files: Files) -> dict[str, Any] | None:
    """What `records/_lot.html` shows of a request about goods by lot; None for a unit with a serial number."""
    if not (record.device.product.by_lot or record.quantity):
        return None
    reported_on = record.reported_at.astimezone(ZoneInfo(record.company.zone)).date()
    return {"expired": record.device.expired(reported_on), "proof": photos_of(files, STORAGE)}
