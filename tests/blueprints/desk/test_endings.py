"""Cancelling, refusing, closing."""

import pytest

from portal.core import audit
from portal.domain.servicing.words import RequestState


def end(client, number, verb, **data):
    return client.post(f"/desk/requests/{number}/{verb}", data=data)


def test_cancelling_asks_for_a_reason_and_keeps_it(desk, browser, session):
    number = desk.file()
    client = browser("desk2")
    assert end(client, number, "cancel").status_code == 422
    assert end(client, number, "cancel", reason="医院已自行修复").status_code == 303
    record = desk.request(number)
    assert record.state is RequestState.CANCELLED
    assert audit.story(session, record)[0].facts["reason"] == "医院已自行修复"


def test_the_customer_reads_why_a_request_was_refused(desk, browser):
    number = desk.file()
    assert end(browser("desk"), number, "refuse", reason="不是我司销售的设备").status_code == 303
    assert "不是我司销售的设备" in browser("officer").get(f"/customer/requests/{number}").get_data(as_text=True)


def test_an_open_request_cannot_be_closed(desk, browser):
    number = desk.file()
    answer = end(browser("desk2"), number, "close")
    assert answer.status_code == 409 and "no longer possible" in answer.get_data(as_text=True)
    assert desk.request(number).state is RequestState.RECEIVED


def test_whoever_comes_second_is_told(desk, browser):
    number = desk.file()
    end(browser("desk"), number, "cancel", reason="重复报修")
    answer = end(browser("desk2"), number, "refuse", reason="x")
    assert answer.status_code == 409 and "Cancelled" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("who", "verb"), [("quality", "cancel"), ("technician", "refuse"), ("dealer_desk", "refuse")])
def test_roles_without_the_right_are_refused(desk, browser, who, verb):
    assert end(browser(who), desk.file(), verb, reason="x").status_code == 403
