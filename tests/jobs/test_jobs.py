import threading
import time
from datetime import timedelta

import pytest

import jobs
from jobs import BACKOFF, REGISTRY, GiveUp, Job, drain, job, keeper, run, run_inline
from jobs import lease as leases
from portal.core import clock, outbox
from portal.core.db import writing
from portal.core.outbox import State
from portal.core.perform import origin
from tests.jobs.house import ask, change, effects, leave, row


@pytest.fixture
def kind():
    """Registers a job for the time of the test: `kind(work, **options)`; its name is "test.new"."""

    def register(work, **options):
        job("test.new", **options)(work)

    yield register
    REGISTRY.pop("test.new", None)


def test_a_job_does_its_work_and_ends_the_row(app):
    row_id = ask("test.mark", mark="done")
    assert run(row_id) is True
    assert effects() == ["done"]
    assert row(row_id).state == State.DONE


def test_a_bell_that_rings_twice_has_one_effect(app):
    row_id = ask("test.mark", mark="once")
    assert [run(row_id), run(row_id)] == [True, False]
    assert effects() == ["once"]


def test_a_job_that_stores_nothing_is_done_when_it_returns(app, kind):
    kind(lambda ctx: None)
    row_id = ask("test.new")
    run(row_id)
    assert row(row_id).state == State.DONE


def test_the_result_is_stored_only_by_who_still_holds_the_row(app, kind):
    def slow(ctx):
        change(ctx.row.row_id, lease_until=clock.now() - timedelta(seconds=1))
        assert leases.claim(ctx.row.row_id)  # another worker, meanwhile
        with ctx.finishing() as session:
            leave(session, "too late")

    kind(slow)
    row_id = ask("test.new")
    run(row_id, raising=True)
    assert effects() == []
    assert row(row_id).state == State.LEASED, "with the other one"


def test_steps_are_saved_only_by_who_still_holds_the_row(app, kind):
    def slow(ctx):
        with ctx.saving() as session:
            leave(session, "first step")
        change(ctx.row.row_id, lease_token="another's")
        with ctx.saving() as session:
            leave(session, "second step")

    kind(slow)
    run(ask("test.new"), raising=True)
    assert effects() == ["first step"]


class TestFailure:
    def test_is_kept_in_words_and_tried_again_after_1_5_25_and_25_minutes(self, app, kind):
        kind(_fail)
        row_id, waits = ask("test.new"), []
        for _ in range(4):
            run(row_id)
            waits.append(round((row(row_id).not_before - clock.now()).total_seconds() / 60))
            assert row(row_id).error == "RuntimeError: no paper"
            assert run(row_id) is False, "not before its time"
            change(row_id, not_before=None)
        assert waits == [1, 5, 25, 25]

    def test_ends_after_five_tries_and_says_so_where_it_matters(self, app, kind):
        missing = []
        kind(_fail, when_dead=lambda session, row, error: missing.append((row.payload["n"], error)))
        row_id = ask("test.new", n=4)
        for _ in range(5):
            change(row_id, not_before=None)
            run(row_id)
        assert (row(row_id).state, row(row_id).tries) == (State.DEAD, 5)
        assert missing == [(4, "RuntimeError: no paper")]
        assert run(row_id) is False

    def test_that_no_try_can_mend_ends_the_row_at_once(self, app, kind):
        def work(ctx):
            raise GiveUp("U+2C386 cannot be printed")

        missing = []
        kind(work, when_dead=lambda session, row, error: missing.append(error))
        row_id = ask("test.new")
        run(row_id)
        assert (row(row_id).state, row(row_id).tries) == (State.DEAD, 1)
        assert missing == ["GiveUp: U+2C386 cannot be printed"]

    def test_leaves_nothing_of_a_half_stored_result(self, app, kind):
        def work(ctx):
            with ctx.finishing() as session:
                leave(session, "half")
                raise RuntimeError

        kind(work)
        row_id = ask("test.new")
        run(row_id)
        assert effects() == []
        assert row(row_id).state == State.DUE

    def test_of_one_row_does_not_stop_the_others(self, app, kind):
        kind(_fail)
        ask("test.new")
        ask("test.mark", mark="next")
        assert drain() == 2
        assert effects() == ["next"]

    def test_then_success_after_staff_retry(self, app, kind):
        kind(_fail, tries=1)
        row_id = ask("test.new")
        run(row_id)
        assert [gone.id for gone in outbox.dead(outbox.db.session)] == [row_id]
        REGISTRY["test.new"] = Job("test.new", lambda ctx: None, 60, 1, BACKOFF, None)
        with writing() as session:
            outbox.retry(session, session.get_one(outbox.OutboxRow, row_id))
        assert drain() == 1
        assert row(row_id).state == State.DONE


def test_a_row_whose_worker_died_each_time_is_given_up_without_another_try(app, kind):
    told = []
    kind(lambda ctx: told.append("ran"), when_dead=lambda session, row, error: told.append(error))
    row_id = ask("test.new")
    change(row_id, tries=5)
    run(row_id)
    assert row(row_id).state == State.DEAD
    assert told == ["the worker died each time"]


def test_a_kind_that_only_a_newer_version_knows_is_put_back(app):
    row_id = ask("test.of_tomorrow")
    run(row_id)
    assert (row(row_id).state, row(row_id).tries) == (State.DUE, 0)
    assert timedelta(0) < row(row_id).not_before - clock.now() <= timedelta(seconds=60)
    assert row(row_id).error == "no job test.of_tomorrow here"


def test_the_trail_can_say_which_job_it_was(app, kind):
    seen = []
    kind(lambda ctx: seen.append(origin.get()))
    row_id = ask("test.new")
    run(row_id)
    assert seen == [f"job test.new {row_id}"]
    assert origin.get() == ""


def test_draining_also_does_what_jobs_bring_about(app, kind):
    def first(ctx):
        with ctx.finishing() as session:
            outbox.put(session, "test.mark", {"mark": "second"})

    kind(first)
    ask("test.new")
    assert drain() == 2
    assert effects() == ["second"]


def test_a_failure_is_raised_where_it_is_asked_for(app, kind):
    kind(_fail)
    ask("test.new")
    with pytest.raises(RuntimeError, match="no paper"):
        drain(raising=True)
    with pytest.raises(RuntimeError, match="no paper"):
        run_inline("test.new")


def test_a_job_can_be_done_at_once(app):
    run_inline("test.mark", mark="now")
    assert effects() == ["now"]


def test_two_jobs_of_one_name_are_refused(kind):
    kind(_fail)
    with pytest.raises(ValueError, match=r"test\.new"):
        job("test.new")(_fail)


def test_no_job_may_take_longer_than_the_queue_allows():
    with pytest.raises(ValueError, match="300"):
        job("test.endless", timeout=300)


def test_every_module_with_jobs_is_found():
    jobs.load()
    assert {"notice.mail", "notice.webhook", "outbox.tidy"} <= set(REGISTRY)


class TestTheKeeper:
    def test_keeps_the_lease_of_a_long_job(self, app, kind, monkeypatch):
        monkeypatch.setattr(keeper, "BEAT_SECONDS", 0.1)
        monkeypatch.setattr(outbox, "LEASE_SECONDS", 1)
        claims = []

        def work(ctx):
            end = time.monotonic() + 2
            while time.monotonic() < end:
                claims.append(leases.claim(ctx.row.row_id))
                time.sleep(0.1)

        kind(work)
        row_id = ask("test.new")
        run(row_id, raising=True)
        assert len(claims) > 5 and not any(claims)
        assert row(row_id).state == State.DONE

    def test_lets_go_of_a_job_that_takes_too_long(self, app, kind, monkeypatch):
        monkeypatch.setattr(keeper, "BEAT_SECONDS", 0.1)
        monkeypatch.setattr(outbox, "LEASE_SECONDS", 1)
        taken = []

        def work(ctx):
            end = time.monotonic() + 10
            while not taken and time.monotonic() < end:
                if other := leases.claim(ctx.row.row_id):
                    taken.append(other)
                time.sleep(0.1)

        kind(work, timeout=0.5)
        run(ask("test.new"), raising=True)
        assert taken

    def test_ends_with_the_job(self, app, kind):
        kind(lambda ctx: None)
        run(ask("test.new"))
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("keeper-")]


def _fail(ctx):
    raise RuntimeError("no paper")
