"""Requests that come by telephone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Channel

CALL = {
    "channel": "phone",
    "contact_name": "刘护士长",
    "contact_phone": "021-5555",
    "symptom": "屏幕不亮",
    "urgency": "urgent",
}


def local(at):
    return at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


def take(client, device, **data):
    return client.post(f"/desk/requests/new?device={device.number}", data=CALL | data)


def newest(session):
    session.expire_all()
    return session.execute(sa.select(ServiceRequest).order_by(ServiceRequest.id.desc()).limit(1)).scalar_one_or_none()


def test_first_the_device_is_found(browser):
    answer = browser("desk2").get("/desk/requests/new")
    assert answer.status_code == 200 and "/desk/devices" in answer.get_data(as_text=True)


@pytest.mark.req("INT-4")
def test_the_register_fills_in_what_it_knows(browser, device):
    html = browser("desk2").get(f"/desk/requests/new?device={device.number}").get_data(as_text=True)
    for text in (device.serial, device.product.model, "Jiangnan University Central Hospital", "延安中路 1088"):
        assert text in html


@pytest.mark.req("INT-1", "INT-8")
def test_a_call_becomes_a_request_at_the_time_it_came(browser, device, session, people):
    at = clock.now() - timedelta(hours=2)
    answer = take(browser("desk"), device, occurred_at=local(at), preferred_time="14:00 以后")
    record = newest(session)
    assert answer.status_code == 303 and answer.headers["Location"].endswith(record.number)
    assert record.channel is Channel.PHONE and record.contact_name == "刘护士长"
    assert abs(record.reported_at - at) < timedelta(minutes=1)
    assert record.first_handler_id == people.account("desk").id


@pytest.mark.parametrize("offset", [timedelta(hours=1), timedelta(hours=-73)])
def test_a_time_to_come_or_long_past_is_refused_at_its_field(browser, device, session, offset):
    answer = take(browser("desk2"), device, occurred_at=local(clock.now() + offset))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'id="occurred_at-error"' in html and "屏幕不亮" in html
    assert newest(session) is None


def test_what_is_already_reported_is_shown(desk, browser, device):
    number = desk.file()
    assert number in browser("desk2").get(f"/desk/requests/new?device={device.number}").get_data(as_text=True)


def test_the_portal_is_no_way_to_call(browser, device, session):
    assert take(browser("desk"), device, channel="portal").status_code == 422
    assert newest(session) is None


def test_who_may_not_take_requests(browser, device, elsewhere):
    assert take(browser("technician"), device).status_code == 403
    assert take(browser("quality"), device).status_code == 403
    assert take(browser("officer"), device).status_code == 403
    assert take(browser("dealer_desk"), device).status_code == 404
    assert take(browser("dealer_desk"), elsewhere).status_code == 303
