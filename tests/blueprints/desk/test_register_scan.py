"""Registering a device from what its plate says (WAR-10)."""

import re

import pytest
import sqlalchemy as sa

from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Centre, Organisation

GS = "\x1d"


@pytest.fixture
def hospital(session):
    return session.scalars(sa.select(Organisation).where(Organisation.kind == "hospital")).first()


@pytest.fixture
def ventilator(session):
    return session.scalars(sa.select(Product).where(Product.model == "RH-V5")).one()


@pytest.fixture
def url(hospital):
    return f"/desk/devices/new?hospital={hospital.uid}"


def value(html, name):
    """What stands in a field of the page."""
    return re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)[1]


def chosen(html, name):
    box = re.search(rf'<select[^>]*name="{name}".*?</select>', html, re.DOTALL)[0]
    return re.search(r'<option selected value="([^"]*)"', box)[1]


@pytest.mark.req("WAR-10")
@pytest.mark.parametrize("sent", [GS, "|", "^"])
def test_a_scan_fills_product_serial_lot_and_dates(browser, hospital, ventilator, sent):
    scan = f"01{ventilator.udi_di}112601171728011610LOT7{sent}21SN-42"
    html = browser("desk2").get("/desk/devices/new", query_string={"hospital": hospital.uid, "code": scan}).text
    assert chosen(html, "product") == ventilator.uid
    filled = [value(html, name) for name in ("serial", "lot", "made_on", "expires_on", "udi_pi")]
    assert filled == ["SN-42", "LOT7", "2026-01-17", "2028-01-16", "(11)260117(17)280116(10)LOT7(21)SN-42"]


def test_reading_a_code_in_the_form_keeps_what_was_typed(browser, url, ventilator, hospital, session):
    site = hospital.sites[0]
    typed = {"room": "5-12", "keeper": "李护士", "place": site.uid, "serial": "wrong", "read": "1"}
    answer = browser("desk2").post(url, data=typed | {"code": f"(01){ventilator.udi_di}(21)SN-42"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert [value(html, name) for name in ("room", "keeper", "serial")] == ["5-12", "李护士", "SN-42"]
    assert chosen(html, "place") == site.uid
    assert session.scalar(sa.select(Device).where(Device.serial == "SN-42")) is None


def test_what_was_filled_is_registered(browser, url, ventilator, hospital, session):
    centre = session.scalars(sa.select(Centre).where(Centre.dealer_id.is_(None))).first()
    scan = f"01{ventilator.udi_di}21SN-42"
    facts = {"code": scan, "product": ventilator.uid, "place": hospital.sites[0].uid, "centre": centre.uid}
    answer = browser("desk2").post(url, data=facts | {"serial": "SN-42", "udi_pi": "(21)SN-42"})
    assert answer.status_code == 303
    made = session.scalars(sa.select(Device).where(Device.serial == "SN-42")).one()
    assert (made.product_id, made.udi_pi, made.no_udi_reason) == (ventilator.id, "(21)SN-42", "")
    page = browser("desk2").get("/search", query_string={"q": scan})
    assert page.status_code == 303 and page.location == f"/desk/devices/{made.number}"


@pytest.mark.req("WAR-10")
def test_an_older_device_without_a_udi_carries_a_reason(browser, url, ventilator, hospital, session):
    centre = session.scalars(sa.select(Centre).where(Centre.dealer_id.is_(None))).first()
    facts = {"product": ventilator.uid, "place": hospital.sites[0].uid, "centre": centre.uid, "serial": "OLD-1"}
    refused = browser("desk2").post(url, data=facts)
    assert refused.status_code == 422 and "say why" in refused.get_data(as_text=True)
    assert browser("desk2").post(url, data=facts | {"no_udi_reason": "made in 2016"}).status_code == 303
    made = session.scalars(sa.select(Device).where(Device.serial == "OLD-1")).one()
    assert "None: made in 2016" in browser("desk2").get(f"/desk/devices/{made.number}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("scan", "says"),
    [
        ("0106931234500017", "digit 14 is 7 and should be 8"),
        ("呼吸机", "is no code of a device"),
    ],
)
def test_a_misread_code_is_an_error_at_its_field(browser, url, scan, says):
    answer = browser("desk2").post(url, data={"code": scan, "read": "1", "room": "5-12"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and says in html and 'id="code-error"' in html and value(html, "room") == "5-12"


@pytest.mark.parametrize(("who", "offers"), [("desk2", False), ("manager", True)])
def test_an_unknown_product_is_named_and_offered_to_who_may_add_it(browser, url, who, offers):
    answer = browser(who).post(url, data={"code": "(01)06901234567892(21)A1", "read": "1"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "06901234567892" in html and value(html, "serial") == "A1"
    assert ("/office/products/new?di=06901234567892" in html) is offers
    assert offers or "a manager can add it" in html


def test_where_separators_are_missing_the_person_decides(browser, url, ventilator):
    answer = browser("desk2").post(url, data={"code": f"01{ventilator.udi_di}10LOT721SN9", "read": "1"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "sent no separators" in html
    assert value(html, "serial") == value(html, "lot") == ""
    assert chosen(html, "product") == ventilator.uid


def test_a_code_survives_the_choice_of_the_hospital(browser, hospital, ventilator):
    html = (
        browser("desk2")
        .get("/desk/devices/new", query_string={"code": f"01{ventilator.udi_di}"})
        .get_data(as_text=True)
    )
    assert f"hospital={hospital.uid}&amp;code=01{ventilator.udi_di}" in html


def test_who_may_not_register_may_not_read_codes_there(browser, url):
    assert browser("technician").post(url, data={"code": "x", "read": "1"}).status_code == 403
