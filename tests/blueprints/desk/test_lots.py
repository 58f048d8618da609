"""Goods by lot at the desk: registering them, and taking a call about them."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from tests.blueprints.desk.test_intake import newest, take
from tests.lots import in_days, list_reagent, register_lot


@pytest.fixture
def reagent(people):
    with writing() as session:
        return list_reagent(session, people.quality).uid


@pytest.fixture
def url(device):
    return f"/desk/devices/new?hospital={device.organisation.uid}"


def plate(device, reagent, **values):
    place = {"product": reagent, "place": device.site.uid, "centre": device.centre.uid}
    return place | {"lot": "TN26", "expires_on": in_days(90).isoformat(), "no_udi_reason": "早期包装"} | values


@pytest.mark.req("INT-14")
def test_the_form_follows_the_product(browser, url, device, reagent):
    desk = browser("desk2")
    assert 'name="serial"' in desk.get(url).text
    html = desk.post(url, plate(device, reagent, follow="1", keeper="李主管")).text
    assert 'name="serial"' not in html and 'name="lot"' in html and "李主管" in html
    assert db.session.scalar(sa.select(Device).where(Device.lot == "TN26")) is None


@pytest.mark.req("INT-14")
def test_a_lot_is_registered_without_a_serial_number(browser, url, device, reagent):
    desk = browser("desk2")
    answer = desk.post(url, plate(device, reagent))
    assert answer.status_code == 303
    assert "TN26" in desk.get(answer.location).text and "TN26" in desk.get("/desk/devices?serial=TN2").text


@pytest.mark.req("INT-14")
def test_what_is_missing_is_said_at_its_field(browser, url, device, reagent):
    answer = browser("desk2").post(url, plate(device, reagent, lot="", expires_on="", serial="SN-7", room="5-12"))
    assert answer.status_code == 422 and "5-12" in answer.text and "SN-7" in answer.text
    assert all(f'id="{name}-error"' in answer.text for name in ("lot", "expires_on", "serial"))


def test_a_unit_without_its_serial_number_is_refused(browser, url, device):
    answer = browser("desk2").post(url, plate(device, device.product.uid))
    assert answer.status_code == 422 and 'id="serial-error"' in answer.text


def test_a_customer_registers_nothing(browser, url, device, reagent):
    assert browser("officer").post(url, plate(device, reagent)).status_code == 403


@pytest.mark.req("INT-14")
def test_a_call_about_goods_by_lot_says_how_many(browser, session, people, device, reagent):
    with writing() as writer:
        product = writer.scalars(sa.select(Product).where(Product.uid == reagent)).one()
        lot_id = register_lot(writer, people.desk, product, writer.get_one(Device, device.id)).id
    goods = db.session.get_one(Device, lot_id)
    refused = take(browser("desk"), goods, quantity="many", storage_told="室温")
    assert refused.status_code == 422 and 'value="many"' in refused.text and newest(session) is None
    assert take(browser("desk"), goods, quantity="0.5", storage_told="室温").status_code == 303
    assert (newest(session).quantity, newest(session).storage_told) == ("0.5", "室温")


@pytest.mark.req("INT-14")
def test_the_catalogue_says_what_is_counted_by_lot(browser, people):
    facts = {"name_zh": "止血棉", "model": "ZX-1", "risk_class": "II", "by_lot": "y"}
    quality = browser("quality")
    refused = quality.post("/office/products/new", facts)
    assert refused.status_code == 422 and 'id="unit_zh-error"' in refused.text and "止血棉" in refused.text
    answer = quality.post("/office/products/new", facts | {"unit_zh": "片"})
    assert answer.status_code == 303 and "片" in quality.get(answer.location).text
