"""Test sheets at a work order: what they ask, what they refuse, and what follows for the order."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.domain.checklists import sheets
from portal.domain.checklists.judging import Entry
from portal.domain.checklists.words import AppliedPart, Group, Outcome, Protection, SheetState
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import State
from portal.domain.holds import service as holds
from portal.domain.holds.models import Ground
from portal.domain.servicing import service, testing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.report import payload
from portal.domain.servicing.words import Conclusion, OrderState, Verdict
from portal.web.papers import content
from tests import checks
from tests.blueprints.technicians.field import order_at, order_of

TIDAL, RATE = 6, 7
"""Places of two measured values of the ventilator's checklist."""


@pytest.fixture
def listed(people, device):
    """The ventilator has its checklist and the electrical safety sheet."""
    with writing("checklists") as session:
        checks.publish(session, "ventilator", people, device.product)
        checks.publish(session, "electrical-safety", people, device.product)


@pytest.fixture
def order(listed, people, device):
    return order_of(order_at(people, device, "testing"))


def do(order, act):
    """Carry out `act(session, order)` and return the order as it stands then."""
    number, order_id = order.number, order.id
    with writing("test") as session:
        act(session, session.get_one(WorkOrder, order_id))
    return order_of(number)


def fill(order, people, **typed):
    return do(order, lambda s, o: checks.fill(s, o, people.technician, **typed))


def conclude(order, people, conclusion=Conclusion.USABLE):
    since = {"restored_at": clock.now() if conclusion is not Conclusion.STOP else None}
    return do(
        order,
        lambda s, o: service.record_tests(s, o, people.technician, o.tests_version, conclusion=conclusion, **since),
    )


@pytest.mark.req("QCR-1", "QCR-7")
def test_the_start_of_the_tests_opens_a_sheet_of_each_checklist_that_holds(order):
    assert [(s.checklist.key, s.state, s.attempt) for s in order.sheets] == [
        ("ventilator", SheetState.OPEN, 1),
        ("electrical-safety", SheetState.OPEN, 1),
    ]


def test_a_model_without_a_checklist_keeps_the_simple_fields(people, device):
    assert order_of(order_at(people, device, "testing")).sheets == []


@pytest.mark.req("QCR-7")
def test_completed_sheets_give_the_order_its_verdicts(order, people):
    order = fill(order, people)
    assert order.functional_test is Verdict.PASS and order.safety_test is None
    order = fill(order, people)
    assert (order.performance_test, order.safety_test) == (Verdict.PASS, Verdict.PASS)


def test_a_reading_keeps_what_was_typed_and_its_exact_value(order, people):
    order = fill(order, people, n6="498,50")
    reading = order.sheets[0].reading(order.sheets[0].version.items[TIDAL - 1])
    assert (reading.typed, str(reading.value), reading.outcome) == ("498,50", "498.50", Outcome.PASS)


def test_what_is_no_number_is_refused_at_its_field(order, people):
    with pytest.raises(NotValid) as refusal:
        fill(order, people, n6="about 500", n7="x", finish=False)
    assert set(refusal.value.fields) == {"reading_6", "reading_7"}


def test_a_required_item_without_result_is_named(order, people):
    def half(session, order):
        entries = checks.passing(order.sheets[0])
        del entries[TIDAL]
        testing.fill(session, order.sheets[0], people.technician, entries, [checks.tool()], finish=True)

    with pytest.raises(NotValid) as refusal:
        do(order, half)
    assert list(refusal.value.fields) == ["reading_6"]


def test_an_instrument_whose_calibration_ran_out_measures_nothing(order, people):
    def measure(days):
        day = (clock.now() + timedelta(hours=8, days=days)).date()
        return lambda s, o: testing.fill(
            s, o.sheets[0], people.technician, checks.passing(o.sheets[0]), [checks.tool(day)]
        )

    do(order, measure(0))
    with pytest.raises(NotValid) as refusal:
        do(order, measure(-1))
    assert "have it calibrated" in str(refusal.value.fields["instruments"][0])


def test_a_measured_value_asks_for_its_instrument(order, people):
    entries = lambda o: checks.passing(o.sheets[0])  # noqa: E731
    with pytest.raises(NotValid) as refusal:
        do(order, lambda s, o: testing.fill(s, o.sheets[0], people.technician, entries(o), [], finish=True))
    assert set(refusal.value.fields) == {"instruments"}


@pytest.mark.req("QCR-7")
def test_limits_of_electrical_safety_follow_from_the_rating_plate(order):
    sheet = order.sheets[1]

    def names(protection, applied):
        found = (i for i in sheet.version.items if i.group is Group.SAFETY and i.is_for(protection, applied))
        return {item.name.en: item.upper for item in found if "leakage" in item.name.en and item.required}

    assert names(Protection.I, AppliedPart.BF) == {
        "Equipment leakage, class I": 500,
        "Applied-part leakage, type BF": 5000,
    }
    assert names(Protection.II, AppliedPart.CF) == {
        "Equipment leakage, class II": 100,
        "Applied-part leakage, type CF": 100,
    }
    assert names(Protection.NONE, AppliedPart.NONE) == {}


def test_what_the_rating_plate_says_is_asked_and_known_the_next_time(order, people, device):
    order = fill(order, people)
    entries = lambda o: checks.passing(o.sheets[1])  # noqa: E731
    with pytest.raises(NotValid) as refusal:
        do(
            order,
            lambda s, o: testing.fill(s, o.sheets[1], people.technician, entries(o), [checks.tool()], finish=True),
        )
    assert "protection" in refusal.value.fields
    fill(order, people)
    following = order_of(order_at(people, device, "testing"))
    assert following.sheets[1].protection is Protection.I


@pytest.mark.req("QCR-6")
def test_a_report_waits_for_every_sheet_and_says_what_is_missing(order, people):
    order = conclude(order, people)
    with pytest.raises(NotNow, match="lacks 10 results") as refusal:
        do(order, lambda s, o: service.submit(s, o, people.technician))
    assert "外观" in str(refusal.value.message)


@pytest.mark.req("QCR-1")
def test_what_failed_goes_back_to_repair_and_is_tested_anew(order, people):
    order = conclude(fill(fill(order, people, n6="380"), people), people)
    assert order.performance_test is Verdict.FAIL
    with pytest.raises(NotNow, match="failed"):
        do(order, lambda s, o: service.submit(s, o, people.technician))
    order = do(order, lambda s, o: service.repair_again(s, o, people.technician))
    order = do(order, lambda s, o: service.start_tests(s, o, people.technician))
    assert [(s.checklist.key, s.attempt) for s in order.last_sheets] == [("ventilator", 2), ("electrical-safety", 2)]
    assert order.performance_test is None
    order = fill(fill(order, people), people)
    order = do(order, lambda s, o: service.submit(s, o, people.technician))
    frozen = content(documents.of(db.session, SERVICE_REPORT, order).current)["tests"]["sheets"]
    assert [(sheet["attempt"], sheet["failed"]) for sheet in frozen[:2]] == [(1, True), (2, False)]
    tidal = frozen[0]["rows"][TIDAL - 1]
    assert (tidal["reading"]["en"], tidal["limits"], tidal["outcome"]) == ("380 mL", "425 … 575 mL", "fail")
    assert frozen[0]["instruments"][0]["number"] == "JL-0231"


@pytest.mark.req("QCR-6")
def test_a_device_that_stays_stopped_is_reported_with_what_failed(order, people):
    order = conclude(fill(fill(order, people, n6="380"), people), people, Conclusion.STOP)
    order = do(order, lambda s, o: service.submit(s, o, people.technician))
    assert order.state is OrderState.TO_RELEASE


def test_a_sheet_that_is_complete_is_begun_anew_not_altered(order, people):
    order = fill(order, people)
    with pytest.raises(NotNow):
        do(order, lambda s, o: testing.fill(s, o.sheets[0], people.technician, {TIDAL: Entry("1")}))
    order = do(order, lambda s, o: testing.again(s, o.sheets[0], people.technician))
    assert [s.attempt for s in order.sheets if s.checklist.key == "ventilator"] == [1, 2]
    with pytest.raises(NotNow, match="newer sheet"):
        do(order, lambda s, o: testing.again(s, o.sheets[0], people.technician))


def test_nobody_else_fills_in_the_sheet(order, people):
    with pytest.raises(NotAllowed):
        do(order, lambda s, o: testing.fill(s, o.sheets[0], people.quality, {}))


# Review


@pytest.fixture
def submitted(order, people):
    order = conclude(fill(fill(order, people), people), people)
    return do(order, lambda s, o: service.submit(s, o, people.technician))


@pytest.mark.req("QCR-6")
def test_whoever_releases_has_reviewed_the_sheets(submitted, people):
    seen = documents.of(db.session, SERVICE_REPORT, submitted).current.content_hash
    order = do(submitted, lambda s, o: service.release(s, o, people.quality, seen))
    assert {(s.state, s.reviewed_by_id) for s in order.sheets} == {(SheetState.REVIEWED, people.quality.id)}


@pytest.mark.req("QCR-6")
def test_the_repairer_reviews_nothing(submitted, people):
    with pytest.raises(NotAllowed):
        do(submitted, lambda s, o: sheets.review(s, o.sheets[0], people.technician))


@pytest.mark.req("QCR-6")
def test_a_rejected_sheet_sends_the_order_back_and_is_tested_again(submitted, people):
    order = do(submitted, lambda s, o: sheets.reject(s, o.sheets[0], people.quality, "潮气量读数与照片不符"))
    assert order.state is OrderState.SENT_BACK
    assert documents.of(db.session, SERVICE_REPORT, order).state is State.VOID
    order = do(order, lambda s, o: service.take_up(s, o, people.technician))
    order = do(order, lambda s, o: service.start_tests(s, o, people.technician))
    assert [(s.checklist.key, s.attempt, s.state) for s in order.last_sheets] == [
        ("ventilator", 2, SheetState.OPEN),
        ("electrical-safety", 1, SheetState.COMPLETE),
    ]


def test_the_content_of_a_report_without_sheets_is_as_it_was(people, device):
    order = order_of(order_at(people, device, "tested"))
    assert payload(order)["tests"]["sheets"] == []


def test_the_instruments_of_the_last_time_are_named_already_while_they_are_calibrated(order, people, device):
    def measure(order, valid_until):
        sheet = lambda o: o.sheets[0]  # noqa: E731
        tools = [checks.tool(), checks.tool(valid_until, number="JL-9")]
        entries = lambda o: checks.passing(sheet(o))  # noqa: E731
        do(order, lambda s, o: testing.fill(s, sheet(o), people.technician, entries(o), tools, finish=True))

    measure(order, (clock.now() + timedelta(days=2)).date())
    with clock.frozen(clock.now() + timedelta(days=5)):
        following = order_of(order_at(people, device, "testing"))
    assert [row["number"] for row in following.sheets[0].instruments] == ["JL-0231"]


@pytest.mark.req("RPR-13")
def test_no_sheet_is_filled_in_of_a_device_that_is_held_as_evidence(order, people, device):
    with writing("hold") as session:
        why = {"ground": Ground.EVENT, "reason": "不良事件调查中"}
        holds.place(session, session.get_one(Device, device.id), people.quality, **why)
    with pytest.raises(NotNow, match="不良事件调查中"):
        fill(order, people)
