"""Clocks of a case start, pause, stop and break as was promised, and count what happened by when it happened."""

from datetime import timedelta

import pytest

from portal.core import audit
from portal.core.db import writing
from portal.core.deadlines import Clock, ClockState, explain
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.domain.policies import promises, waiting
from portal.domain.policies.models import Waiting
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import Asked, Conclusion, Urgency, Verdict
from tests import plans
from tests.domain.policies.conftest import MONDAY, at, run_job, tick, told, wall
from tests.safety import screened

S = ClockState
HOUR = timedelta(hours=1)


@pytest.mark.req("SLA-1", "SLA-2")
def test_a_report_starts_what_the_default_promises(case):
    clocks = case.report().clocks()
    assert {name: wall(clock.due_at) for name, clock in clocks.items()} == {
        "answer": "11-16 11:00",
        "dispatch": "11-16 12:00",
        "arrive": "11-17 09:00",
        "loaner_decision": "11-16 21:00",
        "loaner": "11-17 09:00",
    }
    assert {clock.rule_version for clock in clocks.values()} == {1}


def test_life_support_is_answered_within_a_quarter_of_an_hour(critical):
    clocks = critical.report().clocks()
    assert wall(clocks["answer"].due_at) == "11-16 09:15"
    assert wall(clocks["arrive"].due_at) == "11-16 11:00"


def test_what_the_clocks_do_stands_in_the_trail_of_the_case(case, session):
    case.report()
    (entry,) = audit.story(session, session.get_one(ServiceRequest, case.request_id))
    tables = [change["table"] for change in entry.facts["changes"]]
    assert tables.count("clock") == 5


@pytest.mark.req("SLA-4")
def test_the_answer_is_a_named_person_with_a_next_step_not_the_receipt(case):
    case.report()
    case.assess(MONDAY + HOUR / 2, next_step="")
    assert case["answer"].state is S.RUNNING
    case.assess(MONDAY + HOUR, next_step="今天下午派工")
    assert (case["answer"].state, case["answer"].elapsed) == (S.MET, 3600)


def test_a_service_story_meets_its_clocks_and_the_loaner_is_not_needed(case):
    case.report()
    case.assess(MONDAY + HOUR)
    case.assign(MONDAY + 1.5 * HOUR)
    case.step(MONDAY + 2 * HOUR, "accept")
    case.step(MONDAY + 4 * HOUR, "arrive")
    assert {name for name, c in case.clocks().items() if c.state is S.MET} == {"answer", "dispatch", "arrive"}
    assert wall(case["repair"].due_at) == "11-17 13:00"
    repaired(case, MONDAY + 6 * HOUR, MONDAY + 7 * HOUR)
    clocks = case.clocks()
    assert (clocks["repair"].state, clocks["repair"].elapsed) == (S.MET, 2 * 3600)
    assert wall(clocks["repair"].stopped_at) == "11-16 15:00"  # when the device worked again
    assert {clocks["loaner"].state, clocks["loaner_decision"].state} == {S.CANCELLED}


def repaired(case, restored_at, submitted_at):
    findings = {"fault_symptom": "s", "fault_cause": "c", "repair_process": "p"}
    tests = {"functional_test": Verdict.PASS, "performance_test": Verdict.PASS, "conclusion": Conclusion.USABLE}
    technician = case.people.technician

    def do(session, order):
        plans.agree(session, order, case.people)
        service.record_findings(session, order, technician, order.findings_version, **findings)
        service.start_tests(session, order, technician)
        restored = tests | {"restored_at": restored_at}
        service.record_tests(session, order, technician, order.tests_version, **restored)
        screened(session, order.request, technician, Asked.CLOSING)
        service.submit(session, order, technician)

    case.at(submitted_at, do, WorkOrder)


def arriving(case, received, occurred_at=None):
    case.assign(MONDAY + HOUR / 4)
    case.step(MONDAY + HOUR / 2, "accept")
    case.step(received, "arrive", occurred_at)


def test_what_happened_in_time_is_met_even_if_we_hear_of_it_after_the_tick_called_it_broken(case, session):
    case.report()
    due = case["arrive"].due_at
    case.assign(MONDAY + HOUR)
    case.step(MONDAY + 2 * HOUR, "accept")
    tick(due + HOUR)
    assert case["arrive"].state is S.BREACHED
    case.step(due + 3 * HOUR, "arrive", due - HOUR)
    clock = case["arrive"]
    assert (clock.state, clock.breached_at, clock.stopped_at) == (S.MET, None, due - HOUR)


def test_a_late_arrival_stays_broken(case):
    case.report()
    due = case["arrive"].due_at
    arriving(case, due + HOUR)
    assert (case["arrive"].state, case["arrive"].breached_at) == (S.BREACHED, due)


def test_to_the_second(case):
    case.report()
    due = case["arrive"].due_at
    arriving(case, due)
    assert case["arrive"].state is S.MET


# ---- pauses


@pytest.mark.req("SLA-4", "SLA-8")
def test_waiting_for_consent_stops_the_clocks_and_says_why(case, reason):
    case.report()
    row = case.wait(MONDAY + HOUR, reason("consent"))
    clock = case["arrive"]
    assert clock.state is S.PAUSED
    assert clock.next_event_at is None
    assert (clock.pauses[0].reason, clock.pauses[0].evidence) == ("consent", "电话 8:55 陈静怡")
    case.go_on(MONDAY + 5 * HOUR, row)
    assert (case["arrive"].state, wall(case["arrive"].due_at)) == (S.RUNNING, "11-17 13:00")


def test_the_dispatch_clock_measures_the_pause_in_working_time(case, reason):
    """3 working hours from 09:00; waiting from 11:00 to 14:00 takes one and a half of them, not three."""
    case.report()
    case.go_on(at("2026-11-16 14:00"), case.wait(at("2026-11-16 11:00"), reason("access")))
    assert wall(case["dispatch"].due_at) == "11-16 15:00"


def test_our_own_shortage_of_parts_stops_nothing(case, reason):
    case.report()
    case.wait(MONDAY + HOUR, reason("parts"))
    assert {clock.state for clock in case.clocks().values()} == {S.RUNNING}


def test_a_pause_may_be_claimed_for_the_time_when_it_began(case, reason):
    case.report()
    case.wait(MONDAY + 3 * HOUR, reason("consent"), occurred_at=MONDAY + HOUR)
    assert case["arrive"].pauses[0].began_at == MONDAY + HOUR


def test_a_pause_entered_after_the_breach_does_not_undo_it(case, reason):
    case.report()
    due = case["answer"].due_at
    tick(due + HOUR)
    case.wait(due + 2 * HOUR, reason("consent"), occurred_at=due - HOUR)
    assert case["answer"].state is S.BREACHED
    assert case["answer"].pauses == []


def test_a_pause_cannot_save_what_was_due_before_it_began(case, reason):
    case.report()
    due = case["answer"].due_at
    case.wait(due + HOUR, reason("consent"))
    assert case["answer"].state is S.RUNNING
    tick(due + HOUR)
    assert case["answer"].state is S.BREACHED


@pytest.mark.req("SLA-4", "SLA-8")
def test_who_is_sent_later_may_end_a_waiting_that_began_before(case, reason, people):
    case.report()
    waits = case.wait(MONDAY + HOUR, reason("access"))
    case.assign(MONDAY + 2 * HOUR)

    def end(session, _):
        waiting.end(session, session.get_one(Waiting, waits), people.technician)

    case.at(MONDAY + 3 * HOUR, end)
    assert case["arrive"].state is S.RUNNING


def test_two_waitings_at_once_are_one_standstill(case, reason):
    case.report()
    first = case.wait(MONDAY + HOUR, reason("consent"))
    second = case.wait(MONDAY + 2 * HOUR, reason("access"))
    case.go_on(MONDAY + 3 * HOUR, first)
    assert case["arrive"].state is S.PAUSED
    case.go_on(MONDAY + 4 * HOUR, second)
    assert wall(case["arrive"].due_at) == "11-17 12:00"


def test_arriving_while_waiting_ends_the_pause_for_what_is_met(case, reason):
    case.report()
    case.assign(MONDAY + HOUR / 4)
    case.step(MONDAY + HOUR / 2, "accept")
    case.wait(MONDAY + HOUR, reason("access"))
    case.step(MONDAY + 3 * HOUR, "arrive")
    assert (case["arrive"].state, case["arrive"].elapsed) == (S.MET, 3600)
    assert case["loaner"].state is S.PAUSED


def test_what_is_waited_for_is_corrected_with_a_reason_and_counted_anew(case, reason, people):
    case.report()
    row = case.wait(MONDAY + HOUR, reason("consent"))
    case.go_on(MONDAY + 5 * HOUR, row)

    def correct(session, request):
        found = session.get_one(Waiting, row)
        waiting.correct(session, found, people.desk, "记错了", MONDAY + HOUR, MONDAY + 2 * HOUR)

    case.at(MONDAY + 6 * HOUR, correct)
    assert wall(case["arrive"].due_at) == "11-17 10:00"


def test_waiting_needs_evidence_and_an_open_case(case, reason):
    case.report()
    with pytest.raises(NotValid):
        case.wait(MONDAY + HOUR, reason("consent"), evidence=" ")
    case.at(MONDAY + HOUR, lambda s, request: service.cancel_request(s, request, case.people.desk, "重复") and None)
    with pytest.raises(NotNow):
        case.wait(MONDAY + 2 * HOUR, reason("consent"))


def test_a_cancelled_case_waits_for_nothing_and_its_clocks_end(case, reason, session):
    case.report()
    row = case.wait(MONDAY + HOUR, reason("consent"))
    case.at(MONDAY + 2 * HOUR, lambda s, request: service.cancel_request(s, request, case.people.desk, "重复") and None)
    assert {clock.state for clock in case.clocks().values()} == {S.CANCELLED}
    assert session.get_one(Waiting, row).ended_at == MONDAY + 2 * HOUR


def test_what_was_broken_before_the_case_was_cancelled_stays_broken(case):
    case.report()
    late = case["answer"].due_at + HOUR / 6
    case.at(late, lambda s, request: service.cancel_request(s, request, case.people.desk, "重复") and None)
    assert case["answer"].state is S.BREACHED
    assert case["arrive"].state is S.CANCELLED


# ---- by hand


def test_a_loaner_that_was_delivered_is_recorded_with_evidence(case):
    case.report()
    case.record(MONDAY + 8 * HOUR, "loaner_delivered", occurred_at=MONDAY + 6 * HOUR)
    clocks = case.clocks()
    assert {clocks["loaner"].state, clocks["loaner_decision"].state} == {S.MET}
    assert clocks["loaner"].elapsed == 6 * 3600


def test_only_what_no_other_verb_records_is_recorded_by_hand(case):
    case.report()
    with pytest.raises(NotValid):
        case.record(MONDAY + HOUR, "arrived")


# ---- a promise that does not count


def decide(case, name, do):
    def act(session, request):
        return do(session, session.get_one(Clock, case[name].id))

    with writing() as session:
        return act(session, None)


def plead(case, name, person, code="weather"):
    decide(case, name, lambda s, c: promises.plead(s, c, person, code, "高架封闭"))


@pytest.mark.req("SLA-4", "SLA-5")
def test_a_breach_is_annulled_with_a_reason_by_somebody_else(case, people, session):
    case.report()
    tick(case["answer"].due_at + HOUR)
    plead(case, "answer", people.desk)
    assert told(session, people.manager)[-1] == "plea_made"
    with pytest.raises(NotAllowed):
        decide(case, "answer", lambda s, c: promises.annul(s, c, people.desk))
    decide(case, "answer", lambda s, c: promises.annul(s, c, people.manager))
    clock = case["answer"]
    assert (clock.state, clock.plea_code, clock.plea_decided_by_id) == (S.ANNULLED, "weather", people.manager.id)
    assert clock.breached_at is not None


def test_who_asks_does_not_decide(case, people):
    case.report()
    plead(case, "arrive", people.manager)
    with pytest.raises(NotNow, match="second person"):
        decide(case, "arrive", lambda s, c: promises.annul(s, c, people.manager))


def test_nobody_annuls_what_nobody_asked_for(case, people):
    case.report()
    with pytest.raises(NotNow):
        decide(case, "arrive", lambda s, c: promises.annul(s, c, people.manager))


def test_a_promise_that_was_upheld_can_be_asked_for_again(case, people):
    case.report()
    plead(case, "arrive", people.desk)
    with pytest.raises(NotNow):
        plead(case, "arrive", people.desk2)
    decide(case, "arrive", lambda s, c: promises.uphold(s, c, people.manager, "没有证据"))
    plead(case, "arrive", people.desk)
    assert case["arrive"].state is S.RUNNING


def test_a_reason_that_is_not_on_the_list_is_refused(case, people):
    case.report()
    with pytest.raises(NotValid):
        plead(case, "arrive", people.desk, code="because")


@pytest.mark.req("SLA-7")
def test_what_the_law_sets_is_neither_paused_nor_annulled(case, people, reason):
    case.report()
    make_legal(case, "arrive")
    case.wait(MONDAY + HOUR, reason("consent"))
    assert case["arrive"].state is S.RUNNING
    with pytest.raises(NotNow, match="law"):
        plead(case, "arrive", people.desk)


def make_legal(case, name):
    def change(act):
        act.record.regulatory, act.record.pausable = True, False

    with writing() as session:
        perform(session, promises.RECOUNT, session.get_one(Clock, case[name].id), SYSTEM, change)


@pytest.mark.req("SLA-5")
def test_a_breach_is_given_its_cause(case, people):
    case.report()
    tick(case["answer"].due_at + HOUR)
    decide(case, "answer", lambda s, c: promises.explain(s, c, people.desk, "no_technician", "两人请假"))
    assert (case["answer"].breach_code, case["answer"].breach_reason) == ("no_technician", "两人请假")


# ---- why


def test_the_arithmetic_is_told_day_by_day(case, session):
    case.report(at("2026-09-30 16:30"))  # the evening before the National Day
    clock = session.get_one(Clock, case["dispatch"].id)
    rows = explain(clock)
    assert [(row.day.day, row.counted) for row in rows] == [
        (30, 3600), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 7200),
    ]  # fmt: skip
    assert rows[1].name.zh == "国庆节"
    assert rows[-1].total == clock.amount


def test_an_urgent_assessment_counts_the_case_anew_by_a_job(case, session):
    case.report()
    case.assess(MONDAY + HOUR / 2, urgency=Urgency.CRITICAL)
    assert wall(case["arrive"].due_at) == "11-17 09:00"
    run_job(session, "clocks.reapply_case")
    assert wall(case["arrive"].due_at) == "11-16 11:00"
    assert case["answer"].state is S.MET  # settled before, and not counted anew
    assert case["answer"].amount == 2 * 3600
