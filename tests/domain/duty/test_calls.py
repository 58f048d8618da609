"""An urgent request at night rings, one rung after the other, until somebody takes care of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

import jobs
from jobs import duty as duty_jobs
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow
from portal.core.notices import Notice
from portal.domain.accounts import service as accounts
from portal.domain.accounts.models import Account
from portal.domain.duty import calls
from portal.domain.duty.models import DutyCall, DutyRing
from portal.domain.duty.words import CallState
from portal.domain.policies import service as policies
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Urgency
from tests.domain.duty.conftest import HOUR, MINUTE, MONDAY, NIGHT
from tests.safety import NOTHING


def work(at):
    """What the worker does at this time."""
    db.session.rollback()
    with clock.frozen(at):
        jobs.drain(raising=True)


def tick(at):
    """What the tick does at this time; how many calls went on."""
    with clock.frozen(at):
        return duty_jobs.go_on()


def rang():
    """(rung, name) of everybody called, in order."""
    db.session.rollback()
    rows = db.session.execute(sa.select(DutyRing.rung, Account.name).join(Account).order_by(DutyRing.id))
    return [(rung.value, name) for rung, name in rows]


def told(kind="duty_call"):
    """Whom a notice of this kind reached, in order."""
    db.session.rollback()
    found = sa.select(Account.name).join(Notice, Notice.person_id == Account.id).where(Notice.kind == kind)
    return list(db.session.scalars(found.order_by(Notice.id)))


def answer(duty, by, at):
    with clock.frozen(at), writing() as session:
        calls.answer(session, session.get_one(DutyCall, duty.call().id), getattr(duty.people, by))


@pytest.mark.req("DSP-6")
def test_unanswered_it_goes_to_the_deputy_then_the_helpers_then_the_managers(planned):
    planned.report(NIGHT)
    work(NIGHT)
    ladder = [("on_duty", "李伟"), ("deputy", "赵永强"), ("helpers", "王芳"), ("managers", "林建国")]
    assert rang() == ladder[:1] and told() == ["李伟"]
    for n in (1, 2, 3):
        assert tick(NIGHT + n * 10 * MINUTE - MINUTE) == 0
        assert tick(NIGHT + n * 10 * MINUTE) == 1
        assert rang() == ladder[: n + 1]
    assert tick(NIGHT + 5 * HOUR) == 0 and planned.call().state is CallState.RINGING
    assert told() == [name for _, name in ladder]


@pytest.mark.req("DSP-6")
def test_each_step_is_on_the_record(planned):
    planned.report(NIGHT)
    work(NIGHT)
    tick(NIGHT + 10 * MINUTE)
    answer(planned, "technician2", NIGHT + 12 * MINUTE)
    call = planned.call()
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.root_kind == "duty_call", AuditEntry.root_id == call.id)
    )
    assert [entry.verb for entry in entries] == ["duty_call:ring", "duty_call:go_on", "duty_call:answer"]
    assert (call.answered_by.name, call.answered_at) == ("赵永强", NIGHT + 12 * MINUTE)
    assert told("duty_call_answered") == ["李伟"]


@pytest.mark.req("DSP-6")
def test_after_a_long_silence_the_next_is_called_once_and_has_the_full_time(planned):
    planned.report(NIGHT)
    work(NIGHT)
    late = NIGHT + 3 * HOUR
    assert tick(late) == 1 and tick(late) == 0
    assert [rung for rung, _ in rang()] == ["on_duty", "deputy"]
    assert planned.call().next_at == late + 10 * MINUTE


def test_a_repeated_job_rings_nobody_twice(planned):
    request_id = planned.report(NIGHT)
    work(NIGHT)
    with clock.frozen(NIGHT + MINUTE), writing() as session:
        assert calls.ring(session, session.get_one(ServiceRequest, request_id)) is None
    assert len(rang()) == 1


@pytest.mark.req("DSP-6")
def test_how_long_one_waits_is_a_figure(planned):
    with writing() as session:
        policies.set_figure(session, planned.people.manager, "duty_answer_minutes", 0, 3, "夜班会议")
    planned.report(NIGHT)
    work(NIGHT)
    assert tick(NIGHT + 3 * MINUTE) == 1


def test_while_the_centre_works_nobody_is_called(planned):
    planned.report(MONDAY + 2 * HOUR)
    work(MONDAY + 2 * HOUR)
    assert planned.call() is None


def test_what_can_wait_calls_nobody(planned):
    planned.report(NIGHT, urgency=Urgency.NORMAL)
    work(NIGHT)
    assert planned.call() is None


def test_when_the_worker_comes_back_in_the_morning_the_desk_is_there(planned):
    planned.report(NIGHT)
    work(MONDAY + timedelta(days=1, hours=2))
    assert planned.call() is None


def test_where_nobody_is_on_duty_the_managers_are_called_at_once(duty):
    duty.report(NIGHT)
    work(NIGHT)
    assert rang() == [("managers", "林建国")]
    assert duty.call().next_at is None and duty.call().shift is None


def test_a_shift_without_a_deputy_goes_on_to_whom_there_is(duty):
    with clock.frozen(MONDAY):
        duty.plan(MONDAY + 12 * HOUR, MONDAY + 24 * HOUR, deputy=None, helpers=())
    duty.report(NIGHT)
    work(NIGHT)
    tick(NIGHT + 10 * MINUTE)
    assert [rung for rung, _ in rang()] == ["on_duty", "managers"]


def test_who_may_no_longer_sign_in_is_not_called(planned, people):
    with writing() as session:
        accounts.disable(session, session.get_one(Account, people.account("technician").id), people.admin, "离职")
    planned.report(NIGHT)
    work(NIGHT)
    assert rang() == [("deputy", "赵永强")]


def test_what_the_desk_has_assessed_rings_no_further(planned, people):
    request_id = planned.report(NIGHT)
    work(NIGHT)
    with clock.frozen(NIGHT + 5 * MINUTE), writing() as session:
        request = session.get_one(ServiceRequest, request_id)
        values = {"urgency": Urgency.CRITICAL, "next_step": "已联系"}
        service.assess(session, request, people.desk, 0, answers=NOTHING, **values)
    assert planned.call().state is CallState.SETTLED
    assert tick(NIGHT + HOUR) == 0


def test_what_was_withdrawn_before_the_worker_came_rings_nobody(planned, people):
    request_id = planned.report(NIGHT)
    with clock.frozen(NIGHT + MINUTE), writing() as session:
        request = session.get_one(ServiceRequest, request_id)
        service.cancel_request(session, request, people.officer, "误报", answers=NOTHING)
    work(NIGHT + 2 * MINUTE)
    assert planned.call() is None


def test_one_answers_and_the_second_is_told(planned):
    planned.report(NIGHT)
    work(NIGHT)
    answer(planned, "technician", NIGHT + MINUTE)
    with pytest.raises(NotNow):
        answer(planned, "desk", NIGHT + 2 * MINUTE)
    assert planned.call().answered_by.name == "李伟"


def test_another_centre_does_not_answer(planned):
    planned.report(NIGHT)
    work(NIGHT)
    for by in ("dealer_technician", "dealer_desk", "quality", "officer"):
        with pytest.raises(NotAllowed):
            answer(planned, by, NIGHT + MINUTE)


def test_who_is_on_duty_and_took_the_call_is_not_called(planned):
    with clock.frozen(MONDAY):
        planned.plan(MONDAY + 24 * HOUR, MONDAY + 36 * HOUR, person="desk", deputy=None, helpers=())
    planned.report(MONDAY + 24 * HOUR - 2 * HOUR + 12 * HOUR, by="desk")
    work(MONDAY + 34 * HOUR)
    assert planned.call() is None
