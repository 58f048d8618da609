"""The page of the search: one field for everybody, each finding their own, on a page of their own."""

import re

import pytest

from tests.queries import count_queries
from tests.safety import SAFE
from tests.web.conftest import sent


def look(client, typed, **more):
    answer = client.get("/search", query_string={"q": typed} | more)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def links(html):
    return re.findall(r'class="card-row" href="([^"]+)"', html)


@pytest.fixture
def request_number(browser, device):
    report = sent(
        symptom="潮气量偏低，提示 E-42", urgency="urgent", contact_name="陈静怡", contact_phone="021-6482 1166"
    )
    answer = browser("officer").post(f"/customer/devices/{device.number}/report", report)
    number = answer.location.rsplit("/")[-1]
    browser("desk").post(f"/desk/requests/{number}/screen", sent(**SAFE))
    return number


def test_the_desk_finds_and_is_led_on(browser, device, request_number):
    desk = browser("desk")
    html = look(desk, device.serial[-4:])
    assert f"/desk/devices/{device.number}" in links(html) and f"/desk/requests/{request_number}" in links(html)
    assert any("/office/organisations/" in link for link in links(look(desk, "江中心")))
    assert any("/office/products/" in link for link in links(look(desk, "hxj")))


def test_a_customer_finds_their_own_on_their_own_pages(browser, device, request_number):
    assert links(look(browser("officer"), "潮气")) == [f"/customer/requests/{request_number}"]
    assert f"/customer/devices/{device.number}" in links(look(browser("officer"), device.serial))
    assert links(look(browser("officer2"), "潮气")) == [] and links(look(browser("officer2"), device.serial)) == []
    assert all(link.startswith("/customer/") for link in links(look(browser("officer"), "呼吸机")))


def test_a_technician_is_led_to_the_order(browser, device, request_number, people):
    number = people.account("technician").uid
    browser("desk").post(f"/desk/requests/{request_number}/assign", sent(technician=number))
    assert f"/open/{request_number}" in links(look(browser("technician"), "潮气"))


def test_a_whole_number_leads_to_what_only_numbers_find(browser, device, request_number, people):
    desk = browser("desk")
    desk.post(f"/desk/requests/{request_number}/assign", sent(technician=people.account("technician").uid))
    order = request_number.replace("-SR-", "-WO-")
    assert links(look(desk, order.lower()))[0] == f"/quality/orders/{order}"
    assert order not in "".join(links(look(browser("officer2"), order)))


def test_more_of_one_kind_stands_in_the_address(browser):
    html = look(browser("desk"), "呼吸机")
    assert len([link for link in links(html) if "/devices/" in link]) == 5
    more = look(browser("desk"), "RH", kind="device")
    assert len(links(more)) > 6 and all("/desk/devices/" in link for link in links(more))


def test_what_was_said_is_shown_where_it_was_found(browser, request_number):
    browser("officer").post(f"/customer/requests/{request_number}/message", sent(body="备用电源也不亮了"))
    assert "备用电源也不亮了" in look(browser("desk"), "备用电源")


@pytest.mark.parametrize("typed", ["", " ", "%", '"', "a'b OR NOT", "无此物", "x" * 500])
def test_nothing_to_find_is_said_kindly(browser, typed):
    assert 'class="empty"' in look(browser("desk"), typed)


def test_what_is_typed_comes_back_as_a_fragment(browser, device):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    html = browser("desk").get(f"/search?q={device.serial}", headers=headers).get_data(as_text=True)
    assert html.lstrip().startswith('<div id="found"') and device.number in html


@pytest.mark.parametrize("key", ["desk", "dealer_desk", "quality", "stores", "finance", "manager", "auditor", "admin"])
def test_every_staff_page_has_the_field(browser, key):
    html = browser(key).get("/", follow_redirects=True).get_data(as_text=True)
    assert 'action="/search"' in html and "data-search" in html


@pytest.mark.parametrize("path", ["/customer/devices", "/customer/requests"])
def test_customers_have_it_on_their_lists(browser, path):
    assert 'action="/search"' in browser("officer").get(path).get_data(as_text=True)


def test_strangers_sign_in_first(browser):
    assert browser(None).get("/search?q=x").status_code == 303


def test_a_search_asks_the_database_little(browser, request_number):
    desk = browser("desk")
    with count_queries() as sent_statements:
        look(desk, "呼吸")
    assert len(sent_statements) <= 5
