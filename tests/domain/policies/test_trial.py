"""What would be due: counted like real cases, started by what is known or presumed."""

from datetime import timedelta

import pytest

from portal.core.deadlines import Clock
from portal.domain.policies import calendars, rules, trial
from portal.domain.servicing.clocks import facts
from portal.domain.servicing.models import ServiceRequest
from tests.domain.policies.conftest import MONDAY, at, wall


@pytest.mark.req("SLA-2")
@pytest.mark.parametrize("reported", ["2026-11-20 17:50", "2026-09-30 16:00", "2026-02-13 08:00"])
def test_a_trial_says_what_a_real_case_then_gets(case, policy, session, reported):
    case.report(at(reported))
    real: dict[str, Clock] = case.clocks()
    request = session.get_one(ServiceRequest, case.request_id)
    version = rules.in_force(session, policy("default").id)
    calendar = calendars.for_centre(session, request.centre_id)
    expected = {each.rule.clock: each for each in trial.expect(version, calendar, facts(request), {}, at(reported))}
    assert {name: clock.due_at for name, clock in real.items()} == {name: expected[name].due_at for name in real}
    assert {name: clock.next_event_at for name, clock in real.items()} == {
        name: expected[name].steps[0][1] for name in real
    }


@pytest.fixture
def expected(case, draft, session):
    """What the draft of a preset would promise to an ordinary case on Monday at nine; clock → promise."""
    case.report(MONDAY)
    request = session.get_one(ServiceRequest, case.request_id)
    calendar = calendars.for_centre(session, request.centre_id)

    def look(key, **known):
        return {e.rule.clock: e for e in trial.expect(draft(key), calendar, facts(request), known, MONDAY)}

    return look


def test_what_follows_another_promise_is_taken_as_late_as_promised(expected):
    repair = expected("B")["repair"]
    assert (wall(repair.starts_at), repair.after, wall(repair.due_at)) == ("11-17 09:00", "arrive", "11-18 09:00")


def test_a_moment_that_is_known_is_not_presumed(expected):
    repair = expected("B", arrived=MONDAY + timedelta(hours=3))["repair"]
    assert (wall(repair.starts_at), repair.given, repair.after) == ("11-16 12:00", True, "")


def test_what_no_promise_speaks_of_is_taken_with_the_report(expected):
    arrive = expected("J")["arrive"]
    assert (wall(arrive.starts_at), wall(arrive.due_at), arrive.after) == ("11-16 09:00", "11-16 09:30", "")


def test_a_word_without_a_figure_has_no_end(expected):
    answer = expected("A")["answer"]
    assert (answer.due_at, answer.steps, answer.days) == (None, [], [])


def test_a_clock_in_days_ends_with_its_last_day(expected):
    days = expected("E")["repair"].days
    assert [row.counted for row in days] == [0, 1, 1, 1, 1, 0, 0, 1, 1, 1]
    assert wall(expected("E")["repair"].due_at) == "11-26 00:00"
