"""One promised time: its account on tap, the cause of a breach, the plea and its decision."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs.clocks
from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.domain.devices.models import Device
from portal.domain.policies.models import WaitingReason
from portal.domain.servicing import clocks, service
from portal.domain.servicing.models import ServiceRequest
from tests.queries import count_queries

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def filed(device, people):
    """Number of a request whose promises run since now."""
    with writing() as session:
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        return service.create_request(session, people.officer, session.get_one(Device, device.id), **facts).number


@pytest.fixture
def broken(filed):
    """The answer of that request, an hour too late."""
    one = of(filed, "answer")
    db.session.rollback()
    with clock.frozen(one.due_at + timedelta(hours=1)):
        jobs.clocks.tell()
        yield of(filed, "answer")


def of(number, name):
    db.session.rollback()
    mine = sa.select(Clock).where(Clock.root_number == number, Clock.name == name)
    return db.session.scalars(mine.execution_options(populate_existing=True)).one()


def page(browser, who, one, **options):
    answer = browser(who).get(f"/clocks/{one.uid}", **options)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.req("SLA-7")
def test_the_account_names_rule_version_source_and_every_day(browser, filed):
    one = of(filed, "loaner")
    status, html = page(browser, "desk2", one)
    assert status == 200
    assert re.search(r"Default, version 1", html) and "000-b" in html
    assert html.count('<th scope="row">') >= 2
    assert "24:00 have run at" in html and "<dt>Due</dt>" in html
    assert "Service desk, Manager" in html


@pytest.mark.parametrize("who", ["officer", "technician2", "stranger"])
def test_an_account_is_for_those_who_see_the_case(browser, filed, who):
    one = of(filed, "answer")
    if who == "stranger":
        assert browser(None).get(f"/clocks/{one.uid}").status_code == 303
    else:
        assert page(browser, who, one)[0] == {"officer": 200, "technician2": 404}[who]


def test_a_customer_reads_the_rule_but_not_who_is_told_nor_our_reasons(browser, broken):
    browser("desk").post(f"/clocks/{broken.uid}/explain", {"code": "organisation", "reason": "交接时漏看"})
    html = page(browser, "officer", broken)[1]
    assert "000-b" in html and "交接时漏看" not in html and "漏看" not in html
    assert "售后负责人" not in html.split("<main")[1] and "/explain" not in html


def test_a_clock_that_there_is_not(browser):
    assert browser("desk").get("/clocks/no-such").status_code == 404


def test_on_tap_only_the_account_comes(browser, filed):
    answer = browser("desk2").get(f"/clocks/{of(filed, 'answer').uid}", headers=FRAGMENT)
    assert "<html" not in answer.text and "Counted day by day" in answer.text


def test_a_pause_stands_in_the_account_with_reason_and_proof(browser, filed, people):
    with writing() as session:
        record = session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number == filed)).one()
        access = session.scalars(sa.select(WaitingReason).where(WaitingReason.key == "access")).one()
        clocks.wait(session, record, people.desk, access, "护士长来电")
    html = page(browser, "desk2", of(filed, "arrive"))[1]
    assert "stood still" in html and "护士长来电" in html and "Paused" in html
    assert "护士长来电" not in page(browser, "officer", of(filed, "arrive"))[1]


@pytest.mark.req("SLA-5")
def test_the_cause_of_a_breach_is_put_on_record(browser, broken):
    client = browser("desk2")
    refused = client.post(f"/clocks/{broken.uid}/explain", {"code": "", "reason": ""})
    assert refused.status_code == 422
    done = client.post(f"/clocks/{broken.uid}/explain", {"code": "no_technician", "reason": "两人请假"})
    assert done.status_code == 303 and done.location == f"/desk/requests/{broken.root_number}"
    assert "No technician free" in page(browser, "desk2", broken)[1]
    assert of(broken.root_number, "answer").breach_reason == "两人请假"


def test_a_promise_that_was_kept_has_no_cause(browser, filed):
    one = of(filed, "answer")
    assert browser("desk").post(f"/clocks/{one.uid}/explain", {"code": "other", "reason": "x"}).status_code == 409


@pytest.mark.req("SLA-4")
def test_who_asks_does_not_decide(browser, broken):
    one, manager = broken.uid, browser("manager")
    assert manager.post(f"/clocks/{one}/plead", {"code": "weather", "reason": "台风"}).status_code == 303
    assert (
        "Somebody else decides" in page(browser, "manager", broken)[1]
        or "须由他人裁定" in page(browser, "manager", broken)[1]
    )
    assert manager.post(f"/clocks/{one}/annul").status_code == 409
    assert browser("quality").post(f"/clocks/{one}/annul").status_code == 303
    assert of(broken.root_number, "answer").state is ClockState.ANNULLED


@pytest.mark.req("SLA-4")
def test_a_plea_that_is_refused_says_why_and_the_breach_stays(browser, broken):
    one = broken.uid
    assert browser("desk").post(f"/clocks/{one}/plead", {"code": "weather", "reason": "台风"}).status_code == 303
    manager = browser("manager")
    assert manager.post(f"/clocks/{one}/uphold", {"reason": ""}).status_code == 422
    assert manager.post(f"/clocks/{one}/uphold", {"reason": "当日无台风"}).status_code == 303
    found = of(broken.root_number, "answer")
    assert found.state is ClockState.BREACHED and found.plea_decided_at is not None


@pytest.mark.req("SLA-4")
def test_a_special_case_may_be_asked_for_before_it_breaks(browser, filed):
    one = of(filed, "loaner")
    assert browser("desk").post(f"/clocks/{one.uid}/plead", {"code": "abroad", "reason": "进口件"}).status_code == 303
    assert browser("manager").post(f"/clocks/{one.uid}/annul").status_code == 303
    assert of(filed, "loaner").state is ClockState.ANNULLED


@pytest.mark.parametrize(("who", "verb"), [("officer", "explain"), ("desk", "annul"), ("auditor", "plead")])
def test_who_may_not(browser, broken, who, verb):
    assert browser(who).post(f"/clocks/{broken.uid}/{verb}", {"code": "other", "reason": "x"}).status_code == 403


def test_the_account_needs_few_statements(browser, broken):
    client = browser("desk2")
    with count_queries() as sent:
        client.get(f"/clocks/{broken.uid}", headers=FRAGMENT)
    assert len(sent) <= 8, sent
