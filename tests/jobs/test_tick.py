import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from jobs import tick
from jobs.schedule import TABLE, Hook
from portal.core import clock, outbox, schedules
from portal.core.db import db, writing
from portal.core.outbox import waiting
from portal.core.schedules import Periodic
from tests.jobs.house import ask


@pytest.fixture
def ticking(app):
    """Starts ticks over the given chores; they end with the test."""
    stop, threads = threading.Event(), []

    def start(*chores):
        threads.append(threading.Thread(target=tick.tick, args=(app, stop, chores)))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join(5)
    assert not [thread for thread in threads if thread.is_alive()]


def test_two_ticks_put_one_row_for_each_slot(app):
    table = tuple(Periodic(f"job {n}", "* * * * *", "Asia/Shanghai", "test.mark") for n in range(5))
    at = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

    def race(at):
        ready = threading.Barrier(2)

        def one():
            ready.wait()
            with app.app_context():
                for periodic in table:
                    with writing() as session:
                        schedules.fire(session, periodic, at)

        both = [threading.Thread(target=one) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()

    for minute in range(4):
        race(at + timedelta(minutes=minute))
    assert len(waiting(db.session)) == 3 * len(table), "the first minute only makes the jobs known"


def test_the_database_is_asked_once_for_each_slot(app, monkeypatch):
    asked = []
    monkeypatch.setattr(tick, "_fired", {})
    monkeypatch.setattr(schedules, "fire", lambda session, periodic, at: asked.append(periodic.name))
    hourly = (Periodic("hourly", "0 * * * *", "UTC", "test.mark"),)
    for minute in (0, 1, 59, 60):
        with clock.frozen(datetime(2026, 11, 20, 8, 0, tzinfo=UTC) + timedelta(minutes=minute)):
            tick.fire_periodic(hourly)
    assert asked == ["hourly", "hourly"]


def test_a_chore_that_fails_holds_up_no_other(app, ticking):
    done = threading.Event()

    def fail():
        raise RuntimeError("away")

    ticking(Hook("fails", 0.1, fail), Hook("works", 0.1, done.set))
    assert done.wait(5)


def test_chores_come_at_their_intervals(app, ticking):
    times = []
    ticking(Hook("often", 0.1, lambda: times.append(time.monotonic())))
    _wait(lambda: len(times) >= 4)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 0.09


def test_what_is_due_is_rung_for_within_two_seconds(app, ticking, valkey):
    outbox.connect("")
    row_id = ask("test.mark", mark="x")
    outbox.connect(valkey.url)
    ticking(*tick.CHORES)
    queue = outbox._bell._open()
    _wait(lambda: queue.get_job_ids() == [f"outbox-{row_id}-0"], within=3)


def test_the_tick_gives_signs_of_life(app, ticking):
    ticking(*tick.CHORES)
    _wait(lambda: not _silent())


def test_each_periodic_job_has_a_name_of_its_own_and_a_kind_that_exists(app):
    import jobs

    jobs.load()
    assert len({periodic.name for periodic in TABLE}) == len(TABLE)
    for periodic in TABLE:
        assert periodic.kind in jobs.REGISTRY
        assert periodic.latest_slot(clock.now()) <= clock.now()


def _silent():
    db.session.rollback()
    return schedules.silent(db.session, tick.NAME, clock.now())


def _wait(happens, within=5.0):
    end = time.monotonic() + within
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)
