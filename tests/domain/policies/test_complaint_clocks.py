"""Promised times of complaints start with the complaint, follow its judgement, and end when somebody acted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.core.errors import NotAllowed, NotValid
from portal.domain.complaints import clocks, service
from portal.domain.complaints.models import Complaint, Outcome
from portal.domain.policies import promises
from portal.domain.servicing import service as servicing
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import Asked, Harm
from tests.domain.policies.conftest import MONDAY, tick, told, wall

S = ClockState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def complaint(case, people):
    """A complaint that the safety questions of a request opened on Monday at nine."""

    def opened(**answers):
        case.report()
        said = Answers(**{"harm": Harm.NO, "is_event": False, "is_complaint": True, "grounds": "有烧焦味"} | answers)
        case.at(MONDAY, lambda s, r: servicing.screen(s, r, people.desk, Asked.INTAKE, said) and None)
        return db.session.scalars(sa.select(Complaint.id).where(Complaint.request_id == case.request_id)).one()

    return opened


def at(when, complaint_id, do):
    with clock.frozen(when), writing() as session:
        do(session, session.get_one(Complaint, complaint_id))


def running(complaint_id):
    db.session.rollback()
    mine = sa.select(Clock).where(Clock.root_kind == "complaint", Clock.root_id == complaint_id)
    return {one.name: one for one in db.session.scalars(mine.execution_options(populate_existing=True))}


def judge(people, reportable=False, outcome=Outcome.LESSER, **facts):
    def do(session, record):
        version = record.assessment_version
        values = {"is_substantiated": True, "is_reportable": reportable, "opinion": "电源板老化"}
        values |= {"outcome": outcome} | facts
        service.assess(session, record, people.quality, version, **values)

    return do


def test_it_is_verified_within_a_day_in_town_and_judged_within_three_days(complaint):
    clocks = running(complaint())
    assert {name: wall(one.due_at) for name, one in clocks.items()} == {
        "verify_on_site": "11-17 09:00",
        "opinion": "11-20 00:00",
    }


def test_the_opinion_may_be_given_before_the_facts_are_known_then_a_final_one_is_due(complaint, people):
    mine = complaint()
    at(MONDAY + HOUR, mine, judge(people))
    assert running(mine)["opinion"].state is S.MET
    verify = lambda s, c: service.note(s, c, people.quality, "complaint_verified", "现场核实单 0317") and None  # noqa: E731
    at(MONDAY + 2 * HOUR, mine, verify)
    clocks = running(mine)
    assert clocks["verify_on_site"].state is S.MET
    assert (clocks["final_opinion"].state, wall(clocks["final_opinion"].due_at)) == (S.RUNNING, "11-18 00:00")
    at(MONDAY + DAY, mine, judge(people))
    assert running(mine)["final_opinion"].state is S.MET


@pytest.mark.req("SLA-7")
def test_the_registrant_is_told_of_an_event_within_a_day_whatever_is_asked(complaint, people):
    mine = complaint(is_event=True)
    telling = running(mine)["tell_holder"]
    assert telling.regulatory and wall(telling.due_at) == "11-17 09:00"
    at(MONDAY + HOUR, mine, lambda s, c: service.note(s, c, people.quality, "holder_told", "邮件 10:00") and None)
    assert running(mine)["tell_holder"].state is S.MET


def test_what_quality_judges_to_be_an_event_is_told_from_then_on(complaint, people):
    mine = complaint()
    assert "tell_holder" not in running(mine)
    at(MONDAY + HOUR, mine, judge(people, reportable=True))
    assert wall(running(mine)["tell_holder"].due_at) == "11-17 10:00"


@pytest.mark.req("SLA-7")
@pytest.mark.parametrize(
    ("outcome", "name", "due"),
    [(Outcome.DEATH, "report_death", "11-24 00:00"), (Outcome.SERIOUS, "report_injury", "12-07 00:00")],
)
def test_what_the_event_did_decides_when_the_authority_must_know_counted_from_when_we_knew(
    complaint, people, outcome, name, due
):
    mine = complaint(is_event=True)
    at(MONDAY + 2 * DAY, mine, judge(people, reportable=True, outcome=outcome))
    report = running(mine)[name]
    assert (report.started_at, wall(report.due_at), report.regulatory, report.pausable) == (MONDAY, due, True, False)
    at(
        MONDAY + 3 * DAY,
        mine,
        lambda s, c: service.note(s, c, people.quality, "authority_told", "回执 2026-118") and None,
    )
    assert running(mine)[name].state is S.MET


def test_a_lesser_event_is_told_to_the_registrant_alone(complaint, people):
    mine = complaint(is_event=True)
    at(MONDAY + HOUR, mine, judge(people, reportable=True))
    assert {name for name, one in running(mine).items() if one.regulatory} == {"tell_holder"}


def test_a_milder_judgement_later_ends_no_time_set_by_law(complaint, people):
    mine = complaint(is_event=True)
    at(MONDAY + HOUR, mine, judge(people, reportable=True, outcome=Outcome.DEATH))
    at(MONDAY + 2 * HOUR, mine, judge(people, reportable=True, outcome=Outcome.SERIOUS))
    assert {running(mine)[name].state for name in ("report_death", "report_injury")} == {S.RUNNING}
    with writing() as session:
        clocks.reapply(session, session.get_one(Complaint, mine))
    assert running(mine)["report_death"].state is S.RUNNING


@pytest.mark.req("SLA-7")
def test_a_group_event_is_called_in_within_half_a_day_and_each_case_filed_within_one(complaint, people):
    mine = complaint(is_event=True)
    at(MONDAY + HOUR, mine, judge(people, reportable=True, outcome=Outcome.SERIOUS, is_group=True))
    mine_now = running(mine)
    assert {name: wall(mine_now[name].due_at) for name in ("group_call", "group_cases", "group_tell_holder")} == {
        "group_call": "11-16 21:00",
        "group_cases": "11-17 09:00",
        "group_tell_holder": "11-16 21:00",
    }
    at(
        MONDAY + 2 * HOUR,
        mine,
        lambda s, c: service.note(s, c, people.quality, "authority_called", "电话 11:02") and None,
    )
    at(MONDAY + 3 * HOUR, mine, lambda s, c: service.note(s, c, people.quality, "cases_filed", "系统编号 1-3") and None)
    assert {running(mine)[name].state for name in ("group_call", "group_cases")} == {S.MET}


def test_an_event_to_be_reported_says_what_it_did(complaint, people):
    mine = complaint()
    with pytest.raises(NotValid) as refused:
        at(MONDAY, mine, judge(people, reportable=True, outcome=None))
    assert "outcome" in refused.value.fields


def test_quality_is_warned_of_a_complaint_that_nobody_verifies(complaint, people, session):
    complaint()
    tick(MONDAY + 25 * HOUR)
    assert "clock_broken" in told(session, people.quality)


def test_only_who_judges_records_what_happened_and_only_what_no_verb_brings_about(complaint, people):
    mine = complaint()
    with pytest.raises(NotAllowed):
        at(MONDAY, mine, lambda s, c: service.note(s, c, people.desk, "complaint_verified", "电话"))
    with pytest.raises(NotValid):
        at(MONDAY, mine, lambda s, c: service.note(s, c, people.quality, "opinion_given", "电话"))


def test_counting_anew_changes_nothing_while_the_policy_stays(complaint):
    mine = complaint(is_event=True)
    with writing() as session:
        assert clocks.reapply(session, session.get_one(Complaint, mine)) == 0
        assert promises.of(session, "complaint", mine)
