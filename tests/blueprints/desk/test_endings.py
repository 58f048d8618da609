"""Cancelling, refusing, closing."""

import pytest
import sqlalchemy as sa

from portal.core import audit
from portal.core.db import new_uid
from portal.domain.complaints.models import Complaint
from portal.domain.servicing.words import Asked, RequestState
from tests.safety import NOTHING, SAFE


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


@pytest.mark.req("INT-11")
@pytest.mark.parametrize(("verb", "state"), [("cancel", RequestState.CANCELLED), ("refuse", RequestState.REFUSED)])
def test_the_safety_questions_come_before_the_end(desk, browser, session, verb, state):
    number, client = desk.file(answers=None), browser("desk2")
    assert f'id="{verb}-harm' in client.get(f"/desk/requests/{number}").get_data(as_text=True)
    html = end(client, number, verb, reason="医院已自行修复").get_data(as_text=True)
    assert f'href="#{verb}-harm-0"' in html and "医院已自行修复" in html
    assert desk.request(number).state is RequestState.RECEIVED
    worst = SAFE | {"harm": "yes", "reason": "医院已自行修复"}
    answer = end(client, number, verb, **worst)
    assert answer.status_code == 422 and f'href="#{verb}-grounds"' in answer.get_data(as_text=True)
    assert desk.request(number).screens == []
    key = new_uid()
    for _ in range(2):
        assert end(client, number, verb, **worst, grounds="护士触电", idempotency_key=key).status_code == 303
    record = desk.request(number)
    assert record.state is state and [screen.asked for screen in record.screens] == [Asked.INTAKE]
    assert session.scalars(sa.select(Complaint.content).where(Complaint.request_id == record.id)).all() == ["护士触电"]


def test_what_was_answered_is_not_asked_again_at_the_end(desk, browser):
    number = desk.file(answers=NOTHING)
    html = browser("desk").get(f"/desk/requests/{number}").get_data(as_text=True)
    assert 'id="cancel-reason' in html and 'name="harm"' not in html
