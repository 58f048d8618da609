"""A hospital reports a fault, follows it, talks about it, withdraws it."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.core.db import db, new_uid
from portal.core.files import Attachment, File
from portal.core.notices import Notice
from portal.domain.complaints.models import Complaint
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import RequestState
from tests.blueprints.technicians.field import order_at
from tests.queries import count_queries

FACTS = {"symptom": "开机自检失败", "contact_name": "王䶮", "contact_phone": "021-6482 1166", "urgency": "urgent"}


@pytest.fixture
def officer(browser):
    return browser("officer")


@pytest.fixture
def address(device):
    return f"/customer/devices/{device.number}/report"


def newest() -> ServiceRequest:
    db.session.rollback()
    return db.session.scalars(sa.select(ServiceRequest).order_by(ServiceRequest.id.desc()).limit(1)).first()


def count() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(ServiceRequest.id)))


def photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#345").save(out, "JPEG")
    out.seek(0)
    return out, "故障照片.jpg"


@pytest.mark.req("INT-1", "INT-4", "INT-8")
def test_a_reported_fault_gets_a_number_and_its_facts_from_the_register(officer, address, device):
    answer = officer.post(address, FACTS | {"photos": photo(), "idempotency_key": new_uid()})
    made = newest()
    assert answer.status_code == 303 and answer.location.endswith(made.number)
    assert (made.device_id, made.site_id, made.department_id) == (device.id, device.site_id, device.department_id)
    assert (made.state, made.urgency, made.contact_name) == (RequestState.RECEIVED, "urgent", "王䶮")
    page = officer.get(answer.location).text
    assert made.number in page and "开机自检失败" in page
    told = set(db.session.scalars(sa.select(Notice.kind)))
    assert {"request_received", "request_filed"} <= told


def test_what_was_typed_stays_when_something_is_missing(officer, address):
    answer = officer.post(address, FACTS | {"symptom": " ", "preferred_time": "下午两点后"})
    assert answer.status_code == 422 and count() == 0
    assert "下午两点后" in answer.text and "021-6482 1166" in answer.text and 'aria-invalid="true"' in answer.text


def test_a_file_that_is_no_photo_is_named_and_nothing_is_kept(officer, address):
    script = (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "图.svg")
    answer = officer.post(address, FACTS | {"photos": script})
    assert answer.status_code == 422 and "图.svg" in answer.text
    assert count() == 0 and db.session.scalar(sa.select(sa.func.count(File.id))) == 0


def test_the_same_form_sent_twice_has_one_effect(officer, address):
    form = FACTS | {"idempotency_key": new_uid()}
    first, second = officer.post(address, form), officer.post(address, form)
    assert (first.location, count()) == (second.location, 1)
    other = officer.post(address, form | {"symptom": "something else"})
    assert (other.status_code, count()) == (422, 1)


@pytest.mark.req("CUS-1")
def test_another_hospitals_device_is_not_there(browser, address):
    stranger = browser("officer2")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, FACTS).status_code == 404
    assert count() == 0


def test_a_ward_reports_for_its_own_site_and_sees_its_own_requests_only(browser, officer, address):
    officer.post(address, FACTS)
    of_officer = newest().number
    ward = browser("ward")
    answer = ward.post(address, FACTS | {"contact_name": "刘护士长"})
    assert answer.status_code == 303
    listed = ward.get("/customer/requests").text
    assert newest().number in listed and of_officer not in listed
    assert ward.get(f"/customer/requests/{of_officer}").status_code == 404
    assert officer.get(answer.location).status_code == 200


def test_open_requests_of_the_device_are_shown_before_reporting_again(officer, address):
    officer.post(address, FACTS)
    assert newest().number in officer.get(address).text


@pytest.mark.req("INT-13")
def test_messages_go_both_ways_and_internal_notes_do_not(officer, browser, address):
    officer.post(address, FACTS)
    number = newest().number
    answer = officer.post(f"/customer/requests/{number}/message", {"body": "请尽快", "files": photo()})
    assert answer.status_code == 303
    desk = browser("desk")
    assert "请尽快" in desk.get(f"/desk/requests/{number}").text
    desk.post(f"/desk/requests/{number}/message", {"body": "已安排", "idempotency_key": new_uid()})
    desk.post(f"/desk/requests/{number}/note", {"body": "此客户欠款", "idempotency_key": new_uid()})
    page = officer.get(f"/customer/requests/{number}").text
    assert "已安排" in page and "此客户欠款" not in page
    assert db.session.scalar(sa.select(sa.func.count(Attachment.id)).where(Attachment.purpose == "message")) == 1


def test_an_empty_message_is_refused_in_its_place(officer, address):
    officer.post(address, FACTS)
    number = newest().number
    fragment = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = officer.post(f"/customer/requests/{number}/message", {"body": ""}, headers=fragment)
    assert answer.status_code == 422 and 'id="conversation"' in answer.text and "<html" not in answer.text


def test_a_request_is_withdrawn_with_a_reason_and_only_before_somebody_is_sent(officer, people, device, address):
    officer.post(address, FACTS)
    number = newest().number
    assert officer.post(f"/customer/requests/{number}/cancel", {"reason": "", "harm": "no"}).status_code == 422
    assert officer.post(f"/customer/requests/{number}/cancel", {"reason": "已恢复", "harm": "no"}).status_code == 303
    assert newest().state is RequestState.CANCELLED
    order_at(people, device, "on_site")
    late = officer.post(f"/customer/requests/{newest().number}/cancel", {"reason": "不需要了"})
    assert late.status_code == 409 and "不需要了" in late.text


@pytest.mark.req("INT-11")
def test_who_withdraws_a_request_says_whether_somebody_was_harmed(officer, browser, people, address):
    officer.post(address, FACTS)
    number = newest().number
    path, page = f"/customer/requests/{number}/cancel", f"/customer/requests/{number}"
    assert 'name="harm"' in officer.get(page).text and 'name="is_event"' not in officer.get(page).text
    answer = officer.post(path, {"reason": "已恢复"})
    assert answer.status_code == 422 and 'href="#harm-0"' in answer.text and "已恢复" in answer.text
    answer = officer.post(path, {"reason": "已恢复", "harm": "yes"})
    assert answer.status_code == 422 and 'href="#grounds"' in answer.text
    assert newest().state is RequestState.RECEIVED and newest().screens == []
    assert browser("officer2").post(path, {"reason": "已恢复", "harm": "no"}).status_code == 404
    assert browser("technician").post(path, {"reason": "已恢复", "harm": "no"}).status_code == 403
    answer = officer.post(path, {"reason": "已恢复", "harm": "yes", "grounds": "护士触电"})
    assert answer.status_code == 303 and "质量部门会核实" in officer.get(answer.location).text
    made = newest()
    assert made.state is RequestState.CANCELLED and made.screens[0].author_name == people.officer.name
    complaint = db.session.scalars(sa.select(Complaint).where(Complaint.request_id == made.id)).one()
    assert (complaint.content, complaint.is_event) == ("护士触电", True)


def test_lists_and_pages_ask_few_questions_of_the_database(officer, people, device):
    order_at(people, device, "to_sign")
    number = newest().number
    for path, most in (("/customer/requests", 4), (f"/customer/requests/{number}", 9), ("/customer/", 8)):
        officer.get(path)
        with count_queries() as sent:
            assert officer.get(path).status_code == 200
        assert len(sent) <= most, sent


def test_filters_stand_in_the_address(officer, address):
    officer.post(address, FACTS)
    number = newest().number
    assert number in officer.get("/customer/requests?state=open").text
    officer.post(f"/customer/requests/{number}/cancel", {"reason": "已恢复", "harm": "no"})
    assert number not in officer.get("/customer/requests?state=open").text
    assert number in officer.get("/customer/requests").text
