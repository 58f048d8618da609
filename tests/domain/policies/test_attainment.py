"""How many promises were kept, counted right and within the reader's scope."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.core.working_time import Unit
from portal.domain.policies import promises
from portal.domain.policies.attainment import By, Narrowed, Share, attainment, names
from portal.domain.servicing.models import ServiceRequest
from tests.domain.policies.conftest import MONDAY, at, tick

HOUR = timedelta(hours=1)
NOVEMBER = [at("2026-11-01 00:00"), at("2026-12-01 00:00")]
AUTUMN = [at("2026-09-01 00:00"), at("2026-10-01 00:00"), at("2026-11-01 00:00"), at("2026-12-01 00:00")]


@pytest.fixture
def told(case):
    """A case whose answer came in time and whose technician was sent too late."""
    case.report()
    case.assess(MONDAY + HOUR)
    tick(case["dispatch"].due_at)
    case.assign(case["dispatch"].due_at + HOUR)
    return case


def counted(person, by=By.CLOCK, bounds=NOVEMBER, **narrowed):
    return {share.key: share for share in attainment(db.session, person, by, bounds, Narrowed(**narrowed))}


@pytest.mark.req("SLA-6", "ANA-1")
def test_kept_and_broken_promises_are_counted_by_clock(told, people):
    found = counted(people.manager)
    assert found["answer"] == Share("answer", 1, 0, 0) and found["answer"].percent == 100
    assert found["dispatch"] == Share("dispatch", 0, 1, 0) and found["dispatch"].percent == 0


@pytest.mark.req("SLA-6")
def test_what_still_runs_or_was_not_needed_does_not_count(told, people):
    assert told["repair" if "repair" in told.clocks() else "arrive"].state is ClockState.RUNNING
    assert set(counted(people.manager)) == {"answer", "dispatch"}


@pytest.mark.req("SLA-4")
def test_what_was_decided_not_to_count_stands_beside(told, people):
    with writing() as session:
        mine = sa.select(Clock).where(Clock.root_id == told.request_id, Clock.name == "dispatch")
        one = session.scalars(mine).one()
        promises.plead(session, one, people.desk, "weather", "台风")
    # a settled breach can be excused too: it is out of the share, and told
    with writing() as session:
        promises.annul(session, session.scalars(mine).one(), people.manager)
    share = counted(people.manager)["dispatch"]
    assert share == Share("dispatch", 0, 0, 1) and share.percent is None


@pytest.mark.req("SLA-6")
@pytest.mark.parametrize("by", list(By))
def test_every_way_of_counting_sums_up_to_the_same(told, people, by):
    found = counted(people.manager, by)
    assert (sum(s.kept for s in found.values()), sum(s.broken for s in found.values())) == (1, 1)


def test_months_part_where_the_reader_s_month_ends(told, people):
    assert counted(people.manager, By.MONTH, AUTUMN) == {2: Share(2, 1, 1, 0)}
    assert counted(people.manager, By.MONTH, AUTUMN[:3]) == {}


def test_narrowed_to_one_of_each(told, people):
    record = db.session.get_one(ServiceRequest, told.request_id)
    one = told["answer"]
    assert set(counted(people.manager, clock="answer")) == {"answer"}
    assert counted(people.manager, organisation_id=record.organisation_id + 1) == {}
    assert set(counted(people.manager, policy_id=one.policy_id)) == {"answer", "dispatch"}
    assert set(counted(people.manager, technician_id=record.technician_id)) <= {"dispatch"}


def test_nobody_counts_what_they_may_not_see(told, people):
    assert counted(people.dealer_desk) == {}
    assert counted(people.officer) == {}
    assert set(counted(people.auditor)) == {"answer", "dispatch"}
    theirs = counted(people.technician)
    assert set(theirs) <= {"dispatch"}


def test_names_for_keys(told, people):
    record = db.session.get_one(ServiceRequest, told.request_id)
    named = names(db.session, By.CUSTOMER, [record.organisation_id])
    assert named[record.organisation_id].word == record.organisation.uid
    assert names(db.session, By.TECHNICIAN, [None]) == {}
    assert names(db.session, By.CLOCK, ["answer"])["answer"].word == "answer"
    assert Unit(told["answer"].unit)


def test_all_that_it_reads_stands_in_the_index(app, people):
    if not app.extensions["settings"].is_sqlite:
        pytest.skip("a few rows are read as a whole there")
    sent = []

    def note(conn, cursor, statement, parameters, context, executemany):
        sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        for by in By:
            attainment(db.session, people.manager, by, AUTUMN, Narrowed(organisation_id=3, clock="answer"))
            attainment(db.session, people.dealer_desk, by, AUTUMN)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    counting = [(text, values) for text, values in sent if "sum(" in text]
    assert len(counting) == 2 * len(By)
    for text, values in counting:
        plan = " ".join(
            str(row) for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        )
        assert "COVERING INDEX ix_clock_attainment" in plan, plan
