"""What is paid for a device: by warranty, by contract; and who decided who pays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.permissions import SYSTEM
from portal.domain.cover import queries, service
from portal.domain.cover.models import Choice, CoverDecision
from portal.domain.cover.queries import Aspect, Share, Visits
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.plans import service as plan_service
from portal.domain.servicing.models import ServiceRequest
from tests import contracts, plans
from tests.blueprints.technicians.field import order_at, order_of


def entitled(device):
    db.session.rollback()
    device = db.session.get_one(Device, device.id)
    return queries.entitlement(db.session, device, clock.now().date())


def cover(device, **days):
    """Let warranty end so many days from today: labour, parts, travel."""
    with writing() as session:
        one = session.get_one(Device, device.id)
        today = clock.now().date()
        values = {f"{name}_until": today + timedelta(days=days[name]) for name in days}
        devices.edit(session, one, SYSTEM, one.details_version, **values)


@pytest.mark.req("WAR-11")
def test_each_of_labour_parts_and_travel_has_its_own_end(device):
    cover(device, labour=10, parts=-1, travel=30)
    today, found = clock.now().date(), entitled(device)
    assert found.shares[Aspect.LABOUR] == Share(100, today + timedelta(days=10))
    assert found.shares[Aspect.PARTS] == Share()
    assert found.shares[Aspect.TRAVEL] == Share(100, today + timedelta(days=30))
    assert (found.contract, found.visits, found.lends_device) == (None, None, False)


@pytest.mark.req("WAR-11")
def test_a_contract_pays_its_share_where_warranty_is_over_and_says_what_else_it_gives(device, people):
    cover(device, labour=10, parts=-1, travel=-1)
    number = contracts.signed(device, parts_share=80, travel_share=100, visits_a_year=4, lends_device=True)
    order_at(people, device, "on_site")
    order_at(people, device, "accepted")
    found = entitled(device)
    assert found.shares[Aspect.LABOUR].contract == ""
    assert (found.shares[Aspect.PARTS].percent, found.shares[Aspect.PARTS].contract) == (80, number)
    assert found.shares[Aspect.TRAVEL].percent == 100
    assert found.visits == Visits(4, 1) and found.visits.left == 3
    assert found.lends_device


def test_the_longer_of_warranty_and_a_whole_share_is_shown(device):
    cover(device, labour=10)
    number = contracts.signed(device, labour_share=100)
    assert entitled(device).shares[Aspect.LABOUR].contract == number
    cover(device, labour=900)
    assert entitled(device).shares[Aspect.LABOUR].contract == ""


def test_visits_are_counted_from_the_contracts_anniversary(device, people):
    start = clock.now().date() - timedelta(days=400)
    contracts.signed(device, visits_a_year=2, starts_on=start)
    with clock.frozen(clock.now() - timedelta(days=60)):
        order_at(people, device, "on_site")
    assert entitled(device).visits == Visits(2, 0)


@pytest.fixture
def request_id(people, device):
    return order_of(order_at(people, device, "on_site")).request_id


def decide(request_id, person, choice, grounds="", version=0):
    with writing() as session:
        service.decide(session, session.get_one(ServiceRequest, request_id), person, version, choice, grounds)


@pytest.mark.req("WAR-11")
def test_the_choice_is_kept_with_who_made_it_and_when(request_id, people):
    decide(request_id, people.desk, Choice.TO_CLARIFY, "疑似跌落")
    kept = db.session.scalars(sa.select(CoverDecision)).one()
    assert (kept.choice, kept.decided_by_id, kept.grounds) == (Choice.TO_CLARIFY, people.desk.id, "疑似跌落")
    assert kept.decided_at <= clock.now()


def test_who_departs_from_the_cover_says_why(request_id, people):
    with pytest.raises(NotValid) as refused:
        decide(request_id, people.desk, Choice.CHARGED)
    assert "grounds" in refused.value.fields
    decide(request_id, people.desk, Choice.BY_COVER)


def test_two_desks_deciding_at_once_do_not_overwrite_each_other(request_id, people):
    decide(request_id, people.desk, Choice.BY_COVER)
    with pytest.raises(Stale):
        decide(request_id, people.desk2, Choice.CHARGED, "耗材", version=0)


@pytest.mark.parametrize("who", ["technician", "officer", "finance", "quality"])
def test_others_do_not_decide_who_pays(request_id, people, who):
    with pytest.raises(NotAllowed):
        decide(request_id, getattr(people, who), Choice.BY_COVER)


def _plan(request_id, people):
    def draw(session):
        order = session.get_one(ServiceRequest, request_id).orders[-1]
        return plans.draw_up(session, order, people.technician).id

    with writing() as session:
        return draw(session)


@pytest.mark.req("WAR-11")
def test_the_choice_fixes_the_path_of_the_price(request_id, people):
    decide(request_id, people.desk, Choice.CHARGED, "学员操作培训中损坏，科室同意自费")
    plan_id = _plan(request_id, people)
    lines = db.session.get_one(plan_service.RepairPlan, plan_id).lines
    assert [(line.covered, line.share) for line in lines] == [(False, 0), (False, 0)]


@pytest.mark.req("WAR-11")
def test_nothing_is_offered_while_it_is_to_be_clarified_who_pays(request_id, people):
    decide(request_id, people.desk, Choice.TO_CLARIFY, "待工程师判断")
    plan_id = _plan(request_id, people)

    def offer():
        with writing() as session:
            plan_service.offer(session, session.get_one(plan_service.RepairPlan, plan_id), people.technician)

    with pytest.raises(NotNow, match="still to be clarified"):
        offer()
    decide(request_id, people.desk, Choice.EXCLUDED, "人为进液", version=1)
    with pytest.raises(NotNow, match="say so in the plan"):
        offer()
    decide(request_id, people.desk, Choice.BY_COVER, version=2)
    offer()


@pytest.mark.req("RPR-5")
@pytest.mark.parametrize(
    ("key", "amounts"),
    [("list", [48_000, 45_000]), ("material", [48_000, 0])],
)
def test_price_terms_of_the_contract_say_what_is_charged_where_cover_does_not_pay(device, people, key, amounts):
    cover(device, labour=-9, parts=-9, travel=-9)
    contracts.signed(device, price_terms=key)
    plan_id = _plan(order_of(order_at(people, device, "on_site")).request_id, people)
    lines = db.session.get_one(plan_service.RepairPlan, plan_id).lines
    assert [line.net for line in lines] == amounts


@pytest.mark.req("RPR-5")
def test_a_share_leaves_the_rest_to_pay(device, people):
    cover(device, labour=-9, parts=-9, travel=-9)
    contracts.signed(device, parts_share=80)
    plan_id = _plan(order_of(order_at(people, device, "on_site")).request_id, people)
    part, hours = db.session.get_one(plan_service.RepairPlan, plan_id).lines
    assert (part.share, part.covered, part.net, part.tax) == (80, False, 9_600, 1_248)
    assert (hours.share, hours.net) == (0, 45_000)
