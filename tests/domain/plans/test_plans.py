"""Repair plans: no work without consent, no price beyond one's limit, nothing excluded by one person alone."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

import jobs
from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.files import Limits, receive
from portal.core.permissions import SYSTEM
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.documents.models import Method, State
from portal.domain.documents.service import Signing
from portal.domain.organisations import service as organisations
from portal.domain.plans import service
from portal.domain.plans.models import RepairPlan
from portal.domain.plans.service import Line
from portal.domain.plans.words import Basis, LineKind, PlanState
from portal.domain.policies import waiting
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from tests import plans
from tests.blueprints.technicians.field import FINDINGS, order_at, order_of
from tests.core.files import makers

S = PlanState


@pytest.fixture
def uncovered(device):
    """The device, out of every cover."""
    with writing() as session:
        on = clock.now().date() - timedelta(days=10)
        values = {"labour_until": on, "parts_until": on, "travel_until": on}
        one = session.get_one(Device, device.id)
        devices.edit(session, one, SYSTEM, one.details_version, **values)
    return device


@pytest.fixture
def photo(app):
    """A photo that was sent, not yet a file of anything."""
    room, picture = app.extensions["room"], makers.jpeg()
    return receive(io.BytesIO(picture), "plug.jpg", "image/jpeg", limits=Limits(), room=room)


@pytest.fixture
def order(people, uncovered):
    return order_at(people, uncovered, "on_site")


def do(number, act):
    with writing() as session:
        found = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        return act(session, found)


def offer(order, people, **values):
    return do(order, lambda session, found: plans.offered(session, found, people.technician, **values).id)


def plan_of(number) -> RepairPlan:
    return service.latest(db.session, order_of(number))


def answer(order, people, **values):
    do(order, lambda session, found: plans.consent(session, service.latest(session, found), people.officer, **values))


@pytest.mark.req("RPR-3")
def test_no_repair_is_tested_before_the_customer_consented(order, people):
    with pytest.raises(NotNow, match="has not consented"):
        do(order, lambda session, found: servicing.start_tests(session, found, people.technician))
    offer(order, people)
    with pytest.raises(NotNow, match="has not consented"):
        do(order, lambda session, found: servicing.start_tests(session, found, people.technician))
    answer(order, people)
    assert order_of(order).plan_agreed

    def tested(session, found):
        servicing.record_findings(session, found, people.technician, 0, **FINDINGS, parts_replaced=[])
        servicing.start_tests(session, found, people.technician)

    do(order, tested)


@pytest.mark.req("RPR-2")
def test_the_price_is_that_of_the_lines_with_tax(order, people):
    offer(order, people)
    option = plan_of(order).options[0]
    assert (option.net, option.tax, option.gross) == (93_000, 8_940, 101_940)


@pytest.mark.req("RPR-5")
def test_cover_pays_what_it_covers(people, device):
    number = order_at(people, device, "on_site")
    with writing() as session:
        one = session.get_one(Device, device.id)
        assert one.parts_until and one.parts_until > clock.now().date()
    offer(number, people)
    lines = plan_of(number).lines
    assert [(line.covered, line.gross) for line in lines] == [(True, 0), (True, 0)]


@pytest.mark.req("RPR-5")
def test_excluding_cover_takes_a_reason_its_proof_and_a_second_person(people, device, photo):
    number = order_at(people, device, "on_site")
    excluded = {"basis": Basis.EXCLUDED_MATERIAL}
    draw_up = lambda session, found: plans.draw_up(session, found, people.technician, **excluded)  # noqa: E731
    do(number, draw_up)
    offer_it = lambda session, found: service.offer(session, service.latest(session, found), people.technician)  # noqa: E731
    with pytest.raises(NotNow, match="why cover is excluded"):
        do(number, offer_it)
    said = excluded | {"exclusion_reason": "插头有外力折断痕迹，见照片"}

    def explain(session, found, proof=()):
        plan = service.latest(session, found)
        said["evidence"] = proof
        values = {"steps": plan.steps, "minutes": 90, "valid_until": plan.valid_until}
        service.change(
            session, plan, people.technician, plan.content_version, [plans.PART, plans.HOURS], **values | said
        )

    do(number, explain)
    with pytest.raises(NotNow, match="add a photo or a file that proves it"):
        do(number, offer_it)
    do(number, lambda session, found: explain(session, found, [photo]))
    with pytest.raises(NotNow, match="a second person must confirm"):
        do(number, offer_it)
    confirm = lambda person: do(  # noqa: E731
        number, lambda session, found: service.confirm_exclusion(session, service.latest(session, found), person)
    )
    with pytest.raises(NotAllowed):
        confirm(people.technician)
    confirm(people.desk)
    do(number, offer_it)
    part, hours = plan_of(number).lines
    assert (part.covered, hours.covered) == (False, True)


@pytest.mark.req("RPR-5")
def test_changing_a_plan_takes_the_confirmation_away(people, device, photo):
    number = order_at(people, device, "on_site")
    said = {"basis": Basis.EXCLUDED, "exclusion_reason": "进液", "evidence": [photo]}

    def drawn(session, found):
        plan = plans.draw_up(session, found, people.technician, **said)
        service.confirm_exclusion(session, plan, people.desk)
        values = {"steps": plan.steps, "minutes": 60, "valid_until": plan.valid_until}
        changed = values | said | {"evidence": ()}
        service.change(session, plan, people.technician, plan.content_version, [plans.PART], **changed)

    do(number, drawn)
    assert plan_of(number).needs_confirmation


@pytest.mark.req("RPR-4")
def test_a_new_finding_needs_a_new_plan_and_a_new_consent(order, people):
    offer(order, people)
    answer(order, people)
    with pytest.raises(NotValid) as refused:
        offer(order, people)
    assert "why_again" in refused.value.fields
    offer(order, people, why_again="拆机后发现主板接口氧化", lines=(plans.PART,))
    found = order_of(order)
    assert not found.plan_agreed
    assert plan_of(order).revision == 2
    answer(order, people)
    assert order_of(order).plan_agreed
    states = db.session.scalars(sa.select(RepairPlan.state).order_by(RepairPlan.revision)).all()
    assert states == [S.SUPERSEDED, S.CONSENTED]
    paper = documents.of(db.session, REPAIR_PLAN, order_of(order))
    assert [revision.state.value for revision in paper.revisions] == ["superseded", "issued"]


def test_one_plan_at_a_time_is_in_preparation(order, people):
    do(order, lambda session, found: plans.draw_up(session, found, people.technician))
    with pytest.raises(NotNow, match="in preparation already"):
        do(order, lambda session, found: plans.draw_up(session, found, people.technician))


def test_a_price_beyond_ones_limit_is_refused_and_says_who_may(order, people):
    dear = Line(LineKind.PART, "主板", Decimal(1), unit_price=5_000_000, tax_rate=1300)
    offer(order, people, lines=(dear,))
    with pytest.raises(NotNow, match="beyond what"):
        answer(order, people)
    assert plan_of(order).state is S.OFFERED

    head = {"name": "王院长", "function": "management", "may_sign": True, "consent_limit": 9_000_000}
    do(order, lambda session, found: organisations.add_contact(session, found.organisation, SYSTEM, **head))
    with pytest.raises(NotNow, match="王院长"):
        answer(order, people)

    def witnessed(session, found):
        paper = documents.of(session, REPAIR_PLAN, found)
        signing = Signing(Method.WITNESSED, "王院长", choice="A")
        service.consent(session, paper, people.technician, signing, paper.current.content_hash)

    do(order, witnessed)
    assert plan_of(order).method is Method.WITNESSED


@pytest.mark.req("RPR-16")
def test_of_two_options_one_is_chosen(order, people):
    lines = (
        Line(LineKind.PART, "原厂氧电池", Decimal(1), option="A", unit_price=48_000),
        Line(LineKind.PART, "等效氧电池", Decimal(1), option="B", unit_price=30_000),
        plans.HOURS,
    )
    offer(order, people, lines=lines)
    with pytest.raises(NotValid):
        answer(order, people, choice="C")
    answer(order, people, choice="B")
    plan = plan_of(order)
    assert order_of(order).fee == 77_700
    assert (plan.chosen, plan.option("B").gross, plan.option("A").gross) == ("B", 77_700, 95_700)


def test_a_refused_plan_keeps_its_reason_and_its_paper_is_void(order, people):
    offer(order, people)
    do(order, lambda session, found: service.refuse(session, service.latest(session, found), people.officer, "太贵"))
    assert plan_of(order).state is S.REFUSED
    assert documents.of(db.session, REPAIR_PLAN, order_of(order)).state is State.VOID
    assert not order_of(order).plan_agreed


@pytest.mark.req("SLA-4")
def test_the_case_waits_for_consent_and_goes_on_with_it(order, people):
    def waits():
        request = order_of(order).request
        return [one.reason.key for one in waiting.open_of(db.session, request.__tablename__, request.id)]

    offer(order, people)
    assert waits() == ["consent"]
    answer(order, people)
    assert waits() == []


def test_an_offer_runs_out_at_the_end_of_its_last_day(order, people):
    offer(order, people, valid_until=clock.now().date() + timedelta(days=2))
    with clock.frozen(clock.now() + timedelta(days=4)):
        with pytest.raises(NotNow, match="ended on"):
            answer(order, people)
        jobs.run_inline("plans.run_out")
    assert plan_of(order).state is S.EXPIRED


def test_what_is_not_in_the_price_list_needs_a_price(order, people):
    with pytest.raises(NotValid) as refused:
        offer(order, people, lines=(Line(LineKind.PART, "", Decimal(1), "XX-1"),))
    assert "lines" in refused.value.fields


@pytest.mark.req("RPR-5")
def test_the_customer_may_dispute_and_the_offer_stands(order, people):
    offer(order, people)
    why = "应在保修内"
    do(order, lambda session, found: service.dispute(session, service.latest(session, found), people.officer, why))
    assert plan_of(order).state is S.OFFERED
