"""Judging a request and sending somebody."""

import re

import pytest
import sqlalchemy as sa

from portal.core.db import db, new_uid
from portal.domain.catalog.models import Product
from portal.domain.complaints.models import Complaint
from portal.domain.devices.models import Device, State
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Asked, Harm, OrderState, RequestState, Urgency
from tests.safety import NOTHING, SAFE


def assess(client, number, version, **values):
    data = {"urgency": "urgent", "next_step": "下午联系", "base_version": str(version)} | values
    return client.post(f"/desk/requests/{number}/assess", data=data)


def assign(client, number, account, **values):
    return client.post(f"/desk/requests/{number}/assign", data={"technician": account.uid} | values)


def test_assessing_names_urgency_next_step_and_first_handler(desk, browser, people):
    number = desk.file()
    assert assess(browser("desk"), number, 0).status_code == 303
    record = desk.request(number)
    assert (record.state, record.urgency) == (RequestState.ASSESSED, Urgency.URGENT)
    assert record.next_step == "下午联系" and record.first_handler_id == people.account("desk").id


def test_a_stale_assessment_shows_both_and_can_then_be_saved(desk, browser):
    number = desk.file()
    desk.assess(number, urgency=Urgency.CRITICAL, next_step="现在就去")
    client = browser("desk2")
    answer = assess(client, number, 0, next_step="明天再说")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody else saved this first" in html and "王芳" in html
    assert "现在就去" in html and "明天再说" in html and "Critical" in html
    assert desk.request(number).next_step == "现在就去"
    assert 'name="base_version" value="1"' in html
    assert assess(client, number, 1, next_step="明天再说").status_code == 303
    assert desk.request(number).next_step == "明天再说"


def test_an_assessment_without_a_next_step_stays_open(desk, browser):
    answer = assess(browser("desk2"), desk.file(), 0, next_step="")
    assert answer.status_code == 422


def test_only_technicians_of_the_serving_centre_are_offered(desk, browser, people, elsewhere):
    html = browser("desk2").get(f"/desk/requests/{desk.file()}").get_data(as_text=True)
    assert people.account("technician").uid in html and people.account("technician2").uid in html
    assert people.account("dealer_technician").uid not in html
    theirs = browser("desk2").get(f"/desk/requests/{desk.file('officer2', elsewhere.id)}").get_data(as_text=True)
    assert people.account("dealer_technician").uid in theirs
    assert people.account("technician").uid not in theirs


def test_a_foreign_technician_cannot_be_sent(desk, browser, people):
    number = desk.file()
    answer = assign(browser("desk2"), number, people.account("dealer_technician"))
    assert answer.status_code == 422 and desk.request(number).technician_id is None


def test_assigning_makes_a_work_order_at_the_readers_own_time(desk, browser, people):
    number = desk.file()
    times = {"appointment_from": "2026-12-01T14:30", "appointment_to": "2026-12-01T16:00"}
    answer = assign(browser("desk"), number, people.account("technician"), instructions="带主板", **times)
    assert answer.status_code == 303
    record = desk.request(number)
    (order,) = record.orders
    assert record.state is RequestState.IN_SERVICE and record.technician.name == "李伟"
    assert order.instructions == "带主板"
    assert order.appointment_from.isoformat() == "2026-12-01T06:30:00+00:00"


@pytest.mark.parametrize(
    "times",
    [
        {"appointment_from": "2026-12-01T14:30", "appointment_to": "2026-12-01T14:30"},
        {"appointment_to": "2026-12-01T14:30"},
        {"appointment_from": "tomorrow", "appointment_to": "never"},
    ],
)
def test_an_appointment_that_makes_no_sense_is_refused(desk, browser, people, times):
    number = desk.file()
    assert assign(browser("desk2"), number, people.account("technician"), **times).status_code == 422
    assert desk.request(number).orders == []


def test_of_two_dispatchers_the_loser_is_told_who_was_sent_by_whom(desk, browser, people):
    number = desk.file()
    first, second = browser("desk"), browser("desk2")
    assert assign(first, number, people.account("technician")).status_code == 303
    answer = assign(second, number, people.account("technician2"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "王芳 has assigned 李伟 already." in html
    assert len(desk.request(number).orders) == 1
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    data = {"technician": people.account("technician2").uid}
    answer = second.post(f"/desk/requests/{number}/assign", data=data, headers=part)
    assert answer.status_code == 409 and "<html" not in answer.get_data(as_text=True)


def test_a_double_click_sends_one_technician(desk, browser, people):
    number, key = desk.file(), new_uid()
    client = browser("desk")
    answers = [assign(client, number, people.account("technician"), idempotency_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(desk.request(number).orders) == 1


def test_a_cancelled_order_brings_the_request_back(desk, browser):
    number = desk.file()
    order = desk.assign(number)
    client = browser("desk")
    assert client.post(f"/desk/orders/{order}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"/desk/orders/{order}/cancel", data={"reason": "客户改期"}).status_code == 303
    assert desk.order(order).state is OrderState.CANCELLED
    assert desk.request(number).state is RequestState.ASSESSED
    again = browser("desk2").post(f"/desk/orders/{order}/cancel", data={"reason": "客户改期"})
    assert again.status_code == 409 and "no longer possible" in again.get_data(as_text=True)


@pytest.mark.parametrize("who", ["technician", "quality", "auditor", "officer"])
def test_who_may_not_dispatch_is_refused(desk, browser, people, who):
    number = desk.file()
    order = desk.assign(number)
    client = browser(who)
    assert assess(client, number, 0).status_code == 403
    assert assign(client, number, people.account("technician")).status_code == 403
    assert client.post(f"/desk/orders/{order}/cancel", data={"reason": "x"}).status_code == 403


def test_a_dealer_dispatches_its_own_and_finds_no_others(desk, browser, people, elsewhere):
    ours, theirs = desk.file(), desk.file("officer2", elsewhere.id)
    client = browser("dealer_desk")
    assert assign(client, theirs, people.account("dealer_technician")).status_code == 303
    assert assign(client, ours, people.account("technician")).status_code == 404


def test_looking_changes_nothing(desk, browser):
    number = desk.file()
    client = browser("desk")
    for verb in ("assess", "assign", "message", "note", "cancel", "refuse", "close"):
        assert client.get(f"/desk/requests/{number}/{verb}").status_code == 405


@pytest.mark.req("DSP-1")
def test_the_unqualified_are_shown_with_the_reason_but_cannot_be_chosen(desk, browser, people, session):
    machine = sa.select(Device).join(Product).where(Product.model == "RH-A65", Device.dealer_id.is_(None))
    number = desk.file(device_id=session.scalars(machine.limit(1)).one().id)
    client, unfit = browser("desk2"), people.account("technician2")
    html = client.get(f"/desk/requests/{number}").get_data(as_text=True)
    assert "certificate for RH-A65 ended on" in html and "open work orders: 0" in html
    choice = re.search(rf"<input[^>]*{unfit.uid}[^>]*>", html).group()
    assert "disabled" in choice
    answer = assign(client, number, unfit)
    assert answer.status_code == 422 and "赵永强 cannot be sent: certificate for RH-A65" in answer.get_data(
        as_text=True
    )
    assert desk.request(number).orders == []


def complaint_of(number):
    """The complaint that the answers opened, None where there is none."""
    request = sa.select(ServiceRequest.id).where(ServiceRequest.number == number)
    return db.session.scalars(sa.select(Complaint).where(Complaint.request_id.in_(request))).one_or_none()


@pytest.mark.req("INT-11")
def test_a_request_from_the_portal_is_assessed_with_the_safety_questions_answered(desk, browser):
    number, client = desk.file(answers=None), browser("desk")
    html = client.get(f"/desk/requests/{number}").get_data(as_text=True)
    assert 'id="assess-harm' in html and not re.search(r'<input[^>]*name="harm"[^>]*checked', html)
    answer = assess(client, number, 0, next_step="下午联系设备科")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "下午联系设备科" in html and 'id="assess-harm' in html
    assert desk.request(number).state is RequestState.RECEIVED and desk.request(number).screens == []
    assert assess(client, number, 0, **SAFE).status_code == 303
    (screen,) = desk.request(number).screens
    assert (screen.asked, screen.harm, screen.author_name) == (Asked.INTAKE, Harm.NO, "王芳")
    assert desk.request(number).state is RequestState.ASSESSED and complaint_of(number) is None
    assert 'name="harm"' not in client.get(f"/desk/requests/{number}").get_data(as_text=True)


@pytest.mark.parametrize("left_out", list(SAFE))
def test_no_safety_question_can_be_left_out(desk, browser, left_out):
    number = desk.file(answers=None)
    given = {name: value for name, value in SAFE.items() if name != left_out}
    answer = assess(browser("desk2"), number, 0, **given)
    assert answer.status_code == 422 and f'href="#assess-{left_out}-0"' in answer.get_data(as_text=True)
    assert desk.request(number).screens == []


@pytest.mark.req("INT-11", "INT-9")
def test_a_yes_with_the_assessment_opens_the_complaint_and_stops_the_device(desk, browser):
    number, client = desk.file(answers=None), browser("desk")
    worst = SAFE | {"harm": "possible", "is_hazard": "yes"}
    answer = assess(client, number, 0, **worst)
    assert answer.status_code == 422 and 'href="#assess-grounds"' in answer.get_data(as_text=True)
    assert desk.request(number).screens == [] and complaint_of(number) is None
    assert assess(client, number, 0, **worst, grounds="报警不响，险些漏看").status_code == 303
    assert complaint_of(number).content == "报警不响，险些漏看"
    assert desk.request(number).device.state is State.DO_NOT_USE
    assert desk.request(number).state is RequestState.ASSESSED


@pytest.mark.req("INT-11")
def test_nobody_is_sent_before_the_safety_questions_are_answered(desk, browser, people):
    number, client = desk.file(answers=None), browser("desk2")
    html = client.get(f"/desk/requests/{number}").get_data(as_text=True)
    assert people.account("technician").uid not in html and f'href="/desk/requests/{number}/screen"' in html
    answer = assign(client, number, people.account("technician"), instructions="带主板")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Answer the safety questions first" in html and "带主板" in html
    assert desk.request(number).orders == []
    assert client.post(f"/desk/requests/{number}/screen", data=SAFE).status_code == 303
    assert assign(client, number, people.account("technician")).status_code == 303


def test_the_answers_of_who_was_slower_are_not_lost(desk, browser):
    number, client = desk.file(answers=None), browser("desk2")
    desk.assess(number, answers=NOTHING)
    late = SAFE | {"harm": "yes", "grounds": "护士触电"}
    answer = assess(client, number, 0, **late)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "护士触电" in html and complaint_of(number) is None
    assert "checked" in re.search(r'<input[^>]*name="harm"[^>]*value="yes"[^>]*>', html).group()
    assert assess(client, number, 1, **late).status_code == 303
    assert complaint_of(number).harm is Harm.YES and len(desk.request(number).screens) == 2


def test_an_assessment_sent_twice_answers_the_questions_once(desk, browser):
    number, client, key = desk.file(answers=None), browser("desk"), new_uid()
    assert [assess(client, number, 0, **SAFE, idempotency_key=key).status_code for _ in range(2)] == [303, 303]
    assert len(desk.request(number).screens) == 1


def test_a_dealers_desk_answers_them_too(desk, browser, elsewhere):
    number, client = desk.file("officer2", elsewhere.id, answers=None), browser("dealer_desk")
    assert assess(client, number, 0).status_code == 422
    assert assess(client, number, 0, **SAFE).status_code == 303
    assert desk.request(number).asked(Asked.INTAKE)
