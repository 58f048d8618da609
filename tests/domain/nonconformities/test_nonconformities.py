"""What failed is repaired again, put before quality, or given a new part: each in one tap."""

import pytest

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.nonconformities.models import Nonconformity, State
from portal.domain.plans import service as plans
from portal.domain.plans.words import PlanState
from portal.domain.servicing.words import OrderState
from tests import checks
from tests.blueprints.technicians.field import order_at, order_of, sent


@pytest.fixture
def failed(people, device):
    """The number of an order whose ventilator delivers too little."""
    with writing("checklists") as session:
        checks.publish(session, "ventilator", people, device.product)
    number = order_at(people, device, "testing")
    with writing("tests") as session:
        order = session.merge(order_of(number), load=True)
        checks.fill(session, order, people.technician, n6="380")
    return number


def reading_of(number):
    return order_of(number).sheets[0].failed[0]


def here(number, end):
    return f"/technician/orders/{number}/sheets/{order_of(number).sheets[0].uid}/{end}"


@pytest.mark.req("QCR-7")
def test_what_failed_is_put_before_quality_and_closed_with_a_reason(browser, failed):
    tablet, quality = browser("technician"), browser("quality")
    form = {"reading": reading_of(failed).uid}
    assert tablet.post(here(failed, "nonconformity"), sent(**form)).status_code == 303
    record = db.session.query(Nonconformity).one()
    assert (record.said, record.limits, record.state) == ("380 mL", "425 … 575 mL", State.OPEN)
    assert record.number in quality.get("/quality/nonconformities").text
    where = f"/quality/nonconformities/{record.uid}"
    assert quality.post(f"{where}/close", sent()).status_code == 422
    assert browser("technician").post(f"{where}/close", sent(reason="好了")).status_code == 403
    assert quality.post(f"{where}/close", sent(reason="更换流量传感器后复测合格")).status_code == 303
    assert quality.post(f"{where}/close", sent(reason="再次")).status_code == 409
    assert record.number not in quality.get("/quality/nonconformities").text
    assert record.number in quality.get("/quality/nonconformities?state=closed").text


def test_the_devices_page_leads_to_what_failed_on_it(browser, failed, device):
    desk, page = browser("desk"), f"/desk/devices/{device.number}"
    assert "/quality/nonconformities/" not in desk.get(page).text
    browser("technician").post(here(failed, "nonconformity"), sent(reading=reading_of(failed).uid))
    record = db.session.query(Nonconformity).one()
    assert f"/quality/nonconformities/{record.uid}" in desk.get(page).text


def test_a_reading_has_one_nonconformity_and_only_if_it_failed(browser, failed):
    tablet, form = browser("technician"), {"reading": reading_of(failed).uid}
    tablet.post(here(failed, "nonconformity"), sent(**form))
    assert tablet.post(here(failed, "nonconformity"), sent(**form)).status_code == 409
    passed = order_of(failed).sheets[0].readings[0].uid
    assert tablet.post(here(failed, "nonconformity"), sent(reading=passed)).status_code == 404
    assert browser("officer").get("/quality/nonconformities").status_code == 403


@pytest.mark.req("QCR-7")
def test_a_part_begins_the_next_plan_with_what_failed(browser, failed):
    tablet = browser("technician")
    answer = tablet.post(here(failed, "part"), sent(reading=reading_of(failed).uid))
    assert answer.status_code == 303 and answer.location.endswith("/plan")
    order = order_of(failed)
    plan = plans.latest(db.session, order)
    assert (order.state, plan.state, plan.revision) == (OrderState.ON_SITE, PlanState.DRAFT, 2)
    assert "380 mL" in plan.why_again and "380 mL" in tablet.get(answer.location).text
    assert plan.valid_until > clock.now().date()
