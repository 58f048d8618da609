"""What a scanned code fills in when a device is registered: product, serial, lot, dates and UDI-PI (WAR-10)."""

from typing import Any

from flask_babel import gettext as _

from portal.blueprints.desk.forms import RegisterForm
from portal.core.db import db
from portal.domain.catalog import udi
from portal.domain.catalog.queries import of_di
from portal.web.languages import say

READ = ("serial", "lot", "made_on", "expires_on")


def fill(form: RegisterForm) -> str | None:
    """Fill the fields that the code in `form.code` says. Returns its UDI-DI if no product has it, else None.

    What the code does not say stays as typed. A code that cannot be read is an error at its field.
    """
    try:
        reading = udi.read(form.code.data)
    except udi.Unreadable as error:
        form.code.errors = [say(error.message)]
        return None
    form.code.data = reading.raw
    for name in READ:
        _put(form[name], udi.agreed(reading.all_ways, name))
    _put(form.udi_pi, reading.production)
    product = next(iter(of_di(db.session, reading.dis)), None)
    _put(form.product, product.uid if product else None)
    if reading.ways:
        form.code.errors = [_("The scanner sent no separators: type lot and serial number as they stand on the label.")]
    return None if product else reading.di


def _put(field: Any, value: Any) -> None:
    if value:
        field.data, field.raw_data = value, None
