import socket
import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock, outbox
from portal.core.db import db, writing
from portal.core.outbox import Call, OutboxRow, State, dead, late, put, relay, retry, tidy, waiting
from tests.jobs.house import NO_QUEUE, ask, change, clear_queue, row
from tests.servers import valkey_server


@pytest.fixture(autouse=True)
def empty(app):
    """No rows but the test's own, and no queue server."""
    outbox.connect("")
    clear_queue()
    yield
    outbox.connect("")


@pytest.fixture(scope="module")
def shared_valkey():
    with valkey_server() as server:
        yield server


@pytest.fixture
def bell(app, shared_valkey):
    """A queue server that answers; its queue."""
    outbox.connect(shared_valkey.url)
    queue = outbox._bell._open()
    queue.connection.flushall()
    return queue


class TestARow:
    def test_stands_exactly_when_its_cause_does(self, app):
        with pytest.raises(ZeroDivisionError), writing() as session:
            put(session, "a.kind", {})
            session.flush()
            raise ZeroDivisionError
        assert waiting(db.session) == []

    def test_keeps_who_asked_and_why(self, app):
        with writing() as session:
            put(session, "a.kind", {"document": 7, "copy": "second"}, actor_id=3, cause_id=9)
        [kept] = waiting(db.session)
        assert (kept.kind, kept.payload, kept.actor_id, kept.cause_id) == (
            "a.kind",
            {"document": 7, "copy": "second"},
            3,
            9,
        )
        assert kept.state == State.DUE and kept.tries == 0

    @pytest.mark.parametrize("content", ["x" * 101, {"nested": 1}, [1], None, True, 1.5, b"bytes"])
    def test_carries_ids_and_no_content(self, app, content):
        with pytest.raises(ValueError, match="ids, not content"), writing() as session:
            put(session, "a.kind", {"value": content})

    def test_planned_for_later_is_not_due_before(self, app):
        with writing() as session:
            put(session, "a.kind", {}, not_before=clock.now() + timedelta(hours=1))
        assert db.session.scalar(sa.select(sa.func.count()).where(outbox.due(db.session()))) == 0

    def test_that_is_dead_is_listed_and_starts_afresh_when_staff_say_so(self, app):
        row_id = ask("a.kind")
        change(row_id, dead_at=clock.now(), tries=5, error="no paper")
        assert [(gone.id, gone.state, gone.error) for gone in dead(db.session)] == [(row_id, State.DEAD, "no paper")]
        with writing() as session:
            retry(session, session.get_one(OutboxRow, row_id))
        assert dead(db.session) == []
        assert (row(row_id).state, row(row_id).tries) == (State.DUE, 0)

    def test_that_is_not_dead_is_left_alone_by_a_retry(self, app):
        row_id = ask("a.kind")
        change(row_id, done_at=clock.now(), tries=1)
        with writing() as session:
            retry(session, session.get_one(OutboxRow, row_id))
        assert (row(row_id).state, row(row_id).tries) == (State.DONE, 1)

    def test_done_long_ago_is_forgotten(self, app):
        long_ago, lately, never = ask("a.kind"), ask("a.kind"), ask("a.kind")
        change(long_ago, done_at=clock.now() - timedelta(days=31))
        change(lately, done_at=clock.now())
        with writing() as session:
            assert tidy(session, clock.now() - timedelta(days=30)) == 1
        assert set(db.session.scalars(sa.select(OutboxRow.id))) == {lately, never}


class TestLateness:
    def test_counts_what_nobody_is_at(self, app):
        old = clock.now() - timedelta(minutes=5)
        forgotten, done, fresh = ask("a.kind"), ask("a.kind"), ask("a.kind")
        change(forgotten, created_at=old)
        change(done, created_at=old, done_at=clock.now())
        assert late(db.session()) == 1, fresh

    def test_begins_when_a_planned_row_is_due(self, app):
        planned = ask("a.kind")
        change(planned, created_at=clock.now() - timedelta(days=1), not_before=clock.now() - timedelta(seconds=5))
        assert late(db.session()) == 0


class TestTheBell:
    def test_is_rung_as_soon_as_the_row_is_committed(self, bell):
        row_id = ask("a.kind")
        assert bell.get_job_ids() == [f"outbox-{row_id}-0"]

    def test_names_one_function_and_the_row_in_plain_json(self, bell):
        row_id = ask("a.kind", secret=5)
        call = bell.fetch_job(f"outbox-{row_id}-0")
        assert (call.func_name, call.args, call.kwargs) == ("jobs.run", [row_id], {})
        assert call.data == f'["jobs.run", null, [{row_id}], {{}}]'.encode()

    def test_is_not_rung_for_what_was_rolled_back(self, bell):
        with pytest.raises(ZeroDivisionError), writing() as session:
            put(session, "a.kind", {})
            session.flush()
            raise ZeroDivisionError
        kept = ask("a.kind")
        assert bell.get_job_ids() == [f"outbox-{kept}-0"]

    def test_is_not_rung_before_the_time(self, bell):
        with writing() as session:
            put(session, "a.kind", {}, not_before=clock.now() + timedelta(hours=1))
        assert relay() == 0
        assert bell.get_job_ids() == []

    def test_rung_twice_stands_once(self, bell):
        row_id = ask("a.kind")
        assert relay() == 1
        assert bell.get_job_ids() == [f"outbox-{row_id}-0"]
        assert relay() == 0, "what was rung for is noted"

    def test_lost_with_the_queue_is_rung_again(self, bell):
        row_id = ask("a.kind")
        relay()
        bell.connection.flushall()
        assert relay(again=True) == 0, "it was rung only just now"
        change(row_id, sent_at=clock.now() - timedelta(seconds=31))
        assert relay(again=True) == 1
        assert bell.get_job_ids() == [f"outbox-{row_id}-0"]

    def test_that_fell_out_of_the_queue_but_left_its_record_is_rung_again(self, bell):
        row_id = ask("a.kind")
        relay()
        bell.connection.delete(bell.key)
        change(row_id, sent_at=clock.now() - timedelta(seconds=31))
        assert relay(again=True) == 1
        assert bell.get_job_ids() == [f"outbox-{row_id}-0"]

    def test_that_still_stands_in_a_long_queue_is_left_there(self, bell):
        first, second = ask("a.kind"), ask("a.kind")
        relay()
        for row_id in (first, second):
            change(row_id, sent_at=clock.now() - timedelta(minutes=5))
        assert relay(again=True) == 0
        assert bell.get_job_ids() == [f"outbox-{first}-0", f"outbox-{second}-0"]

    def test_is_rung_for_a_row_whose_worker_died(self, bell):
        row_id = ask("a.kind")
        change(row_id, tries=1, lease_until=clock.now() - timedelta(seconds=1))
        bell.connection.flushall()
        assert relay() == 1
        assert bell.get_job_ids() == [f"outbox-{row_id}-1"]


class TestWorkInBulk:
    def ask(self, *kinds):
        """Commit rows of these kinds, in bulk; their ids."""
        with writing() as session, outbox.in_bulk(session):
            rows = [put(session, kind, {}) for kind in kinds]
            session.flush()
            return [each.id for each in rows]

    def test_is_rung_in_a_queue_of_its_own(self, bell):
        [in_bulk] = self.ask("a.kind")
        waited_for = ask("a.kind")
        assert bell.get_job_ids() == [f"outbox-{waited_for}-0"]
        assert outbox._bell._open(outbox.BULK_QUEUE).get_job_ids() == [f"outbox-{in_bulk}-0"]

    def test_ends_with_its_cause(self, app):
        self.ask("a.kind")
        assert row(ask("a.kind")).bulk is False

    def test_is_never_late(self, app):
        [row_id] = self.ask("a.kind")
        change(row_id, created_at=clock.now() - timedelta(hours=1))
        assert late(db.session()) == 0

    def test_stands_behind_what_somebody_waits_for(self, app):
        first, second = self.ask("a.kind", "a.kind")
        waited_for = ask("a.kind")
        assert [each.id for each in waiting(db.session)] == [waited_for, first, second]

    def test_is_rung_for_last_when_the_queue_is_back(self, app, shared_valkey, monkeypatch):
        self.ask("a.kind")
        waited_for = ask("a.kind")
        rung = []
        outbox.connect(shared_valkey.url)
        monkeypatch.setattr(outbox._bell, "ring", lambda calls, budget: rung.extend(calls) or calls)
        assert relay() == 2
        assert rung[0] == Call(waited_for, 0)

    def test_that_fell_out_of_its_queue_is_rung_again(self, bell):
        [row_id] = self.ask("a.kind")
        relay()
        change(row_id, sent_at=clock.now() - timedelta(seconds=31))
        assert relay(again=True) == 0, "it still stands there"
        bell.connection.flushall()
        assert relay(again=True) == 1


class TestWithoutTheQueueServer:
    def test_a_commit_is_quick_and_the_row_waits(self, app):
        outbox.connect(NO_QUEUE)
        outbox._bell._open()
        started = time.monotonic()
        row_id = ask("a.kind")
        assert time.monotonic() - started < 1
        assert row(row_id).state == State.DUE

    def test_a_server_that_never_answers_costs_half_a_second_once(self, app):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            outbox.connect(f"redis://127.0.0.1:{silent.getsockname()[1]}")
            outbox._bell._open()
            first, second = _seconds(lambda: ask("a.kind")), _seconds(lambda: ask("a.kind"))
        assert first < 1
        assert second < 0.2, "after a failure the process leaves it in peace for a while"

    def test_many_writers_do_not_queue_up_behind_it(self, app):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            outbox.connect(f"redis://127.0.0.1:{silent.getsockname()[1]}")
            outbox._bell._open()

            def write():
                with app.app_context():
                    ask("a.kind")

            writers = [threading.Thread(target=write) for _ in range(16)]
            seconds = _seconds(lambda: ([w.start() for w in writers], [w.join() for w in writers]))
        assert seconds < 16 * outbox.Bell.TIMEOUT_SECONDS / 2
        assert len(waiting(db.session)) == 16

    def test_everything_is_rung_for_after_its_return(self, app):
        outbox.connect(NO_QUEUE)
        rows = [ask("a.kind") for _ in range(3)]
        with valkey_server() as back:
            outbox.connect(back.url)
            assert relay() == 3
            assert outbox._bell._open().get_job_ids() == [f"outbox-{row_id}-0" for row_id in rows]

    def test_no_request_waits_for_the_first_import(self, app, monkeypatch, shared_valkey):
        outbox.connect(shared_valkey.url)
        monkeypatch.setattr(type(outbox._bell), "ready", property(lambda self: False))
        monkeypatch.setattr(outbox._bell, "_open", lambda: pytest.fail("imported in the request"))
        ask("a.kind")


def test_the_sweep_does_not_read_finished_rows(app):
    with writing() as session:
        old = {"kind": "a.kind", "payload": {}, "created_at": clock.now(), "done_at": clock.now(), "tries": 1}
        session.execute(sa.insert(OutboxRow.__table__), [old] * 3000)
        session.execute(sa.text("ANALYZE"))
    explain = "EXPLAIN QUERY PLAN" if app.extensions["settings"].is_sqlite else "EXPLAIN"
    for query, index in (
        (sa.select(OutboxRow.id, OutboxRow.tries).where(outbox.due(db.session())).order_by(*outbox.IN_TURN), "open"),
        (sa.select(OutboxRow).where(outbox.DEAD).order_by(OutboxRow.id.desc()), "dead"),
    ):
        text = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(line) for line in db.session.execute(sa.text(f"{explain} {text}")))
        assert f"ix_outbox_{index}" in plan, plan


def test_the_databases_time_is_ours_within_a_second(app):
    stored = db.session.scalar(sa.select(outbox.from_now(db.session(), 60)))
    assert abs(stored - clock.now() - timedelta(seconds=60)) < timedelta(seconds=1)


def test_a_call_is_named_so_that_each_try_is_another():
    assert Call(7, 0).job_id == "outbox-7-0" != Call(7, 1).job_id


def _seconds(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started
