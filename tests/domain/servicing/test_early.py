"""Releasing first, reviewing by a deadline: who may, what it needs, and what follows from the review (QCR-6)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.notices import Notice
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.domain.catalog import service as catalog
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.checklists import sheets as sheet_service
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.words import SheetState
from portal.domain.devices import service as devices
from portal.domain.devices.models import State as DeviceState
from portal.domain.documents.kinds import BlockName, Manner
from portal.domain.documents.models import State as PaperState
from portal.domain.policies import rules as policy_rules
from portal.domain.policies.models import ServicePolicy
from portal.domain.releases import queries as releases
from portal.domain.releases import seeding, service
from portal.domain.releases.models import ReleaseReason
from portal.domain.servicing import early, queries
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Conclusion, EarlyState, OrderState, RequestState
from tests import checks
from tests.blueprints.technicians.field import STEPS, WAY, order_at, order_of, paper_of
from tests.domain.policies.conftest import tick

HOUR = timedelta(hours=1)
S = OrderState


@pytest.fixture
def ruled(app):
    """A house with the release rules and reasons that are shipped."""
    with writing() as session:
        seeding.install(session)


@pytest.fixture
def risk(device, people, ruled):
    """Let the device be of another class and keep nobody alive."""

    def let_be(risk_class):
        with writing() as session:
            product = session.get_one(Product, device.product_id)
            facts = {"risk_class": risk_class, "life_support": False}
            catalog.edit(session, product, people.quality, product.details_version, **facts)

    return let_be


@pytest.fixture
def order(risk, people, device):
    """The number of a repair of class II that was tested and waits for its release."""
    risk(RiskClass.II)
    return order_at(people, device, "to_release")


@pytest.fixture
def of_class_one(risk, people, device):
    """An order brought to a state; the model is of class I since it was begun."""

    def brought(state, *, checklist=False):
        number = order_at(people, device, "agreed")
        risk(RiskClass.I)
        if checklist:
            with writing() as session:
                checks.publish(session, "ventilator", people, session.get_one(Product, device.product_id))
        for step in WAY[WAY.index("agreed") + 1 : WAY.index(state) + 1]:
            at(number, lambda session, order, step=step: STEPS[step](session, order, people))
        return number

    return brought


def at(number, act):
    with writing() as session:
        return act(session, session.scalars(sa.select(WorkOrder).where(WorkOrder.number == number)).one())


def first(number, person, note="凌晨两点", **changes):
    """Release first, for the reason that is given most often."""

    def act(session, order):
        reason = session.get_one(ReleaseReason, changes.get("reason") or releases.reasons(session)[0].id)
        seen = changes.get("seen") or paper_of_order(session, order).current.content_hash
        early.release_first(session, order, person, seen, reason, note, place="抢救室")

    at(number, act)


def paper_of_order(session, order):
    return servicing.documents.of(session, servicing.SERVICE_REPORT, order)


def accept(number, person):
    def act(session, order):
        early.accept(session, order.early[-1], person, paper_of_order(session, order).current.content_hash)

    at(number, act)


def refuse(number, person, reason="未测泄漏电流", **more):
    def act(session, order):
        seen = paper_of_order(session, order).current.content_hash
        early.refuse(session, order.early[-1], person, seen, reason, **more)

    at(number, act)


def done(number, people):
    """The customer has signed, and the report is issued."""
    at(number, lambda session, order: STEPS["done"](session, order, people))


def review_clock(number):
    record = order_of(number).early[-1]
    mine = sa.select(Clock).where(Clock.root_kind == "early_release", Clock.root_id == record.id)
    return db.session.scalars(mine.execution_options(populate_existing=True)).one()


def inbox(person, kind):
    db.session.rollback()
    return db.session.scalars(sa.select(Notice).where(Notice.person_id == person.id, Notice.kind == kind)).all()


@pytest.mark.req("QCR-6")
def test_what_is_released_first_is_signed_by_the_customer_and_issued_before_its_review(order, people):
    first(order, people.technician)
    record = order_of(order).early[-1]
    assert (order_of(order).state, record.state) == (S.TO_SIGN, EarlyState.DUE)
    assert (record.released_by.name, record.note) == ("李伟", "凌晨两点")
    done(order, people)
    paper = paper_of(order)
    assert (paper.state, paper.current.owes_review) == (PaperState.ISSUED, True)
    signature = paper.current.signed(BlockName.RELEASE)
    assert signature.manner == Manner.FIRST and signature.terms["reason"]["zh"].startswith("夜间单人值班")
    assert signature.terms["note"] == "凌晨两点" and signature.terms["review_due_at"] > record.released_at.isoformat()


@pytest.mark.req("QCR-6")
def test_the_review_runs_against_a_clock_that_it_stops(order, people):
    first(order, people.technician)
    running = review_clock(order)
    assert (running.state, running.due_at - running.started_at) == (ClockState.RUNNING, 24 * HOUR)
    assert order_of(order).early[-1].released_at.replace(microsecond=0) == running.started_at
    accept(order, people.quality)
    assert review_clock(order).state is ClockState.MET


@pytest.mark.req("QCR-6")
def test_a_review_that_is_late_is_told_to_quality_and_then_to_the_manager(order, people):
    first(order, people.technician)
    assert len(inbox(people.quality, "order_released_first")) == 1
    started = review_clock(order).started_at
    tick(started + 20 * HOUR)
    assert inbox(people.quality, "clock_warning") and not inbox(people.manager, "clock_broken")
    tick(started + 25 * HOUR)
    assert inbox(people.quality, "clock_broken") and inbox(people.manager, "clock_broken")
    assert review_clock(order).state is ClockState.BREACHED


def test_the_review_is_a_signature_under_the_same_bytes_also_after_the_issue(order, people):
    first(order, people.technician)
    done(order, people)
    before = paper_of(order).current
    issued_at, content = before.issued_at, before.content_hash
    with clock.frozen(clock.now() + 2 * HOUR):
        accept(order, people.quality)
    revision = paper_of(order).current
    assert (revision.issued_at, revision.content_hash, revision.owes_review) == (issued_at, content, False)
    assert revision.signed(BlockName.REVIEW).name == "吴敏"
    record = order_of(order).early[-1]
    assert (record.state, record.reviewed_by.name) == (EarlyState.PASSED, "吴敏")


@pytest.mark.req("QCR-6")
def test_where_the_rule_asks_for_a_second_person_nothing_is_released_first(people, device, ruled):
    number = order_at(people, device, "to_release")
    with pytest.raises(NotNow, match="second person must release it"):
        first(number, people.technician)
    assert order_of(number).state is S.TO_RELEASE


def test_without_rules_a_second_person_releases(people, device, app):
    number = order_at(people, device, "to_release")
    with writing() as session:
        reason = service.add_reason(session, people.quality, name=seeding.REASONS[0]).id
    with pytest.raises(NotNow, match="second person must release it"):
        first(number, people.technician, reason=reason)


@pytest.mark.req("QCR-6")
def test_of_class_one_the_repairers_signature_releases(of_class_one, people):
    number = of_class_one("to_release")
    revision = paper_of(number).current
    assert order_of(number).state is S.TO_SIGN and order_of(number).early == []
    signature = revision.signed(BlockName.RELEASE)
    assert (signature.name, signature.manner) == ("李伟", Manner.ALONE)
    done(number, people)
    assert paper_of(number).state is PaperState.ISSUED


@pytest.mark.parametrize("conclusion", [Conclusion.STOP, Conclusion.RESTRICTED])
def test_what_may_not_be_used_freely_waits_for_a_second_person_whatever_the_class(of_class_one, people, conclusion):
    number = of_class_one("tested")

    def conclude(session, order):
        servicing.record_tests(session, order, people.technician, order.tests_version, conclusion=conclusion)
        servicing.submit(session, order, people.technician)

    at(number, conclude)
    assert order_of(number).state is S.TO_RELEASE


@pytest.mark.req("QCR-6")
def test_missing_results_are_never_waived(of_class_one, people):
    number = of_class_one("testing", checklist=True)
    with pytest.raises(NotNow, match="lacks"):
        at(number, lambda session, order: servicing.submit(session, order, people.technician))


def test_a_stopped_device_is_not_released_first(order, people, device):
    at(order, lambda session, found: devices.stop(session, found.request.device, people.quality, "待查") and None)
    with pytest.raises(NotNow, match="was not stopped"):
        first(order, people.technician)


@pytest.mark.parametrize("key", ["quality", "manager", "finance", "officer", "technician2"])
def test_who_does_not_hold_the_right_does_not_release_first(order, people, key):
    person = getattr(people, key)
    with pytest.raises(NotAllowed):
        first(order, person)


def test_the_desk_may_release_first_for_the_technician(order, people):
    first(order, people.desk)
    assert order_of(order).early[-1].released_by.name == people.desk.name


def test_the_reason_is_one_of_the_list_that_is_in_use(order, people):
    with writing() as session:
        reason = releases.reasons(session)[0]
        service.edit_reason(session, reason, people.quality, reason.reason_version, in_use=False)
        reason_id = reason.id
    with pytest.raises(NotValid) as refusal:
        first(order, people.technician, reason=reason_id)
    assert "reason" in refusal.value.fields


def test_what_was_shown_must_be_what_stands(order, people):
    with pytest.raises((Stale, NotNow)):
        first(order, people.technician, seen="f" * 64)
    assert order_of(order).state is S.TO_RELEASE


def test_a_deadline_must_be_in_force(order, people):
    with writing() as session:
        policy_id = session.scalars(sa.select(ServicePolicy.id).where(ServicePolicy.key == "review")).one()
        perform(session, policy_rules.SUPERSEDE, policy_rules.in_force(session, policy_id), SYSTEM)
    with pytest.raises(NotNow, match="No time for the review"):
        first(order, people.technician)


@pytest.mark.parametrize("releaser", ["technician", "desk"])
def test_nobody_reviews_what_they_repaired_or_released(order, people, releaser):
    first(order, getattr(people, releaser))
    with pytest.raises(NotAllowed):
        accept(order, getattr(people, releaser))


@pytest.mark.req("QCR-6")
def test_a_review_that_fails_gives_the_order_back_and_stops_what_is_dangerous(order, people):
    first(order, people.technician)
    done(order, people)
    assert order_of(order).request.state is RequestState.COMPLETED
    refuse(order, people.quality, is_dangerous=True)
    found = order_of(order)
    assert (found.state, found.request.state) == (S.SENT_BACK, RequestState.IN_SERVICE)
    assert found.request.device.state is DeviceState.DO_NOT_USE
    assert (found.early[-1].state, found.early[-1].finding) == (EarlyState.FAILED, "未测泄漏电流")
    assert review_clock(order).state is ClockState.MET
    paper = paper_of(order)
    assert paper.in_force is not None and paper.in_force.signed(BlockName.REVIEW).manner == Manner.FAILED


def test_before_the_customer_signed_a_failed_review_voids_the_report(order, people):
    first(order, people.technician)
    refuse(order, people.quality)
    assert (order_of(order).state, paper_of(order).state) == (S.SENT_BACK, PaperState.VOID)
    assert order_of(order).request.device.state is DeviceState.IN_USE


def test_a_review_that_fails_says_why(order, people):
    first(order, people.technician)
    with pytest.raises(NotValid):
        refuse(order, people.quality, reason=" ")
    assert order_of(order).early[-1].state is EarlyState.DUE


def test_after_a_failed_review_a_second_person_releases(order, people):
    first(order, people.technician)
    refuse(order, people.quality)
    for step in ("take_up", "testing", "tested", "to_release"):
        act = STEPS.get(step) or (lambda s, o, p: servicing.take_up(s, o, p.technician))
        at(order, lambda session, found, act=act: act(session, found, people))
    with pytest.raises(NotNow, match="came back"):
        first(order, people.technician)
    at(order, lambda session, found: STEPS["to_sign"](session, found, people))
    assert paper_of(order).current.signed(BlockName.RELEASE).manner == ""


def test_a_correction_before_the_review_ends_its_clock(order, people):
    first(order, people.technician)
    at(order, lambda session, found: servicing.correct(session, found, people.technician, "写错序列号"))
    assert order_of(order).early[-1].state is EarlyState.LAPSED
    assert review_clock(order).state is ClockState.CANCELLED


def test_a_release_is_reviewed_once(order, people):
    first(order, people.technician)
    accept(order, people.quality)
    with pytest.raises(NotNow):
        accept(order, people.quality2)


@pytest.fixture
def sheeted(risk, people, device):
    """An order of class II with a completed test sheet, released first."""
    risk(RiskClass.II)
    with writing() as session:
        checks.publish(session, "ventilator", people, session.get_one(Product, device.product_id))
    number = order_at(people, device, "testing")
    at(number, lambda session, order: checks.fill(session, order, people.technician))
    since = {"conclusion": Conclusion.USABLE, "restored_at": clock.now()}
    at(number, lambda s, o: servicing.record_tests(s, o, people.technician, o.tests_version, **since))
    at(number, lambda s, o: servicing.submit(s, o, people.technician))
    first(number, people.technician)
    return number


@pytest.mark.req("QCR-6")
def test_its_tests_wait_in_the_queue_until_the_release_is_reviewed(sheeted, people):
    assert queries.count_sheets(db.session, people.quality, queries.UNREVIEWED) == 1
    db.session.rollback()
    accept(sheeted, people.quality)
    assert order_of(sheeted).sheets[-1].state is SheetState.REVIEWED
    assert queries.count_sheets(db.session, people.quality, queries.UNREVIEWED) == 0


def test_its_tests_are_not_reviewed_apart_from_it(sheeted, people):
    sheet_id = order_of(sheeted).sheets[-1].id
    db.session.rollback()
    with pytest.raises(NotNow, match="released first"), writing() as session:
        sheet_service.review(session, session.get_one(TestSheet, sheet_id), people.quality)


def test_a_failed_review_lets_everything_be_tested_anew(sheeted, people):
    refuse(sheeted, people.quality, "读数与打印不符")
    sheet = order_of(sheeted).sheets[-1]
    assert (sheet.state, sheet.why_rejected) == (SheetState.REJECTED, "读数与打印不符")
