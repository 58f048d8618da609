"""The code that stands on a device's label."""

import sqlalchemy as sa

from portal.core import codes
from portal.core.db import writing
from portal.domain.devices import service
from portal.domain.devices.models import LABEL_SIGNS, Device


def test_every_device_is_registered_with_a_code_of_its_own(session, people, device):
    with writing() as writer:
        known = writer.get_one(Device, device.id)
        place = {"product": known.product, "site": known.site, "centre": known.centre}
        service.register(writer, people.desk, **place, serial="LC-1", udi_pi="(21)LC-1")
    drawn = session.scalars(sa.select(Device.label_code)).all()
    assert len(set(drawn)) == len(drawn) > 1
    assert all(codes.read(code, LABEL_SIGNS) == code for code in drawn)


def test_a_label_code_cannot_be_found_by_trying():
    assert len(codes.ALPHABET) ** LABEL_SIGNS >= 2**60
