"""What a case waits for, and what happened to it by hand: through the forms."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.domain.devices.models import Device
from portal.domain.policies.models import Milestone, Waiting, WaitingState
from portal.domain.servicing import service
from tests.safety import SAFE

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def filed(device, people):
    """Number of a request that was reported an hour ago."""
    with clock.frozen(clock.now() - timedelta(hours=1)), writing() as session:
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        return service.create_request(session, people.officer, session.get_one(Device, device.id), **facts).number


def states(number):
    db.session.rollback()
    mine = sa.select(Clock.name, Clock.state).where(Clock.root_number == number)
    return {row.name: row.state for row in db.session.execute(mine)}


def only(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model).execution_options(populate_existing=True)).one()


def local(ago):
    return (clock.now() - ago).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


def wait(client, number, key="access", evidence="设备科来电：手术占用", **more):
    return client.post(f"/requests/{number}/wait", {"reason": key, "evidence": evidence} | more)


@pytest.mark.req("SLA-4", "SLA-8")
def test_a_case_waits_for_the_customer_and_its_promises_stand_still(browser, filed):
    client = browser("desk2")
    assert wait(client, filed).location == f"/desk/requests/{filed}"
    assert states(filed)["arrive"] is ClockState.PAUSED
    html = client.get(f"/desk/requests/{filed}").get_data(as_text=True)
    assert "Waits: Customer&#39;s access to the device" in html and "设备科来电：手术占用" in html
    assert "promised times stand still" in html and "Paused" in html


@pytest.mark.req("SLA-4")
def test_our_own_shortage_stops_nothing(browser, filed):
    client = browser("desk2")
    wait(client, filed, "parts", "仓库缺货")
    assert ClockState.PAUSED not in states(filed).values()
    assert "promised times run on" in client.get(f"/desk/requests/{filed}").get_data(as_text=True)


def test_without_reason_or_proof_nobody_waits(browser, filed):
    client = browser("desk")
    assert wait(client, filed, "").status_code == 422
    assert wait(client, filed, evidence=" ").status_code == 422
    assert wait(client, filed, "no-such").status_code == 422
    assert ClockState.PAUSED not in states(filed).values()


def test_it_began_earlier_and_ended_earlier(browser, filed):
    client = browser("desk")
    wait(client, filed, occurred_at=local(timedelta(minutes=50)))
    row = only(Waiting)
    assert row.began_at < clock.now() - timedelta(minutes=49)
    early = client.post(f"/waitings/{row.uid}/end", {"occurred_at": local(timedelta(minutes=55))})
    assert early.status_code == 422
    done = client.post(f"/waitings/{row.uid}/end", {"occurred_at": local(timedelta(minutes=20))})
    assert done.status_code == 303
    assert only(Waiting).state is WaitingState.OVER and states(filed)["arrive"] is ClockState.RUNNING


def test_a_waiting_ends_once(browser, filed):
    client = browser("desk")
    wait(client, filed)
    uid = only(Waiting).uid
    assert client.post(f"/waitings/{uid}/end").status_code == 303
    assert client.post(f"/waitings/{uid}/end").status_code == 409


def test_the_times_of_a_waiting_are_set_right_with_a_reason(browser, filed):
    client = browser("desk2")
    wait(client, filed)
    uid = only(Waiting).uid
    client.post(f"/waitings/{uid}/end")
    form = client.get(f"/requests/{filed}/wait").get_data(as_text=True)
    assert "Correct these times" in form and f"/waitings/{uid}/correct" in form
    times = {"began_at": local(timedelta(minutes=40)), "ended_at": local(timedelta(minutes=10))}
    assert client.post(f"/waitings/{uid}/correct", times).status_code == 422
    assert client.post(f"/waitings/{uid}/correct", times | {"reason": "登记晚了"}).status_code == 303
    assert only(Waiting).began_at < clock.now() - timedelta(minutes=39)


@pytest.mark.req("SLA-2")
def test_what_happened_by_hand_starts_the_promise_that_hangs_on_it(browser, filed):
    client = browser("desk2")
    assert client.post(f"/requests/{filed}/happened", {"event": "", "evidence": "x"}).status_code == 422
    facts = {"event": "loaner_delivered", "evidence": "签收单 0317", "occurred_at": local(timedelta(minutes=5))}
    assert client.post(f"/requests/{filed}/happened", facts).status_code == 303
    assert only(Milestone).event == "loaner_delivered"
    assert states(filed)["loaner"] in (ClockState.MET, ClockState.BREACHED)
    assert "签收单 0317" in client.get(f"/requests/{filed}/happened").get_data(as_text=True)


def test_a_case_that_is_over_waits_for_nothing(browser, filed):
    client = browser("desk2")
    client.post(f"/desk/requests/{filed}/refuse", SAFE | {"reason": "不是我司设备"})
    answer = wait(client, filed)
    assert answer.status_code == 409 and "This request is over" in answer.text
    assert f"/requests/{filed}/wait" not in client.get(f"/desk/requests/{filed}").get_data(as_text=True)


def test_the_form_comes_on_tap_and_is_given_back_in_place(browser, filed):
    client = browser("desk2")
    answer = client.get(f"/requests/{filed}/wait", headers=FRAGMENT)
    assert "<html" not in answer.text and 'name="evidence"' in answer.text
    refused = client.post(f"/requests/{filed}/wait", {"reason": "access", "evidence": ""}, headers=FRAGMENT)
    assert refused.status_code == 422 and "<html" not in refused.text


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("quality", 403), ("technician", 404), ("desk", 303)])
def test_who_may_let_a_case_wait(browser, filed, who, status):
    assert wait(browser(who), filed).status_code == status


def test_the_customer_sees_that_it_waits_and_for_what(browser, filed):
    wait(browser("desk"), filed)
    html = browser("officer").get(f"/customer/requests/{filed}").get_data(as_text=True)
    assert "等客户安排进场" in html and "手术占用" not in html and "/wait" not in html
