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
    "kind": "repair",
    "concern": "product",
    "harm": "no",
    "is_event": "no",
    "is_complaint": "no",
    "is_hazard": "no",
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


@pytest.mark.req("INT-17")
def test_the_device_is_found_by_what_the_caller_says(browser, device):
    client = browser("desk2")
    for typed in (device.serial[-4:], "江中心 呼吸机", "jzx hxj"):
        html = client.get("/desk/requests/new", query_string={"q": typed}).get_data(as_text=True)
        assert f"/desk/requests/new?device={device.number}" in html, typed


@pytest.mark.req("INT-17")
def test_who_called_before_is_known_by_the_number(browser, device, desk):
    number = desk.file(contact_name="刘护士长", contact_phone="138 0013 8000")
    client = browser("desk2")
    html = client.get("/desk/requests/new?q=13800138000").get_data(as_text=True)
    assert f"/desk/requests/new?like={number}" in html
    answer = client.get(f"/desk/requests/new?like={number}", follow_redirects=True)
    html = answer.get_data(as_text=True)
    assert 'value="刘护士长"' in html and 'value="138 0013 8000"' in html and device.serial in html


def test_a_hospital_narrows_down_the_devices(browser, device):
    uid = device.organisation.uid
    html = browser("desk2").get(f"/desk/requests/new?hospital={uid}").get_data(as_text=True)
    assert device.number in html and html.count("?device=") == 24
    html = browser("desk2").get(f"/desk/requests/new?hospital={uid}&q=hxj").get_data(as_text=True)
    assert html.count("?device=") == 2
    assert browser("dealer_desk").get(f"/desk/requests/new?hospital={uid}").status_code == 404


@pytest.mark.req("INT-2", "INT-3")
@pytest.mark.parametrize("channel", [c.value for c in Channel if c is not Channel.PORTAL])
def test_every_way_and_every_kind_is_the_same_record(browser, device, session, channel):
    assert take(browser("desk"), device, channel=channel, kind="training", concern="other").status_code == 303
    record = newest(session)
    assert (record.channel, record.kind, record.concern) == (channel, "training", "other")


@pytest.mark.req("INT-11")
@pytest.mark.parametrize("question", ["harm", "is_event", "is_complaint", "is_hazard"])
def test_no_safety_question_may_be_left_out(browser, device, session, question):
    page = browser("desk").get(f"/desk/requests/new?device={device.number}").get_data(as_text=True)
    chosen = [tag for tag in page.split("<input") if f'name="{question}"' in tag and "checked" in tag]
    assert chosen == []
    answer = take(browser("desk"), device, **{question: ""})
    assert answer.status_code == 422 and newest(session) is None


def test_a_yes_without_its_grounds_is_refused_at_its_field(browser, device, session):
    answer = take(browser("desk"), device, harm="possible")
    assert answer.status_code == 422 and 'id="grounds-error"' in answer.get_data(as_text=True)
    assert newest(session) is None


@pytest.mark.req("INT-9", "INT-11")
def test_a_hazard_at_intake_is_seen_by_everybody(browser, device, session):
    hazard = {"harm": "possible", "is_event": "yes", "is_hazard": "yes", "grounds": "有烧焦味"}
    assert take(browser("desk"), device, **hazard).status_code == 303
    number = newest(session).number
    desk = browser("desk").get(f"/desk/requests/{number}").get_data(as_text=True)
    assert "停用" in desk and "/quality/complaints/" in desk
    quality = browser("quality")
    listed = quality.get("/quality/complaints").get_data(as_text=True)
    assert "有烧焦味" in listed
    assert "请停用此设备" in browser("officer").get(f"/customer/devices/{device.number}").get_data(as_text=True)


@pytest.mark.req("INT-5")
def test_first_handlers_see_their_own(browser, device, session):
    take(browser("desk"), device)
    number = newest(session).number
    assert number in browser("desk").get("/desk/requests?handler=me").get_data(as_text=True)
    assert number not in browser("desk2").get("/desk/requests?handler=me").get_data(as_text=True)
