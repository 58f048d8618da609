"""Warnings and breaches are told within a minute of their time, once, whoever looks and however late."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs.clocks
from jobs.schedule import HOOKS
from portal.core import clock, deadlines
from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.core.notices import Notice
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.domain.policies import promises
from portal.domain.policies.models import Waiting
from portal.domain.servicing.words import Urgency
from tests.domain.policies.conftest import MONDAY, at, by_contract, tick, told, wall

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.req("SLA-5")
def test_half_way_four_fifths_and_at_the_end_somebody_is_told(case, people, session):
    case.report()  # the answer is due at 11:00
    assert tick(MONDAY + 59 * MINUTE) == 0
    assert tick(MONDAY + HOUR) == 1
    assert tick(MONDAY + 96 * MINUTE) == 2  # half of the dispatch clock's three hours came on the way
    assert told(session, people.desk).count("clock_warning") == 3
    assert told(session, people.manager) == []
    tick(MONDAY + 2 * HOUR)
    assert case["answer"].state is ClockState.BREACHED
    assert told(session, people.manager) == ["clock_broken"]


def test_the_tick_looks_often_enough_for_a_minute():
    assert min(hook.seconds for hook in HOOKS if hook.work is jobs.clocks.tell) <= 30


def test_after_a_time_when_nobody_looked_only_the_highest_step_is_told(case, people, session):
    case.report()
    tick(case["answer"].due_at + 30 * MINUTE)
    mine = sa.select(Notice.params).where(Notice.person_id == people.desk.id, Notice.kind.startswith("clock"))
    answer = case["answer"].id
    assert [p["percent"] for p in session.scalars(mine) if p["clock"] == answer] == [100]


def test_whoever_comes_second_finds_nothing_to_do(case):
    case.report()
    when = MONDAY + HOUR
    ids = deadlines.next_due(db.session, when)
    assert ids == [case["answer"].id]
    with clock.frozen(when), writing() as session:
        assert promises.fire(session, ids[0], when) is not None
    with clock.frozen(when), writing() as session:
        assert promises.fire(session, ids[0], when) is None


def test_a_clock_of_the_machine_that_jumps_back_and_forth_tells_nothing_twice(case, people, session):
    case.report()
    tick(MONDAY + HOUR)
    before = told(session, people.desk)
    assert tick(MONDAY - 24 * HOUR) == 0
    assert tick(MONDAY + HOUR) == 0
    assert told(session, people.desk) == before


def test_a_paused_clock_tells_nobody_and_goes_on_where_it_stood(case, reason):
    case.report()
    row = case.wait(MONDAY + HOUR / 2, reason("consent"))
    assert tick(MONDAY + 20 * HOUR) == 0
    case.go_on(MONDAY + 24 * HOUR, row)
    assert wall(case["answer"].next_event_at) == "11-17 09:30"


def test_a_clock_in_days_warns_within_the_days_that_count(case, people, device, draft):
    by_contract(people, device.organisation_id, draft("E"))
    case.report(at("2026-11-20 09:00"))  # a Friday; 7 working days end on Tuesday the 1st
    clock = case["repair"]
    assert wall(clock.due_at) == "12-02 00:00"
    assert wall(clock.next_event_at) == "11-26 12:00"  # three and a half of seven days


@pytest.mark.req("INT-7")
def test_an_urgent_intake_tells_the_manager_with_the_intake(case, people, session):
    case.report(urgency=Urgency.URGENT)
    assert told(session, people.manager) == ["urgent_intake"]


@pytest.mark.req("INT-7")
def test_a_ventilator_that_stands_still_is_urgent_whatever_was_ticked(critical, people, session):
    critical.report(device_stopped=True)
    assert told(session, people.manager) == ["urgent_intake"]


def test_what_turns_out_to_be_urgent_is_told_when_it_turns_out(case, people, session):
    case.report()
    assert told(session, people.manager) == []
    case.assess(MONDAY + HOUR, urgency=Urgency.CRITICAL)
    case.assess(MONDAY + 2 * HOUR, urgency=Urgency.URGENT)
    assert told(session, people.manager) == ["urgent_intake"]


# ---- waiting reasons chase


@pytest.mark.req("SLA-8")
def test_the_customer_is_reminded_each_working_day_as_the_office_opens_then_it_goes_up(case, reason, people, session):
    case.report(at("2026-11-19 09:00"))  # a Thursday
    row = case.wait(at("2026-11-19 10:00"), reason("consent"))
    seen = []
    for _ in range(4):
        when = session.get_one(Waiting, row).next_reminder_at
        seen.append(wall(when))
        assert tick(when - MINUTE) == 0
        assert tick(when) == 1
        session.rollback()
    assert seen == ["11-20 08:30", "11-23 08:30", "11-24 08:30", "11-25 08:30"]
    assert told(session, people.officer).count("waiting_reminder") == 3
    assert told(session, people.desk).count("waiting_too_long") == 1


def test_nobody_is_chased_when_it_is_over(case, reason, session):
    case.report()
    case.go_on(MONDAY + 2 * HOUR, case.wait(MONDAY + HOUR, reason("parts")))
    assert session.scalars(sa.select(Waiting.next_reminder_at)).all() == [None]


# ---- no scan


def test_finding_what_has_come_reads_an_index_not_the_table(case, app, session):
    """With a million clocks, open and settled, the tick must not read them."""
    case.report()
    multiply(case["answer"].id)
    came = sa.select(Clock.id).where(Clock.next_event_at.is_not(None), Clock.next_event_at <= MONDAY)
    plan = explained(app, came.order_by(Clock.next_event_at, Clock.id).limit(100))
    assert "ix_clock_next_event" in plan, plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan, plan


def multiply(clock_id):
    """Four thousand settled clocks beside those of the case."""
    t = Clock.__table__
    number = sa.select(sa.literal(1).label("n")).cte("number", recursive=True)
    number = number.union_all(sa.select(number.c.n + 1).where(number.c.n < 4_000))
    own = {"root_id": number.c.n + 1_000_000, "settled_at": t.c.due_at, "next_event_at": sa.null(), "state": "met"}
    own["uid"] = sa.cast(number.c.n, sa.String)
    columns = [c for c in t.c if c.name != "id"]
    values = [sa.literal(own[c.name], c.type) if own.get(c.name) == "met" else own.get(c.name, c) for c in columns]
    rows = sa.select(*values).select_from(t.join(number, sa.true())).where(t.c.id == clock_id)

    def change(act):
        act.session.execute(sa.insert(t).from_select([c.name for c in columns], rows))

    with writing() as session:
        perform(session, promises.RECOUNT, session.get_one(Clock, clock_id), SYSTEM, change)
        session.execute(sa.text("ANALYZE"))


def explained(app, statement):
    """How the database would find it."""
    explain = "EXPLAIN QUERY PLAN" if app.extensions["settings"].is_sqlite else "EXPLAIN"
    text = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    return " ".join(str(line) for line in db.session.execute(sa.text(f"{explain} {text}")))
