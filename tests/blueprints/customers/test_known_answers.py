"""Known answers while a fault is being reported: by the hospital, and by the desk on the telephone."""

import pytest
import sqlalchemy as sa

from portal.core.db import Text2, db, new_uid, writing
from portal.domain.answers import service
from portal.domain.answers.models import KnownAnswer
from portal.domain.answers.words import Audience
from portal.domain.servicing.models import ServiceRequest
from tests.blueprints.technicians.field import sent

TOLD = "开机自检提示管路漏气"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def known(people):
    with writing() as session:
        values = {"question": Text2("自检提示管路漏气怎么办"), "answer": Text2("检查湿化罐的密封圈。")}
        return service.add(session, people.desk, audience=Audience.CUSTOMER, **values).uid


@pytest.fixture
def inside(people):
    with writing() as session:
        values = {"question": Text2("管路漏气：先问什么"), "answer": Text2("问清面罩还是插管。")}
        return service.add(session, people.desk, audience=Audience.STAFF, **values).uid


@pytest.fixture
def officer(browser):
    return browser("officer")


def helped(uid):
    db.session.rollback()
    return db.session.scalar(sa.select(KnownAnswer.helped).where(KnownAnswer.uid == uid))


def requests():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(ServiceRequest.id)))


@pytest.mark.req("INT-12")
def test_what_is_typed_so_far_brings_the_answers_for_the_customer(officer, device, known, inside):
    page = officer.get(f"/customer/devices/{device.number}/report", query_string={"symptom": TOLD}, headers=PARTIAL)
    assert page.status_code == 200 and "<html" not in page.text
    assert "检查湿化罐的密封圈" in page.text and "问清面罩" not in page.text
    nothing = officer.get(f"/customer/devices/{device.number}/report?symptom=x", headers=PARTIAL).text
    assert "检查湿化罐" not in nothing


@pytest.mark.req("INT-12")
def test_without_scripts_they_stand_on_the_page_with_what_was_typed(officer, device, known):
    where = f"/customer/devices/{device.number}/report"
    page = officer.get(where, query_string={"symptom": TOLD}).text
    assert "检查湿化罐的密封圈" in page and f"{TOLD}</textarea>" in page
    refused = officer.post(where, sent(symptom=TOLD, contact_name="", contact_phone="", urgency="normal"))
    assert refused.status_code == 422 and "检查湿化罐的密封圈" in refused.text


@pytest.mark.req("INT-12")
def test_this_solved_it_counts_once_files_nothing_and_leads_to_the_device(officer, device, known):
    before, where = requests(), f"/customer/devices/{device.number}/solved"
    for _ in range(2):
        answer = officer.post(where, sent(answer=known))
        assert answer.status_code == 303 and answer.location.endswith(f"/customer/devices/{device.number}")
    assert (helped(known), requests()) == (1, before)


def test_a_customer_cannot_say_so_of_what_is_not_theirs_to_read(browser, officer, device, known, inside):
    where = f"/customer/devices/{device.number}/solved"
    assert officer.post(where, sent(answer=inside)).status_code == 404
    assert officer.post(where, sent(answer=new_uid())).status_code == 404
    assert browser("officer2").post(where, sent(answer=known)).status_code == 404
    assert browser("stores").post(where, sent(answer=known)).status_code == 403
    assert (helped(inside), helped(known)) == (0, 0)


def test_an_answer_that_went_out_of_use_meanwhile_is_not_counted(officer, people, device, known):
    with writing() as session:
        record = session.scalars(sa.select(KnownAnswer).where(KnownAnswer.uid == known)).one()
        service.retire(session, record, people.desk)
    answer = officer.post(f"/customer/devices/{device.number}/solved", sent(answer=known))
    assert answer.status_code == 303 and helped(known) == 0
    assert "没有提交报修" in officer.get(answer.location).text
    assert officer.post(f"/customer/devices/{device.number}/solved", sent()).status_code == 303


@pytest.mark.req("INT-12")
def test_the_desk_is_offered_those_for_staff_too_while_it_takes_a_call(browser, device, known, inside):
    desk = browser("desk")
    page = desk.get("/desk/requests/new", query_string={"device": device.number, "symptom": TOLD}, headers=PARTIAL)
    assert "检查湿化罐的密封圈" in page.text and "问清面罩" in page.text
    whole = desk.get("/desk/requests/new", query_string={"device": device.number, "symptom": TOLD})
    assert "问清面罩" in whole.text and f"{TOLD}</textarea>" in whole.text
    answer = desk.post(f"/desk/devices/{device.number}/solved", sent(answer=inside))
    assert answer.status_code == 303 and answer.location.endswith(f"/desk/devices/{device.number}")
    assert helped(inside) == 1
