"""A scanned code leads to its device, from every field that looks for one."""

import pytest

from portal.core import codes
from tests.queries import count_queries

UNKNOWN = "(01)06901234567892(21)A1"


def scan_of(device):
    return f"]d201{device.product.udi_di}112601171728011621{device.serial}"


def look(client, typed, url="/search", name="q"):
    return client.get(url, query_string={name: typed})


@pytest.mark.req("WAR-10", "INT-10")
@pytest.mark.parametrize(
    ("who", "at"),
    [("desk", "/desk/devices/"), ("technician", "/desk/devices/"), ("officer", "/customer/devices/")],
)
def test_the_makers_own_code_leads_to_the_device(browser, device, who, at):
    answer = look(browser(who), scan_of(device))
    assert answer.status_code == 303 and answer.location == f"{at}{device.number}"


@pytest.mark.req("INT-10")
def test_our_label_leads_to_the_device_scanned_or_typed(browser, device):
    client = browser("desk2")
    for typed in (
        f"https://portal.example.com/d/{device.label_code}",
        device.label_code.lower(),
        codes.spell(device.label_code),
    ):
        assert look(client, typed).location == f"/desk/devices/{device.number}"


def test_a_label_that_leads_nowhere_says_so(browser, device):
    html = look(browser("desk2"), "https://portal.example.com/d/0000000000000").get_data(as_text=True)
    assert "No device with this label" in html
    other = look(browser("officer3"), f"https://portal.example.com/d/{device.label_code}")
    assert other.status_code == 200 and "No device with this label" in other.get_data(as_text=True)


def test_the_scan_of_another_hospitals_device_shows_nothing_of_it(browser, device):
    html = look(browser("officer3"), scan_of(device)).get_data(as_text=True)
    assert "No device that you may see carries this code" in html and device.number not in html


def test_a_device_that_is_not_registered_is_offered_filled_in(browser, device):
    html = look(browser("desk2"), f"01{device.product.udi_di}17280116" + "21NEW-7").get_data(as_text=True)
    assert "What was read" in html and "NEW-7" in html and "16 Jan 2028" in html
    assert f"/desk/devices/new?code=01{device.product.udi_di}" in html
    assert "/desk/devices/new?code" not in look(browser("technician"), f"01{device.product.udi_di}21NEW-7").text


def test_a_product_that_nobody_knows_is_said(browser):
    html = look(browser("desk2"), UNKNOWN).get_data(as_text=True)
    assert "has the UDI-DI 06901234567892" in html and "A1" in html and "/office/products/new" not in html
    assert "/office/products/new?di=06901234567892" in look(browser("quality2"), UNKNOWN).text


def test_a_misread_code_is_named_exactly(browser, device):
    html = look(browser("desk2"), f"01{device.product.udi_di[:-1]}021A1").get_data(as_text=True)
    assert "This code cannot be read" in html and "digit 14 is 0 and should be 8" in html


def test_a_code_without_separators_still_finds_its_device(browser, device):
    answer = look(browser("desk2"), f"01{device.product.udi_di}10LOT721{device.serial}")
    assert answer.location == f"/desk/devices/{device.number}"


def test_a_code_of_the_product_alone_shows_its_devices(browser, device):
    html = look(browser("desk2"), device.product.udi_di).get_data(as_text=True)
    assert "Devices with this code" in html and device.number in html


def test_while_typing_the_device_is_a_card(browser, device):
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = browser("desk2").get("/search", query_string={"q": scan_of(device)}, headers=partial)
    assert answer.status_code == 200 and f"/desk/devices/{device.number}" in answer.text and "<html" not in answer.text


@pytest.mark.req("INT-10")
def test_at_phone_intake_a_scan_chooses_the_device(browser, device):
    answer = look(browser("desk2"), scan_of(device), "/desk/requests/new")
    assert answer.location == f"/desk/requests/new?device={device.number}"
    assert "What was read" in look(browser("desk2"), UNKNOWN, "/desk/requests/new").get_data(as_text=True)


def test_in_the_list_of_devices_a_scan_leads_on(browser, device):
    client = browser("technician")
    answer = look(client, scan_of(device), "/desk/devices", "serial")
    assert answer.status_code == 302 and answer.location.startswith("/search?q=")
    assert client.get(answer.location).location == f"/desk/devices/{device.number}"


def test_words_are_searched_for_as_before(browser, device):
    html = look(browser("desk2"), device.serial[-4:]).get_data(as_text=True)
    assert "What was read" not in html and device.number in html


def test_a_scan_needs_few_statements(browser, device):
    client = browser("desk2")
    look(client, scan_of(device))
    with count_queries() as sent:
        look(client, scan_of(device))
    assert len(sent) <= 7, sent
