"""Charges: opened by finished work, invoiced, paid; cash goes to finance against a receipt of two names."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs
from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.files import Limits, receive
from portal.core.notices import Notice
from portal.core.permissions import SYSTEM
from portal.domain.charges import queries, service
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import ChargeState, PaidBy, PaymentState
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import InvoiceKind, Organisation
from portal.domain.servicing import requests as request_verbs
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.report import payload
from tests import plans
from tests.blueprints.technicians import field
from tests.blueprints.technicians.field import order_at, order_of
from tests.core.files import makers
from tests.safety import screened

INVOICING = {
    "invoice_kind": InvoiceKind.GENERAL,
    "invoice_title": "江南大学附属医院",
    "tax_number": "12310000425006117P",
    "invoice_address": "",
    "invoice_bank": "",
}
OWED = 101_940


@pytest.fixture
def paying(monkeypatch):
    """Orders that are brought on their way with a plan that costs something."""
    lines = (plans.PART, plans.HOURS)

    def agree(session, order, people):
        plan = plans.offered(session, order, people.technician, lines=lines)
        plans.consent(session, plan, people.officer)

    monkeypatch.setitem(field.STEPS, "agreed", agree)


@pytest.fixture
def order(people, device, paying):
    """A finished order that the customer pays for."""
    with writing() as session:
        on = clock.now().date() - timedelta(days=10)
        one = session.get_one(Device, device.id)
        values = {"labour_until": on, "parts_until": on, "travel_until": on}
        devices.edit(session, one, SYSTEM, one.details_version, **values)
    return order_at(people, device, "done")


def charge_of(order):
    return queries.of_order(db.session, order_of(order))


def do(order, act):
    charge_id = charge_of(order).id
    with writing() as session:
        return act(session, session.get_one(Charge, charge_id))


def know(people, device, **values):
    with writing() as session:
        organisation = session.get_one(Organisation, device.organisation_id)
        version = organisation.invoicing_version
        organisations.edit_invoicing(session, organisation, people.finance, version, **INVOICING | values)


def today(days=0):
    return clock.now().date() + timedelta(days=days)


def invoiced(order, people, device, on=None):
    know(people, device)
    do(order, lambda s, charge: service.invoice(s, charge, people.finance, "2531-0001", on or today(-1)))


@pytest.mark.req("RPR-6")
def test_finished_work_that_was_agreed_at_a_price_is_charged(order, people):
    charge = charge_of(order)
    assert (charge.state, charge.gross, charge.left) == (ChargeState.OPEN, OWED, OWED)
    assert [line["name"] for line in charge.lines] == ["氧电池", "工时"]
    assert charge.number.split("-")[1] == "CH"
    kinds = db.session.scalars(sa.select(Notice.kind).where(Notice.person_id == people.finance.id)).all()
    assert "charge_opened" in kinds


@pytest.mark.req("RPR-6")
def test_free_work_leaves_no_charge(people, device):
    order = order_at(people, device, "done")
    assert charge_of(order) is None


@pytest.mark.req("RPR-6")
def test_the_invoice_keeps_what_it_said_of_the_hospital(order, people, device):
    with pytest.raises(NotNow, match="title and tax number are missing"):
        do(order, lambda s, charge: service.invoice(s, charge, people.finance, "2531-0001", today()))
    invoiced(order, people, device)
    know(people, device, invoice_title="江南大学附属医院（新）")
    charge = charge_of(order)
    assert charge.state is ChargeState.INVOICED
    assert (charge.invoice_title, charge.tax_number) == (INVOICING["invoice_title"], INVOICING["tax_number"])
    assert charge.due_on == today(29)


@pytest.mark.req("RPR-6")
def test_it_is_paid_when_finance_has_all_of_it(order, people, device):
    invoiced(order, people, device)

    def pay(amount):
        do(order, lambda s, c: service.record_payment(s, c, people.finance, amount, today(), PaidBy.TRANSFER, "0912"))

    pay(100_000)
    assert (charge_of(order).state, charge_of(order).left) == (ChargeState.INVOICED, 1_940)
    with pytest.raises(NotValid) as refused:
        pay(1_941)
    assert "amount" in refused.value.fields
    pay(1_940)
    assert charge_of(order).state is ChargeState.PAID
    with pytest.raises(NotValid):
        pay(1)


def take(order, person, amount=OWED):
    return do(order, lambda s, charge: service.take_cash(s, charge, person, amount, today()).id)


@pytest.mark.req("RPR-6")
def test_cash_is_received_by_finance_against_a_receipt_of_two_names(order, people, device):
    payment_id = take(order, people.technician)
    invoiced(order, people, device)
    charge = charge_of(order)
    assert (charge.state, charge.left, charge.missing) == (ChargeState.INVOICED, 0, OWED)
    assert [p.id for p in queries.in_hands(db.session, people.finance)] == [payment_id]
    with writing() as session:
        service.hand_over(session, session.get_one(ChargePayment, payment_id), people.finance)
    payment = db.session.get_one(ChargePayment, payment_id)
    assert payment.number.split("-")[1] == "RC"
    assert (payment.taken_by.name, payment.received_by.name) == (people.technician.name, people.finance.name)
    assert (payment.state, charge_of(order).state) == (PaymentState.RECEIVED, ChargeState.PAID)
    assert queries.in_hands(db.session, people.finance) == []


@pytest.mark.req("RPR-6")
def test_who_took_cash_does_not_receive_it(order, people):
    payment_id = take(order, people.technician)
    with pytest.raises(NotAllowed), writing() as session:
        service.hand_over(session, session.get_one(ChargePayment, payment_id), people.technician)


@pytest.mark.req("RPR-6")
def test_a_discount_names_its_reason_and_who_granted_it(order, people):
    def grant(person, amount=10_000, reason="长期客户"):
        do(order, lambda s, charge: service.discount(s, charge, person, amount, reason))

    with pytest.raises(NotAllowed):
        grant(people.finance)
    with pytest.raises(NotValid) as refused:
        grant(people.manager, OWED + 1)
    assert "amount" in refused.value.fields
    with pytest.raises(NotValid):
        grant(people.manager, reason=" ")
    grant(people.manager)
    charge = charge_of(order)
    assert (charge.owed, charge.discount_reason, charge.discount_by_id) == (
        OWED - 10_000,
        "长期客户",
        people.manager.id,
    )


@pytest.mark.req("RPR-6")
def test_a_charge_is_cancelled_with_its_reason_unless_money_came(order, people):
    take(order, people.technician, 1_000)
    cancel = lambda: do(order, lambda s, charge: service.cancel(s, charge, people.finance, "重复"))  # noqa: E731
    with pytest.raises(NotNow, match="Money has come"):
        cancel()


def test_a_cancelled_charge_says_why_and_takes_no_money(order, people):
    charge_id = charge_of(order).id
    do(order, lambda s, charge: service.cancel(s, charge, people.finance, "客户投诉，公司承担"))
    charge = db.session.get_one(Charge, charge_id)
    assert (charge.state, charge.why_cancelled) == (ChargeState.CANCELLED, "客户投诉，公司承担")
    with pytest.raises(NotValid), writing() as session:
        service.take_cash(session, session.get_one(Charge, charge_id), people.technician, 1, today())


@pytest.mark.req("RPR-6")
def test_open_sums_are_chased_week_after_week_until_they_are_paid(order, people, device):
    invoiced(order, people, device, today(-31))

    def told():
        kinds = sa.select(sa.func.count()).where(Notice.person_id == people.officer.id, Notice.kind == "charge_overdue")
        db.session.rollback()
        return db.session.scalar(kinds)

    jobs.run_inline("charges.chase")
    jobs.run_inline("charges.chase")
    assert told() == 1
    with clock.frozen(clock.now() + timedelta(days=8)):
        jobs.run_inline("charges.chase")
        assert told() == 2
        do(order, lambda s, c: service.record_payment(s, c, people.finance, OWED, today(), PaidBy.TRANSFER))
    with clock.frozen(clock.now() + timedelta(days=30)):
        jobs.run_inline("charges.chase")
        assert told() == 2


@pytest.mark.req("RPR-6")
def test_a_special_invoice_needs_address_and_bank(people, device):
    with pytest.raises(NotValid) as refused:
        know(people, device, invoice_kind=InvoiceKind.SPECIAL)
    assert refused.value.fields.keys() == {"invoice_address", "invoice_bank"}


def test_two_who_change_the_invoice_data_do_not_overwrite_each_other(people, device):
    know(people, device)
    with pytest.raises(Stale), writing() as session:
        organisation = session.get_one(Organisation, device.organisation_id)
        organisations.edit_invoicing(session, organisation, people.officer, 0, **INVOICING)


@pytest.mark.req("RPR-15")
def test_a_dealers_request_is_closed_only_with_the_signed_receipt(app, people, session):
    """The demonstration's second hospital is served by its dealer."""
    device = session.scalars(sa.select(Device).where(Device.dealer_id.is_not(None)).order_by(Device.id)).first()
    with writing() as s:
        request = servicing.create_request(
            s, people.officer2, s.get_one(Device, device.id), symptom="打印偏斜", contact_name="a", contact_phone="1"
        )
        order = servicing.assign(s, screened(s, request, people.desk), people.desk, people.account("dealer_technician"))
        request_id, order_id = request.id, order.id
    with writing() as s:
        s.connection().execute(sa.text("UPDATE work_order SET state = 'done' WHERE id = :id"), {"id": order_id})
        s.connection().execute(
            sa.text("UPDATE service_request SET state = 'completed' WHERE id = :id"), {"id": request_id}
        )
    with pytest.raises(NotNow, match="signed by the customer is missing"), writing() as s:
        servicing.close_request(s, s.get_one(ServiceRequest, request_id), people.desk)
    scan = receive(io.BytesIO(makers.jpeg()), "receipt.jpg", "", limits=Limits(), room=app.extensions["room"])
    with writing() as s:
        order = s.get_one(type(order), order_id)
        servicing.file_receipt(s, order, people.dealer_technician, [scan])
    with writing() as s:
        servicing.close_request(s, s.get_one(ServiceRequest, request_id), people.desk)
        assert s.get_one(ServiceRequest, request_id).state is request_verbs.S.CLOSED


@pytest.mark.req("RPR-15")
def test_hours_and_travel_are_entered_once_and_stand_on_the_report(people, device):
    number = order_at(people, device, "on_site")
    with writing() as session:
        order = session.merge(order_of(number), load=True)
        servicing.record_costs(session, order, people.technician, 0, labour_minutes=95, travel_km=42, fare=12_600)
    kept = payload(order_of(number))["order"]
    assert (kept["labour_minutes"], kept["travel_km"], kept["fare"]) == (95, 42, 12_600)
    with pytest.raises(Stale), writing() as session:
        order = session.get_one(type(order), order_of(number).id)
        servicing.record_costs(session, order, people.technician, 0, labour_minutes=1, travel_km=1, fare=1)
