"""The pages of a device's whole history, and of replacing the unit."""

import pytest
import sqlalchemy as sa

from portal.core.db import db
from portal.domain.devices.models import Device, State
from tests.blueprints.technicians.field import order_at, order_of, sent

SWAP = {"serial": "NEW-0001", "no_udi_reason": "旧型号", "whereabouts": "old_returned", "reason": "主板无法修复"}


@pytest.mark.req("WAR-5")
def test_staff_and_hospital_read_the_history_each_on_their_own_page(browser, people, device):
    number = order_at(people, device, "done")
    request = order_of(number).request.number
    staff = browser("desk").get(f"/desk/devices/{device.number}/history").text
    assert f"/quality/orders/{number}" in staff and f"/desk/requests/{request}" in staff and "OX-11" in staff
    own = browser("officer").get(f"/customer/devices/{device.number}/history").text
    assert f"/customer/requests/{request}" in own and "/quality/" not in own
    assert browser("officer2").get(f"/customer/devices/{device.number}/history").status_code == 404
    parts = browser("desk").get(f"/desk/devices/{device.number}/history?show=part").text
    assert "OX-11" in parts and f"/desk/requests/{request}" not in parts


@pytest.mark.req("RPR-11")
def test_a_technician_replaces_the_unit_and_both_pages_name_each_other(browser, people, device):
    tablet, where = browser("technician"), f"/desk/devices/{device.number}"
    assert tablet.post(f"{where}/swap", sent(**SWAP)).status_code == 303
    db.session.rollback()
    new = db.session.scalars(sa.select(Device).where(Device.serial == "NEW-0001")).one()
    assert new.replaces.state is State.REPLACED
    assert new.number in tablet.get(where).text and device.number in tablet.get(f"/desk/devices/{new.number}").text
    assert "/report" not in browser("officer").get(f"/customer/devices/{device.number}").text
    assert tablet.post(f"{where}/swap", sent(**SWAP | {"serial": "NEW-0002"})).status_code == 409


def test_a_known_serial_number_is_refused_at_its_field_and_the_rest_stays(browser, device):
    twin = db.session.scalars(
        sa.select(Device.serial).where(Device.product_id == device.product_id, Device.id != device.id).limit(1)
    ).one()
    answer = browser("desk").post(f"/desk/devices/{device.number}/swap", sent(**SWAP | {"serial": twin}))
    assert answer.status_code == 422 and 'id="serial-error"' in answer.text and SWAP["reason"] in answer.text
