"""A month of one customer: what was owed, charged and paid, frozen when issued, issued anew when corrected."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

import jobs
from jobs.documents import make
from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.permissions import SYSTEM
from portal.domain.charges import queries as charges
from portal.domain.charges import service as charging
from portal.domain.charges.words import PaidBy
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.documents import queries as document_queries
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import STATEMENT
from portal.domain.documents.models import Method, RevisionState, State
from portal.domain.documents.service import Signing
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import InvoiceKind, Organisation
from portal.domain.statements import queries, service
from portal.domain.statements.content import payload
from portal.domain.statements.models import Statement, StatementRun
from portal.domain.statements.words import RunState, StatementState
from portal.web.papers import content
from tests import plans
from tests.blueprints.technicians import field
from tests.blueprints.technicians.field import order_at, order_of
from tests.core.documents.reading import attached

ZONE = ZoneInfo("Asia/Shanghai")
MARCH, APRIL, MAY = date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)
MADE = datetime(2027, 5, 3, 9, tzinfo=ZONE)


def at(month, day):
    return clock.frozen(datetime(2027, month, day, 10, tzinfo=ZONE))


@pytest.fixture
def charge(people, device, monkeypatch):
    """A function: work that was finished and charged on a day of 2027; the id of its charge."""
    agree = lambda session, order, people: plans.consent(  # noqa: E731
        session, plans.offered(session, order, people.technician), people.officer
    )
    monkeypatch.setitem(field.STEPS, "agreed", agree)
    with writing() as session:
        one, on = session.get_one(Device, device.id), clock.now().date() - timedelta(days=10)
        untils = {"labour_until": on, "parts_until": on, "travel_until": on}
        devices.edit(session, one, SYSTEM, one.details_version, **untils)
        owner = session.get_one(Organisation, device.organisation_id)
        facts = {"invoice_title": "江南大学附属医院", "tax_number": "12310000425006117P"}
        facts |= {"invoice_kind": InvoiceKind.GENERAL, "invoice_address": "", "invoice_bank": ""}
        organisations.edit_invoicing(session, owner, people.finance, owner.invoicing_version, **facts)

    def opened(month, day):
        with at(month, day):
            return charges.of_order(db.session, order_of(order_at(people, device, "done"))).id

    return opened


def do(act, charge_id, *args):
    with writing() as session:
        return act(session, session.get_one(charges.Charge, charge_id), *args)


def invoice(people, charge_id, on):
    with at(on.month, on.day):
        do(charging.invoice, charge_id, people.finance, f"2531-{charge_id}", on)


def pay(people, charge_id, amount, on):
    with at(on.month, on.day):
        do(charging.record_payment, charge_id, people.finance, amount, on, PaidBy.TRANSFER, "回单 0912")


def draw_up(people, device, month=APRIL, who="finance", when=MADE):
    with clock.frozen(when), writing() as session:
        owner = session.get_one(Organisation, device.organisation_id)
        return service.draw_up(session, getattr(people, who), queries.companies(session)[0], owner, month).id


def issue(people, statement_id, who="finance"):
    with clock.frozen(MADE), writing() as session:
        service.issue(session, session.get_one(Statement, statement_id), getattr(people, who))


def correct(people, statement_id, reason="折扣漏计"):
    with clock.frozen(MADE + timedelta(days=1)), writing() as session:
        service.correct(session, session.get_one(Statement, statement_id), people.finance, reason)


def said(statement_id):
    db.session.rollback()
    return payload(db.session, db.session.get_one(Statement, statement_id), "")["statement"]


def paper(statement_id):
    db.session.rollback()
    return documents.of(db.session, STATEMENT, db.session.get_one(Statement, statement_id))


def amount_of(charge_id):
    db.session.rollback()
    return db.session.get_one(charges.Charge, charge_id).owed


@pytest.mark.req("RPR-6")
def test_it_carries_over_adds_and_takes_off(people, device, charge):
    old, new = charge(3, 10), charge(4, 12)
    invoice(people, old, date(2027, 3, 11))
    pay(people, old, 10_000, date(2027, 3, 20))
    pay(people, old, 5_000, date(2027, 4, 20))
    pay(people, old, 1_000, date(2027, 5, 1))
    st, owed = said(draw_up(people, device)), amount_of(old)
    assert (st["opening"], st["charged"], st["paid"]) == (owed - 10_000, owed, 5_000)
    assert st["closing"] == 2 * owed - 15_000 == sum(row["left"] for row in st["open"])
    assert [row["amount"] for row in st["charges"]] == [owed] and st["charges"][0]["on"] == "2027-04-12"
    assert [(row["on"], row["receipt"]) for row in st["payments"]] == [("2027-04-20", "回单 0912")]
    assert st["charges"][0]["number"] == db.session.get_one(charges.Charge, new).number
    assert st["in_capitals"].endswith(("整", "分"))


@pytest.mark.req("RPR-6")
def test_open_sums_say_for_how_many_days_they_are_overdue(people, device, charge):
    late, fresh = charge(3, 1), charge(4, 20)
    invoice(people, late, date(2027, 3, 2))
    st = said(draw_up(people, device))
    assert [row["days_overdue"] for row in st["open"]] == [29, 0]
    assert st["overdue"] == amount_of(late)
    assert st["open"][1]["number"] == db.session.get_one(charges.Charge, fresh).number


def test_a_charge_opened_in_the_first_hour_of_a_month_belongs_to_it(people, device, charge):
    """Midnight in the company's zone, the evening before in UTC."""
    with clock.frozen(datetime(2027, 4, 1, 0, 30, tzinfo=ZONE)):
        number = order_at(people, device, "done")
    assert charges.of_order(db.session, order_of(number)) is not None
    assert len(said(draw_up(people, device))["charges"]) == 1


@pytest.mark.req("RPR-6")
def test_what_was_cancelled_later_was_owed_before_and_is_taken_off_then(people, device, charge):
    given_up = charge(3, 10)
    march = draw_up(people, device, MARCH)
    with at(4, 5):
        do(charging.cancel, given_up, people.finance, "客户投诉，公司承担")
    owed = said(march)["closing"]
    april = said(draw_up(people, device))
    assert (said(march)["closing"], april["opening"], april["cancelled"], april["closing"]) == (owed, owed, owed, 0)
    assert owed > 0 and april["open"] == []


@pytest.mark.req("RPR-6")
def test_a_balance_that_changed_since_it_was_stated_says_by_how_much(people, device, charge):
    old = charge(3, 10)
    march, owed = draw_up(people, device, MARCH), amount_of(old)
    issue(people, march)
    with at(4, 8):
        do(charging.discount, old, people.manager, 1_500, "长期客户")
    st = said(draw_up(people, device))
    assert (st["opening"], st["corrected"], st["closing"]) == (owed, -1_500, owed - 1_500)


@pytest.mark.req("RPR-6")
def test_issued_it_is_numbered_frozen_and_told_to_its_customer(people, device, charge):
    charge(4, 10)
    statement_id = draw_up(people, device)
    issue(people, statement_id)
    document, frozen = paper(statement_id), said(statement_id)
    assert document.state is State.ISSUED and document.number.split("-")[1] == "ST" and document.site_id is None
    charge(4, 20)
    assert content(paper(statement_id).in_force)["statement"]["closing"] == frozen["closing"]
    assert said(statement_id)["closing"] == 2 * frozen["closing"]
    row = document_queries.issued_of(db.session, people.officer, STATEMENT, 5)
    assert [each.number for each in row] == [document.number]
    assert document_queries.issued_of(db.session, people.officer2, STATEMENT, 5) == []
    assert document_queries.issued_of(db.session, people.ward, STATEMENT, 5) == []
    with pytest.raises(NotNow):
        issue(people, statement_id)


@pytest.mark.req("RPR-6")
def test_a_correction_is_a_new_revision_with_its_reason(people, device, charge):
    charge(4, 10)
    statement_id = draw_up(people, device)
    with pytest.raises(NotNow):
        correct(people, statement_id)
    issue(people, statement_id)
    number = paper(statement_id).number
    charge(4, 20)
    with pytest.raises(NotValid):
        correct(people, statement_id, " ")
    correct(people, statement_id)
    document = paper(statement_id)
    assert (document.number, document.revision, document.in_force.reason) == (number, 2, "折扣漏计")
    assert [each.state for each in document.revisions] == [RevisionState.SUPERSEDED, RevisionState.ISSUED]
    assert db.session.get_one(Statement, statement_id).closing == content(document.in_force)["statement"]["closing"]


@pytest.mark.req("RPR-6")
def test_the_customer_confirms_that_it_agrees(people, device, charge):
    charge(4, 10)
    statement_id = draw_up(people, device)
    issue(people, statement_id)
    assert paper(statement_id) in document_queries.to_sign(db.session, people.officer)
    with writing() as session:
        document = documents.of(session, STATEMENT, session.get_one(Statement, statement_id))
        signing = Signing(Method.PASSWORD, "陈静怡", function="财务科")
        documents.acknowledge(session, document, people.officer, signing, document.current.content_hash)
    assert not paper(statement_id).awaits_receipt


@pytest.mark.req("RPR-6")
def test_there_is_one_for_each_month_that_has_ended(people, device, charge):
    charge(4, 10)
    draw_up(people, device)
    for month in (APRIL, MAY):
        with pytest.raises(NotValid):
            draw_up(people, device, month)
    with pytest.raises(NotValid):
        draw_up(people, device, APRIL, when=datetime(2027, 4, 30, 23, 59, tzinfo=ZONE))


def test_finance_alone_draws_up_and_issues(people, device, charge):
    charge(4, 10)
    for who in ("officer", "manager", "desk", "dealer_desk"):
        with pytest.raises(NotAllowed):
            draw_up(people, device, who=who)
    statement_id = draw_up(people, device)
    with pytest.raises(NotAllowed):
        issue(people, statement_id, "manager")
    assert len(queries.statements(db.session, people.manager).rows) == 1
    assert queries.statements(db.session, people.dealer_desk).rows == []


def look(when):
    with clock.frozen(when):
        jobs.run_inline("statements.look")
        for run_id in db.session.scalars(sa.select(StatementRun.id).where(StatementRun.state == RunState.RUNNING)):
            jobs.run_inline("statements.draw_up", run_id=run_id)
    db.session.rollback()
    return list(db.session.scalars(sa.select(Statement).order_by(Statement.id)))


@pytest.mark.req("RPR-6")
def test_on_the_day_of_the_figure_those_of_all_are_drawn_up_once(people, device, charge):
    charge(4, 10)
    assert look(datetime(2027, 5, 2, 7, tzinfo=ZONE)) == []
    [made] = look(datetime(2027, 5, 3, 7, tzinfo=ZONE))
    assert (made.month, made.state, made.organisation_id) == (APRIL, StatementState.DRAFT, device.organisation_id)
    assert look(datetime(2027, 5, 4, 7, tzinfo=ZONE)) == [made]
    [run] = db.session.scalars(sa.select(StatementRun))
    assert (run.state, run.total, queries.drawn_up_by(db.session, run)) == (RunState.DONE, 1, 1)


@pytest.mark.req("RPR-6")
def test_who_owes_nothing_and_paid_nothing_gets_none(people, device, charge):
    paid = charge(3, 10)
    invoice(people, paid, date(2027, 3, 11))
    pay(people, paid, amount_of(paid), date(2027, 3, 12))
    assert look(datetime(2027, 5, 3, 7, tzinfo=ZONE)) == []
    with pytest.raises(NotValid), clock.frozen(MADE), writing() as session:
        service.ask_for_all(session, people.finance, APRIL)


def test_all_of_a_month_are_asked_for_one_run_at_a_time(people, device, charge):
    charge(4, 10)
    with pytest.raises(NotAllowed), clock.frozen(MADE), writing() as session:
        service.ask_for_all(session, people.manager, APRIL)
    with clock.frozen(MADE), writing() as session:
        service.ask_for_all(session, people.finance, APRIL)
    with pytest.raises(NotNow), clock.frozen(MADE), writing() as session:
        service.ask_for_all(session, people.finance, APRIL)


@pytest.mark.pdf
@pytest.mark.slow
@pytest.mark.req("RPR-6")
def test_it_is_printed_in_both_languages(people, device, charge):
    invoice(people, charge(3, 1), date(2027, 3, 2))
    charge(4, 12)
    statement_id = draw_up(people, device)
    issue(people, statement_id)
    document = paper(statement_id)
    number, papers = document.number, {each.language: each.id for each in document.in_force.renditions}
    assert papers.keys() == {"zh", "en"}
    for language, rendition_id in papers.items():
        made = make(rendition_id)
        assert made.name == f"{number}-{language}.pdf" and made.pages >= 1
        assert attached(made.pdf, "report.json")[0] == paper(statement_id).in_force.frozen
