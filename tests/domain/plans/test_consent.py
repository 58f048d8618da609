"""Consent by contract, objections to who pays, and the hospital's own approval of a quotation."""

import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.files import Limits, receive
from portal.core.notices import Notice
from portal.core.permissions import SYSTEM
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.documents.models import State
from portal.domain.plans import queries, service
from portal.domain.plans.service import Line
from portal.domain.plans.words import LineKind, PlanState
from portal.domain.policies import waiting
from portal.domain.servicing.models import WorkOrder
from tests import contracts, plans
from tests.blueprints.technicians.field import order_at, order_of
from tests.core.files import makers

S = PlanState


@pytest.fixture
def order(people, device):
    """A repair of a device out of every cover."""
    with writing() as session:
        on = clock.now().date() - timedelta(days=10)
        one = session.get_one(Device, device.id)
        values = {"labour_until": on, "parts_until": on, "travel_until": on}
        devices.edit(session, one, SYSTEM, one.details_version, **values)
    return order_at(people, device, "on_site")


def do(number, act):
    with writing() as session:
        return act(session, session.scalars(sa.select(WorkOrder).where(WorkOrder.number == number)).one())


def offer(order, people, **values):
    do(order, lambda session, found: plans.offered(session, found, people.technician, **values))


def plan_of(order):
    return service.latest(db.session, order_of(order))


def paper_of(order):
    return documents.of(db.session, REPAIR_PLAN, order_of(order))


def waits(order):
    request = order_of(order).request
    return [one.reason.key for one in waiting.open_of(db.session, request.__tablename__, request.id)]


def told(person, kind):
    return db.session.scalars(sa.select(Notice).where(Notice.person_id == person.id, Notice.kind == kind)).all()


@pytest.mark.req("RPR-3")
def test_a_contract_consents_to_a_plan_within_its_limit_and_the_paper_says_so(order, people, device):
    number = contracts.signed(device, **contracts.STANDING)
    offer(order, people)
    plan, found = plan_of(order), order_of(order)
    assert (plan.state, plan.method, plan.consent_contract.number) == (S.CONSENTED, None, number)
    assert found.plan_agreed and found.fee == 101_940
    paper = paper_of(order)
    assert paper.state is State.ISSUED and paper.number and paper.current.signatures == []
    kept = json.loads(paper.current.frozen)["plan"]["standing_consent"]
    assert (kept["contract"], kept["clause"], kept["limit"]) == (number, contracts.CLAUSE, 150_000)
    assert waits(order) == []
    assert told(people.officer, "plan_by_contract") and not told(people.officer, "plan_offered")


@pytest.mark.req("RPR-3")
@pytest.mark.parametrize(
    "terms",
    [
        {"standing_limit": 101_939},
        {"standing_consent": False},
        {"ends_on": clock.now().date() - timedelta(days=1)},
        {"starts_on": clock.now().date() + timedelta(days=2)},
    ],
    ids=["above the limit", "without standing consent", "over", "not begun"],
)
def test_otherwise_the_customer_is_asked(order, people, device, terms):
    contracts.signed(device, **contracts.STANDING | terms)
    offer(order, people)
    assert plan_of(order).state is S.OFFERED
    assert not order_of(order).plan_agreed
    assert waits(order) == ["consent"]
    assert told(people.officer, "plan_offered")


@pytest.mark.req("RPR-3")
def test_free_work_alone_may_be_consented_to_beforehand(order, people, device):
    contracts.signed(device, **contracts.STANDING | {"standing_limit": 0, "labour_share": 100, "parts_share": 100})
    offer(order, people)
    assert plan_of(order).state is S.CONSENTED
    assert order_of(order).fee == 0


def test_a_choice_between_options_stays_the_customers(order, people, device):
    contracts.signed(device, **contracts.STANDING)
    lines = [Line(LineKind.PART, "氧电池", Decimal(1), option=name, unit_price=1000) for name in "AB"]
    offer(order, people, lines=lines)
    assert plan_of(order).state is S.OFFERED


@pytest.mark.req("RPR-4")
def test_a_further_finding_beyond_the_limit_asks_the_customer_again(order, people, device):
    contracts.signed(device, **contracts.STANDING)
    offer(order, people)
    dear = Line(LineKind.PART, "主板", Decimal(1), unit_price=900_000)
    offer(order, people, lines=[dear], why_again="主板也已损坏")
    assert plan_of(order).state is S.OFFERED
    assert not order_of(order).plan_agreed


def test_a_contract_that_consents_quotes_its_words(device):
    with pytest.raises(NotValid) as refused:
        contracts.signed(device, standing_consent=True, standing_limit=1000)
    assert "standing_clause" in refused.value.fields


def dispute(order, people, why="应在保修内"):
    do(order, lambda session, found: service.dispute(session, service.latest(session, found), people.officer, why))


def decide(order, person, *, stands):
    def act(session, found):
        service.decide_dispute(session, service.latest(session, found), person, "已看照片", stands=stands)

    do(order, act)


@pytest.mark.req("RPR-5")
def test_while_an_objection_is_open_we_are_waited_for_and_not_the_hospital(order, people):
    offer(order, people)
    dispute(order, people)
    assert plan_of(order).is_disputed
    assert waits(order) == ["dispute"]
    with pytest.raises(NotNow, match="looked at already"):
        dispute(order, people, "再次")


@pytest.mark.req("RPR-5")
def test_an_offer_that_stands_goes_back_to_the_hospital_with_the_reason(order, people):
    offer(order, people)
    dispute(order, people)
    decide(order, people.desk, stands=True)
    plan = plan_of(order)
    assert (plan.state, plan.dispute_answer, plan.is_disputed) == (S.OFFERED, "已看照片", False)
    assert waits(order) == ["consent"]
    assert told(people.officer, "dispute_decided")[0].params["stands"] == "yes"
    do(order, lambda session, found: plans.consent(session, service.latest(session, found), people.officer))


@pytest.mark.req("RPR-5")
def test_where_the_hospital_is_right_the_offer_is_withdrawn(order, people):
    offer(order, people)
    dispute(order, people)
    decide(order, people.manager, stands=False)
    assert plan_of(order).state is S.SUPERSEDED
    assert paper_of(order).state is State.VOID
    assert waits(order) == []
    assert told(people.technician, "dispute_decided")
    offer(order, people, why_again="按保修处理", lines=())


def test_an_objection_is_decided_by_a_second_person_and_once(order, people):
    with pytest.raises(NotNow, match="Nobody disputes"):
        offer(order, people)
        decide(order, people.desk, stands=True)
    dispute(order, people)
    for stranger in (people.technician, people.officer):
        with pytest.raises(NotAllowed):
            decide(order, stranger, stands=True)
    decide(order, people.desk, stands=True)
    with pytest.raises(NotNow, match="decided already"):
        decide(order, people.desk, stands=True)


@pytest.mark.req("RPR-16")
def test_nobody_is_reminded_before_the_approval_is_expected(order, people):
    offer(order, people)
    expected = clock.now().date() + timedelta(days=9)

    def note(session, found):
        service.note_approval(session, service.latest(session, found), people.officer, expected)

    do(order, note)
    plan = plan_of(order)
    assert plan.in_approval_since is not None and plan.approval_expected_on == expected
    (waits_for,) = service.waitings(db.session, plan)
    assert waits_for.next_reminder_at.date() >= expected
    with clock.frozen(waits_for.next_reminder_at - timedelta(minutes=1)):
        assert waiting.next_reminders(db.session, clock.now()) == []
    with clock.frozen(waits_for.next_reminder_at), writing() as session:
        assert waiting.remind(session, waits_for.id, clock.now())
    assert told(people.officer, "waiting_reminder")


def test_an_approval_is_not_expected_in_the_past(order, people):
    offer(order, people)
    yesterday = clock.now().date() - timedelta(days=2)
    with pytest.raises(NotValid) as refused:
        do(order, lambda s, found: service.note_approval(s, service.latest(s, found), people.officer, yesterday))
    assert "expected_on" in refused.value.fields


@pytest.mark.req("RPR-16")
@pytest.mark.parametrize("who", ["officer", "desk", "technician"])
def test_hospital_desk_and_technician_file_the_approval_and_the_order(app, order, people, who):
    offer(order, people)
    scan = receive(io.BytesIO(makers.jpeg()), "order.jpg", "", limits=Limits(), room=app.extensions["room"])
    person = getattr(people, who)
    do(order, lambda s, found: service.file_papers(s, service.latest(s, found), person, "purchase_order", [scan]))
    assert [a.purpose for a, _file in queries.files(db.session, plan_of(order))] == ["purchase_order"]
