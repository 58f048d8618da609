"""Finance's pages of charges, and the customer's of their own."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, writing
from portal.core.permissions import SYSTEM
from portal.domain.charges import queries
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Organisation
from tests import plans
from tests.blueprints.technicians import field
from tests.blueprints.technicians.field import order_at, order_of

INVOICING = {"invoice_kind": "general", "invoice_title": "江南大学附属医院", "tax_number": "12310000425006117p"}


@pytest.fixture
def charge(people, device, monkeypatch):
    """The open charge of a finished order."""

    def agree(session, order, people):
        plan = plans.offered(session, order, people.technician)
        plans.consent(session, plan, people.officer)

    monkeypatch.setitem(field.STEPS, "agreed", agree)
    with writing() as session:
        one, on = session.get_one(Device, device.id), clock.now().date() - timedelta(days=9)
        untils = {"labour_until": on, "parts_until": on, "travel_until": on}
        devices.edit(session, one, SYSTEM, one.details_version, **untils)
    return queries.of_order(db.session, order_of(order_at(people, device, "done")))


def test_from_the_queue_to_the_last_payment(browser, charge, device):
    finance, here = browser("finance"), f"/office/charges/{charge.uid}"
    assert charge.number in finance.get("/office/charges").get_data(as_text=True)
    said = {"invoice_number": "2531-0001", "invoiced_on": clock.now().date().isoformat()}
    refused = finance.post(f"{here}/invoice", said)
    assert refused.status_code == 409 and "2531-0001" in refused.get_data(as_text=True)
    uid = db.session.get_one(Organisation, device.organisation_id).uid
    assert finance.post(f"/office/organisations/{uid}/invoicing", INVOICING | {"base_version": "0"}).status_code == 303
    assert finance.post(f"{here}/invoice", said).status_code == 303
    paid = {"amount": "9999999", "paid_on": clock.now().date().isoformat(), "paid_by": "transfer"}
    too_much = finance.post(f"{here}/payment", paid)
    assert too_much.status_code == 422 and "9999999" in too_much.get_data(as_text=True)
    assert finance.post(f"{here}/payment", paid | {"amount": "1019.40"}).status_code == 303
    assert charge.number not in finance.get("/office/charges").get_data(as_text=True)
    assert charge.number in finance.get("/office/charges?state=paid").get_data(as_text=True)


def test_a_wrong_tax_number_is_refused_at_its_field(browser, device):
    answer = browser("officer").post("/customer/invoicing", INVOICING | {"tax_number": "12-34", "base_version": "0"})
    assert answer.status_code == 422 and "12-34" in answer.get_data(as_text=True)


def test_a_hospital_sees_its_own_charges_alone(browser, charge):
    assert charge.number in browser("officer").get("/customer/charges").get_data(as_text=True)
    assert browser("officer").get(f"/customer/charges/{charge.uid}").status_code == 200
    assert browser("officer2").get(f"/customer/charges/{charge.uid}").status_code == 404
    assert browser("stores").get("/office/charges").status_code == 403


@pytest.mark.req("RPR-15")
def test_the_price_list_is_shown_to_customers_without_costs(browser):
    answer = browser("officer").get("/customer/prices")
    assert answer.status_code == 200


def test_the_technician_takes_cash_at_the_order(browser, charge, people):
    tablet, here = browser("technician"), f"/technician/orders/{charge.order.number}/cash"
    assert tablet.get(here).status_code == 200
    taken = {"amount": "1019.40", "paid_on": clock.now().date().isoformat()}
    assert tablet.post(here, taken).status_code == 303
    assert "RC-" in browser("finance").get("/office/charges").get_data(as_text=True)


def test_finished_work_without_a_charge_is_found_and_charged(browser, people, device):
    """Work consented to as free, and work of another day, by the number of the order."""
    number, finance = order_at(people, device, "done"), browser("finance")
    found = finance.get(f"/office/uncharged?order={number.lower()}")
    assert found.status_code == 302 and found.location.endswith(f"/office/orders/{number}/charge")
    assert finance.get(found.location).status_code == 200
    assert "WO-0" in finance.get("/office/uncharged?order=WO-0").get_data(as_text=True)
    typed = {"name": "维修费", "amount": "500", "tax": "13", "reason": "旧系统结转"}
    refused = finance.post(f"/office/orders/{number}/charge/amount", typed)
    assert refused.status_code == 422 and "旧系统结转" in refused.get_data(as_text=True)
    assert finance.post(f"/office/orders/{number}/charge/amount", typed | {"tax": ""}).status_code == 422
    assert finance.post(f"/office/orders/{number}/charge/consented").status_code == 409
    assert finance.post("/office/orders/RK-WO-0000/charge/consented").status_code == 404
    assert browser("manager").get("/office/uncharged").status_code == 403
