"""The hospital reads, signs and keeps its reports."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.documents.models import Document, Method, State
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState, RequestState
from tests.blueprints.technicians.field import order_at, order_of, paper_of
from tests.conftest import PASSWORD


@pytest.fixture
def officer(browser):
    return browser("officer")


def signing(paper, **changes):
    facts = {"seen": paper.current.content_hash, "rating": "5", "place": "本部院区", "password": PASSWORD}
    return facts | {"comment": "及时", "function": "设备科", "idempotency_key": "k" * 20} | changes


def test_a_report_is_ours_alone_until_it_is_released(officer, people, device):
    paper = paper_of(order_at(people, device, "to_release"))
    assert officer.get(f"/customer/documents/{paper.uid}").status_code == 404
    assert paper.uid not in officer.get("/customer/documents").text


@pytest.mark.req("QCR-2", "QCR-8")
def test_the_officer_signs_in_the_own_account_and_everything_ends(officer, people, device):
    number = order_at(people, device, "to_sign")
    paper = paper_of(number)
    assert paper.uid in officer.get("/customer/").text
    page = officer.get(f"/customer/documents/{paper.uid}").text
    assert paper.current.content_hash in page and number in page
    assert officer.post(f"/customer/documents/{paper.uid}/sign", signing(paper)).status_code == 303
    paper, order = paper_of(number), order_of(number)
    signature = paper.current.signed("customer")
    assert (signature.method, signature.rating, signature.name) == (Method.PASSWORD, 5, "陈静怡")
    assert signature.covers
    assert (paper.state, order.state) == (State.ISSUED, OrderState.DONE)
    assert order.request.state is RequestState.COMPLETED
    assert paper.number in officer.get("/customer/documents").text


def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(officer, people, device):
    paper = paper_of(order_at(people, device, "to_sign"))
    answer = officer.post(f"/customer/documents/{paper.uid}/sign", signing(paper, password="not my password"))
    assert answer.status_code == 422 and "及时" in answer.text
    assert "not my password" not in answer.text
    assert paper_of_uid(paper).current.signed("customer") is None


def paper_of_uid(paper):
    uid = paper.uid
    db.session.rollback()
    return db.session.scalars(sa.select(Document).where(Document.uid == uid)).one()


@pytest.mark.req("QCR-4", "QCR-8")
def test_what_changed_since_it_was_opened_cannot_be_signed(officer, people, device):
    paper = paper_of(order_at(people, device, "to_sign"))
    answer = officer.post(f"/customer/documents/{paper.uid}/sign", signing(paper, seen="0" * 64))
    assert answer.status_code == 409
    assert paper_of_uid(paper).state is State.FROZEN


def test_a_form_sent_twice_is_one_signature(officer, people, device):
    paper = paper_of(order_at(people, device, "to_sign"))
    first = officer.post(f"/customer/documents/{paper.uid}/sign", signing(paper))
    second = officer.post(f"/customer/documents/{paper.uid}/sign", signing(paper))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(paper_of_uid(paper).current.signatures) == 3


def test_another_hospital_and_a_ward_user_cannot_sign(browser, people, device):
    paper = paper_of(order_at(people, device, "to_sign"))
    path = f"/customer/documents/{paper.uid}/sign"
    assert browser("officer2").post(path, signing(paper)).status_code == 404
    assert browser("ward").post(path, signing(paper)).status_code == 403
    assert paper_of_uid(paper).state is State.FROZEN


@pytest.mark.req("QCR-4")
def test_while_a_report_is_corrected_the_hospital_keeps_the_one_in_force(officer, people, device):
    number = order_at(people, device, "done")
    paper = paper_of(number)
    address, known, first = f"/customer/documents/{paper.uid}", paper.number, paper.current.content_hash
    with writing() as session:
        service.correct(session, session.get_one(WorkOrder, order_of(number).id), people.quality, "备件序列号有误")
    assert known in officer.get("/customer/documents").text
    assert officer.get(address).status_code == 200
    for step in (service.take_up, service.start_tests, service.submit):
        with writing() as session:
            step(session, session.get_one(WorkOrder, order_of(number).id), people.technician)
    paper = paper_of(number)
    assert (paper.current.revision, paper.current.reason) == (2, "备件序列号有误")
    assert paper.in_force.content_hash == first
    assert officer.get(address).status_code == 200
