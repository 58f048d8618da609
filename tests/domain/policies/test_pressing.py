"""What presses: lists of promises, the one that comes next, and everything about one case at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.deadlines import Clock
from portal.domain.policies import promises, queries
from portal.domain.policies.queries import Pressing
from portal.domain.servicing.models import ServiceRequest
from tests.domain.policies.conftest import MONDAY, at, tick
from tests.queries import count_queries

HOUR = timedelta(hours=1)


def shown(person, pressing, **options):
    """(number, clock) of what the list shows to a person."""
    return [(row[1], row[2]) for row in queries.pressing_clocks(db.session, person, pressing, **options).rows]


def number_of(case):
    return db.session.get_one(ServiceRequest, case.request_id).number


def later(case, name, do):
    """Do something to one clock of the case, now."""
    with writing() as session:
        mine = sa.select(Clock).where(Clock.root_id == case.request_id, Clock.name == name)
        do(session, session.scalars(mine).one())


@pytest.mark.req("SLA-5")
def test_a_promise_goes_from_soon_to_overdue(case, people):
    case.report()
    due = case["answer"].due_at
    with clock.frozen(due - HOUR):
        assert (number_of(case), "answer") in shown(people.desk, Pressing.SOON)
        assert shown(people.desk, Pressing.OVERDUE) == []
    with clock.frozen(due + HOUR):  # before the tick has looked, too
        assert shown(people.desk, Pressing.OVERDUE)[0] == (number_of(case), "answer")
        assert (number_of(case), "answer") not in shown(people.desk, Pressing.SOON)


@pytest.mark.req("SLA-4")
def test_what_stands_still_is_not_overdue(case, people, reason):
    case.report()
    case.wait(MONDAY + HOUR, reason("access"))
    with clock.frozen(MONDAY + 400 * HOUR):
        assert shown(people.desk, Pressing.OVERDUE) == []
        assert {name for _, name in shown(people.desk, Pressing.PAUSED)} >= {"answer", "arrive"}


@pytest.mark.req("SLA-5")
def test_a_breach_asks_for_its_cause_until_somebody_gives_it(case, people):
    case.report()
    tick(case["answer"].due_at)
    assert shown(people.desk, Pressing.NO_CAUSE) == [(number_of(case), "answer")]
    later(case, "answer", lambda s, one: promises.explain(s, one, people.desk, "organisation", "交接时漏看"))
    assert shown(people.desk, Pressing.NO_CAUSE) == []


@pytest.mark.req("SLA-4")
def test_a_plea_waits_for_its_decision(case, people):
    case.report()
    tick(case["answer"].due_at)
    later(case, "answer", lambda s, one: promises.plead(s, one, people.desk, "weather", "台风"))
    assert shown(people.manager, Pressing.TO_DECIDE) == [(number_of(case), "answer")]
    later(case, "answer", lambda s, one: promises.annul(s, one, people.manager))
    assert shown(people.manager, Pressing.TO_DECIDE) == []
    assert shown(people.manager, Pressing.NO_CAUSE) == []


def test_lists_end_where_the_readers_scope_ends(case, people):
    case.report()
    with clock.frozen(MONDAY):
        assert shown(people.dealer_desk, Pressing.ALL) == [] == shown(people.technician, Pressing.ALL)
        assert shown(people.officer, Pressing.ALL) == []


def test_a_list_of_one_hospital(case, people):
    case.report()
    hospital = db.session.get_one(ServiceRequest, case.request_id).organisation_id
    assert shown(people.desk, Pressing.ALL, organisation_id=hospital)
    assert shown(people.desk, Pressing.ALL, organisation_id=hospital + 1) == []


def test_what_comes_next_is_the_earliest_that_runs(case, reason):
    case.report()
    number = number_of(case)
    with clock.frozen(MONDAY):
        coming = queries.soonest(db.session, ServiceRequest, [number])[number]
        assert (coming.name, coming.overdue, coming.soon) == ("answer", False, True)
    with clock.frozen(MONDAY + 3 * HOUR):
        assert queries.soonest(db.session, ServiceRequest, [number])[number].overdue
    assert queries.soonest(db.session, ServiceRequest, []) == {}


def test_everything_about_a_case_in_one_statement(case, reason):
    case.report()
    case.wait(MONDAY + HOUR, reason("access"))
    case.wait(MONDAY + 2 * HOUR, reason("parts"))
    db.session.rollback()
    record = db.session.get_one(ServiceRequest, case.request_id)
    with count_queries() as sent:
        found = queries.of_case(db.session, record)
        assert [waiting.reason.key for waiting in found.waitings] == ["access", "parts"]
        assert all(one.calendar.zone and len(one.pauses) == 1 for one in found.clocks)
    assert len(sent) == 1, sent
    assert [one.name for one in found.clocks] == [one.name for one in promises.of(db.session, *key(record))]


def key(record):
    return record.__tablename__, record.id


def test_a_case_without_promises_may_still_wait(case, reason):
    case.report()
    record = db.session.get_one(ServiceRequest, case.request_id)
    case.wait(MONDAY + HOUR, reason("parts"))
    with writing("drill") as session:
        session.connection().exec_driver_sql("DELETE FROM clock_pause")
        session.connection().exec_driver_sql("DELETE FROM clock")
    db.session.expire_all()
    found = queries.of_case(db.session, record)
    assert found.clocks == [] and len(found.waitings) == 1


@pytest.mark.parametrize("pressing", [Pressing.OVERDUE, Pressing.NO_CAUSE, Pressing.TO_DECIDE])
def test_each_list_has_its_index(app, pressing):
    wanted = {Pressing.OVERDUE: "ix_clock_open", Pressing.NO_CAUSE: "ix_clock_no_cause"}
    if not app.extensions["settings"].is_sqlite:
        pytest.skip("a few rows are read as a whole there")
    of_these = sa.select(Clock.id).where(*queries.pressed_by(pressing)).order_by(Clock.due_at, Clock.id).limit(26)
    text = str(of_these.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = " ".join(str(line) for line in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
    assert wanted.get(pressing, "ix_clock_to_decide") in plan and "TEMP B-TREE" not in plan


def test_the_rule_of_a_clock_with_its_source(case):
    case.report()
    found = queries.rule_of(db.session, case["answer"])
    assert found.version.source and found.version.version == case["answer"].rule_version
    assert found.rule.clock == "answer" and found.calendar.name
    assert at("2026-11-16 09:00") == MONDAY
