"""The ledger of a clock: whatever happens to it in whatever order, it is due when its own unit has run out."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core import clock as time
from portal.core.deadlines import CalendarVersion, ClockState, Step, Terms, account, ledger
from portal.core.working_time import Pause, Unit, due, elapsed

MONDAY = datetime(2026, 11, 16, 1, tzinfo=UTC)  # 09:00 in Shanghai
HOUR = timedelta(hours=1)
HOURS = ["08:30-12:00", "13:30-17:30"]
OFFICE = CalendarVersion(zone="Asia/Shanghai", week=[HOURS] * 5 + [[], []], days={}, years=[2026])
STEPS = (Step(50, ("technician",)), Step(80, ("desk",)), Step(100, ("manager",)))
NOWHERE = SimpleNamespace(add=lambda row: None)
CASE = SimpleNamespace(
    __tablename__="case",
    id=1,
    number="SR-1",
    organisation_id=1,
    site_id=1,
    dealer_id=None,
    centre_id=1,
    technician_id=2,
)


def terms(unit=Unit.WORKING_HOURS, amount=4 * 3600, **more):
    facts = {"name": "repair", "calendar": OFFICE, "steps": STEPS, "stops_on": ("restored",), "ends_on": ("ended",)}
    return Terms(unit=unit, amount=amount, **(facts | {"policy_id": 1, "rule_id": 1, "rule_version": 1} | more))


def started(at=MONDAY, **more):
    with time.frozen(at):
        return ledger.start(NOWHERE, CASE, terms(**more), "reported", at)


def test_it_starts_running_and_knows_its_next_step():
    clock = started()
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, MONDAY + 5.5 * HOUR)  # over the break at noon
    assert clock.next_event_at == MONDAY + 2 * HOUR


@st.composite
def histories(draw):
    """Pauses one after another, the last perhaps still open."""
    at, rows = MONDAY, []
    for _ in range(draw(st.integers(0, 4))):
        at += draw(st.integers(1, 600)) * timedelta(minutes=1)
        end = at + draw(st.integers(1, 3000)) * timedelta(minutes=1)
        rows.append((at, end))
        at = end
    return rows


@settings(max_examples=100, deadline=None)
@given(histories(), st.sampled_from(list(Unit)), st.integers(1, 60))
@pytest.mark.req("SLA-4")
def test_pauses_move_the_due_time_by_what_they_took_of_the_clocks_own_unit(history, unit, amount):
    amount = amount if unit.in_days else amount * 1800
    clock = started(unit=unit, amount=amount)
    taken = []
    for number, (begin, end) in enumerate(history):
        with time.frozen(begin):
            if not ledger.pause(clock, number, "consent", "", begin):
                continue
            assert clock.next_event_at is None
        with time.frozen(end):
            ledger.resume(clock, number, end)
        taken.append(Pause(begin, end))
    assert clock.due_at == due(OFFICE.working_time, unit, amount, MONDAY, taken)
    assert elapsed(OFFICE.working_time, unit, MONDAY, clock.due_at, taken) == amount


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 60))
def test_new_terms_keep_every_pause(history, amount):
    """An exchanged agreement forgot the pending time."""
    clock = started()
    for number, (begin, end) in enumerate(history):
        with time.frozen(end):
            if ledger.pause(clock, number, "consent", "", begin):
                ledger.resume(clock, number, end)
    new = terms(amount=amount * 3600, rule_version=2)
    ledger.retime(clock, new)
    assert clock.due_at == due(OFFICE.working_time, new.unit, new.amount, MONDAY, clock.standstill)
    assert (clock.rule_version, clock.fired) == (2, 0)


@pytest.mark.parametrize(("late", "state"), [(-1, ClockState.MET), (0, ClockState.MET), (1, ClockState.BREACHED)])
def test_it_is_met_to_the_second(late, state):
    clock = started()
    ledger.stop(clock, "restored", clock.due_at + timedelta(seconds=late))
    assert (clock.state, clock.open) == (state, False)


def test_what_is_settled_is_frozen():
    clock = started()
    ledger.stop(clock, "restored", MONDAY + HOUR)
    before = (clock.state, clock.due_at, clock.stopped_at, clock.elapsed, clock.rule_version)
    ledger.stop(clock, "restored", MONDAY + 90 * HOUR)
    ledger.cancel(clock, "ended", MONDAY + 90 * HOUR)
    ledger.retime(clock, terms(amount=60, rule_version=9))
    assert not ledger.pause(clock, 1, "consent", "", MONDAY)
    ledger.resume(clock, 1, MONDAY + HOUR)
    assert (clock.state, clock.due_at, clock.stopped_at, clock.elapsed, clock.rule_version) == before


def test_what_is_broken_is_not_counted_anew():
    clock = started()
    ledger.tell(clock, Step(100, ("manager",)))
    before = clock.due_at
    ledger.retime(clock, terms(amount=90 * 3600, rule_version=2))
    assert (clock.state, clock.due_at, clock.rule_version) == (ClockState.BREACHED, before, 1)


def test_word_of_a_stop_in_time_mends_what_the_tick_called_broken():
    clock = started()
    ledger.tell(clock, Step(100, ("manager",)))
    ledger.stop(clock, "restored", clock.due_at - HOUR)
    assert (clock.state, clock.breached_at) == (ClockState.MET, None)


@pytest.mark.req("SLA-7")
def test_what_the_law_sets_is_not_paused():
    clock = started(regulatory=True)
    assert not ledger.pause(clock, 1, "consent", "", MONDAY + HOUR)
    assert clock.pauses == []


def test_a_pause_that_is_claimed_before_the_start_begins_with_it():
    clock = started()
    with time.frozen(MONDAY + HOUR):
        ledger.pause(clock, 1, "consent", "", MONDAY - HOUR)
    assert clock.pauses[0].began_at == MONDAY


def test_a_stop_inside_a_pause_ends_the_pause():
    clock = started()
    ledger.pause(clock, 1, "access", "", MONDAY + HOUR)
    ledger.stop(clock, "restored", MONDAY + 2 * HOUR)
    assert (clock.elapsed, clock.pauses[0].ended_at) == (3600, MONDAY + 2 * HOUR)


def test_steps_are_told_in_order_and_missed_ones_are_passed_over():
    clock = started()
    assert ledger.reached(clock, MONDAY + HOUR) is None
    assert ledger.reached(clock, MONDAY + 2 * HOUR).percent == 50
    assert ledger.reached(clock, clock.due_at).percent == 100
    ledger.tell(clock, Step(80, ("desk",)))
    assert (clock.fired, clock.next_event_at) == (80, clock.due_at)


def test_a_chain_may_go_on_after_the_end():
    clock = started(steps=(Step(100, ("desk",)), Step(150, ("manager",))))
    ledger.tell(clock, Step(100, ("desk",)))
    assert clock.next_event_at == MONDAY + 7.5 * HOUR
    ledger.tell(clock, Step(150, ("manager",)))
    assert clock.next_event_at is None


def test_the_account_adds_up_to_the_amount():
    clock = started(amount=12 * 3600)
    rows = account(OFFICE, clock.unit, clock.started_at, clock.due_at)
    assert sum(row.counted for row in rows) == rows[-1].total == clock.amount
