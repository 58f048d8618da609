"""Real workers, ticks and queue servers, and what is left when they are killed."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from jobs.worker import OutboxJob, Refused
from portal.core import outbox
from portal.core.db import writing
from portal.core.outbox import State
from tests.jobs.house import ask, effects, row

pytestmark = [pytest.mark.slow]
PROJECT = Path(__file__).parents[2]


@contextmanager
def process(what, home, url):
    """A worker or a tick over `home`; ended with all it started."""
    command = [sys.executable, "-m", "tests.jobs.house", what, str(home)]
    with (home / f"{what}.log").open("ab") as log:
        child = subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | {"REDIS_URL": url}, start_new_session=True, stdout=log, stderr=log
        )
    try:
        yield child
    finally:
        end(child)


def end(child, with_signal=signal.SIGKILL):
    """Kill the process itself, as a fault would; a fork of it stands in a group of its own."""
    if child.poll() is None:
        os.killpg(child.pid, with_signal)
        child.wait(15)


@pytest.fixture
def home(tmp_path):
    return tmp_path


@pytest.fixture
def bell(app, valkey):
    outbox.connect(valkey.url)
    return outbox._bell._open()


@pytest.fixture
def go(home):
    """Lets the slow job go on; also at the end of the test, so that none is left behind."""
    yield lambda: (home / "go").touch()
    (home / "go").touch()


def until(happens, within=30.0):
    deadline = time.monotonic() + within
    while not (found := happens()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
    return found


def started(home):
    """The process id of the slow job, once it runs."""
    note = home / "started"
    return int(until(lambda: note.exists() and note.read_text()))


def test_a_job_runs_and_leaves_nothing_in_the_queue(home, bell, valkey):
    with process("worker", home, valkey.url):
        ask("test.mark", mark="done")
        until(lambda: effects() == ["done"])
        until(lambda: not bell.connection.keys("rq:job:*"))


def test_what_a_person_waits_for_overtakes_work_in_bulk(home, bell, valkey, go):
    with writing("test") as session, outbox.in_bulk(session):
        outbox.put(session, "test.slow", {"mark": "first of many"})
        for n in range(3):
            outbox.put(session, "test.mark", {"mark": f"one of many {n}"})
    with process("worker", home, valkey.url):
        started(home)
        ask("test.mark", mark="waited for")
        go()
        until(lambda: len(effects()) == 5)
    assert effects() == ["first of many", "waited for", *(f"one of many {n}" for n in range(3))]


class TestKilled:
    def test_worker_and_job_in_the_middle_leave_one_effect(self, home, bell, valkey, go):
        with process("tick", home, valkey.url), process("worker", home, valkey.url) as first:
            row_id = ask("test.slow", mark="once")
            horse = started(home)
            os.killpg(horse, signal.SIGKILL)
            end(first)
            (home / "started").unlink()
            assert effects() == []
            go()
            with process("worker", home, valkey.url):
                until(lambda: row(row_id).state == State.DONE)
            assert effects() == ["once"]
            assert row(row_id).tries == 2

    def test_job_alone_runs_again_after_its_lease(self, home, bell, valkey, go):
        with process("tick", home, valkey.url), process("worker", home, valkey.url):
            row_id = ask("test.slow", mark="once")
            os.killpg(started(home), signal.SIGKILL)
            go()
            until(lambda: row(row_id).state == State.DONE)
        assert effects() == ["once"]

    def test_worker_alone_does_not_have_its_job_done_twice(self, home, bell, valkey, go):
        with process("tick", home, valkey.url), process("worker", home, valkey.url) as first:
            row_id = ask("test.slow", mark="once")
            started(home)
            end(first)
            with process("worker", home, valkey.url):
                time.sleep(4)  # longer than a lease: only the orphan's own heartbeat keeps the row
                assert row(row_id).tries == 1
                go()
                until(lambda: row(row_id).state == State.DONE)
        assert effects() == ["once"]

    def test_a_job_that_kills_its_worker_is_given_up(self, home, bell, valkey):
        with process("tick", home, valkey.url), process("worker", home, valkey.url):
            row_id = ask("test.die")
            until(lambda: row(row_id).state == State.DEAD)
            ask("test.mark", mark="the next one")
            until(lambda: effects() == ["the next one"])
        assert row(row_id).error == "the worker died each time"

    def test_the_queue_server_too(self, home, bell, valkey):
        with process("tick", home, valkey.url), process("worker", home, valkey.url):
            until(lambda: bell.connection.smembers("rq:workers"))
            valkey.kill()
            begun = time.monotonic()
            rows = [ask("test.mark", mark=f"{n}") for n in range(20)]
            assert time.monotonic() - begun < 2
            time.sleep(2)
            valkey.start()
            until(lambda: all(row(row_id).state == State.DONE for row_id in rows), within=60)
        assert sorted(effects(), key=int) == [f"{n}" for n in range(20)]


def test_a_wiped_queue_loses_nothing(home, bell, valkey):
    rows = [ask("test.mark", mark=f"{n}") for n in range(30)]
    outbox.relay()
    bell.connection.flushall()
    with process("tick", home, valkey.url), process("worker", home, valkey.url):
        until(lambda: any(row(row_id).state == State.DONE for row_id in rows))
        bell.connection.flushall()
        until(lambda: all(row(row_id).state == State.DONE for row_id in rows))
    assert sorted(effects(), key=int) == [f"{n}" for n in range(30)]


def test_a_worker_that_starts_before_the_queue_server_waits_for_it(home, bell, valkey):
    valkey.stop()
    with process("worker", home, valkey.url) as worker, process("tick", home, valkey.url):
        row_id = ask("test.mark", mark="late")
        time.sleep(3)
        assert worker.poll() is None
        valkey.start()
        until(lambda: row(row_id).state == State.DONE, within=60)


class TestStopping:
    def test_an_idle_worker_stops_at_once(self, home, bell, valkey):
        with process("worker", home, valkey.url) as worker:
            until(lambda: bell.connection.smembers("rq:workers"))
            worker.terminate()
            assert worker.wait(3) == 0

    def test_a_job_that_ends_soon_is_waited_for(self, home, bell, valkey, go):
        with process("worker", home, valkey.url) as worker:
            row_id = ask("test.slow", mark="in time")
            started(home)
            worker.terminate()
            go()
            assert worker.wait(10) == 0
        assert (row(row_id).state, effects()) == (State.DONE, ["in time"])

    def test_a_job_that_does_not_end_is_handed_back(self, home, bell, valkey, go):
        with process("worker", home, valkey.url) as worker:
            row_id = ask("test.slow", mark="later")
            horse = started(home)
            worker.terminate()
            assert worker.wait(10) == 0
        assert not Path(f"/proc/{horse}").exists()
        assert (row(row_id).state, row(row_id).tries) == (State.DUE, 0)
        go()
        with process("tick", home, valkey.url), process("worker", home, valkey.url):
            until(lambda: row(row_id).state == State.DONE)
        assert effects() == ["later"]


def test_a_job_that_hangs_is_ended_and_the_next_one_starts_soon(home, bell, valkey):
    with process("worker", home, valkey.url):
        hanging = ask("test.hang")
        ask("test.mark", mark="next")
        until(lambda: row(hanging).state == State.DEAD)
        until(lambda: effects() == ["next"], within=2)
    assert row(hanging).error == "took longer than 1 seconds"


HOSTILE = [
    ("os.system", ["touch {home}/broken"]),
    ("subprocess.call", [["touch", "{home}/broken"]]),
    ("jobs.run", ["1; touch {home}/broken"]),
    ("jobs.run", [True]),
    ("jobs.run", []),
    ("jobs.run", [1, 2]),
    ("jobs.drain", []),
]


class TestHostileQueue:
    @pytest.mark.parametrize(("function", "words"), HOSTILE)
    def test_no_other_function_is_found(self, bell, function, words):
        planted = bell.enqueue_call(function, args=words)
        with pytest.raises(Refused):
            _ = OutboxJob.fetch(planted.id, connection=bell.connection, serializer=JSONSerializer).func

    def test_none_is_called(self, home, bell, valkey):
        waiting = ask("test.mark", mark="by drain")
        bell.empty()
        for function, words in HOSTILE:
            bell.enqueue_call(function, args=json.loads(json.dumps(words).replace("{home}", str(home))))
        called_back = bell.enqueue_call("jobs.run", args=(999,))
        bell.connection.hset(called_back.key, "success_callback_name", "tests.jobs.house.intruder")
        Queue(outbox.QUEUE, connection=bell.connection).enqueue("os.system", f"touch {home}/broken")  # a pickle
        with process("worker", home, valkey.url):
            ask("test.mark", mark="after")
            until(lambda: "after" in effects())
        assert not (home / "broken").exists()
        assert row(waiting).state == State.DUE
        assert (home / "worker.log").read_text().count("Refused: ") >= len(HOSTILE)
