"""Tests that wait for results or for a second person, and the review of one."""

import pytest

from portal.core import clock
from portal.core.db import writing
from portal.domain.checklists.words import SheetState
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Conclusion, OrderState
from tests import checks
from tests.blueprints.technicians.field import order_at, order_of, sent


@pytest.fixture
def number(people, device):
    with writing("checklists") as session:
        checks.publish(session, "ventilator", people, device.product)
    return order_at(people, device, "testing")


@pytest.fixture
def quality(browser):
    return browser("quality")


def submit(number, people):
    order_id = order_of(number).id
    with writing("tests") as session:
        order = session.get_one(WorkOrder, order_id)
        checks.fill(session, order, people.technician)
    with writing("submit") as session:
        order = session.get_one(WorkOrder, order_id)
        results = {"conclusion": Conclusion.USABLE, "restored_at": clock.now()}
        service.record_tests(session, order, people.technician, order.tests_version, **results)
        service.submit(session, order, people.technician)
    return f"/quality/sheets/{order_of(number).sheets[0].uid}"


@pytest.mark.req("QCR-6")
def test_a_sheet_stands_among_the_missing_then_among_the_unreviewed(quality, number, people):
    assert number in quality.get("/quality/sheets?show=missing").text
    assert number not in quality.get("/quality/sheets").text
    submit(number, people)
    page = quality.get("/quality/sheets").text
    assert number in page and '<span class="count">1</span>' in page
    assert number not in quality.get("/quality/sheets?show=missing").text


@pytest.mark.req("QCR-6")
def test_a_second_person_accepts_the_tests(quality, number, people):
    where = submit(number, people)
    assert "425 … 575 mL" in quality.get(where).text
    assert quality.post(f"{where}/review", sent()).status_code == 303
    assert order_of(number).sheets[0].state is SheetState.REVIEWED
    assert quality.post(f"{where}/review", sent()).status_code == 409
    assert number not in quality.get("/quality/sheets").text


@pytest.mark.req("QCR-6")
def test_a_rejection_gives_its_reason_and_the_technician_reads_it(quality, browser, number, people):
    where = submit(number, people)
    assert quality.post(f"{where}/reject", sent()).status_code == 422
    assert quality.post(f"{where}/reject", sent(reason="潮气量与照片不符")).status_code == 303
    assert order_of(number).state is OrderState.SENT_BACK
    page = browser("technician").get(f"/technician/orders/{number}").text
    assert "潮气量与照片不符" in page


def test_readers_see_a_sheet_and_review_none(browser, number, people):
    where = submit(number, people)
    auditor = browser("auditor")
    assert auditor.get(where).status_code == 200
    assert auditor.post(f"{where}/review", sent()).status_code == 403
    assert browser("technician").post(f"{where}/review", sent()).status_code == 403
    assert browser("dealer_desk").get(where).status_code == 404
