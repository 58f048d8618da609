from datetime import UTC, datetime, timedelta

import pytest

from portal.core import clock, outbox, schedules
from portal.core.db import db, writing
from portal.core.schedules import Periodic, fire, sign, silent
from tests.jobs.house import clear_queue

NIGHTLY = Periodic("tidy", "30 2 * * *", "Asia/Shanghai", "a.kind")
MORNING = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai


@pytest.fixture(autouse=True)
def empty(app):
    clear_queue()


def fired():
    return [row.payload["slot"] for row in outbox.waiting(db.session)]


def fire_at(at, periodic=NIGHTLY):
    with writing() as session:
        return fire(session, periodic, at)


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        ("2026-11-19T18:29:59", "2026-11-18T18:30:00"),
        ("2026-11-19T18:30:00", "2026-11-19T18:30:00"),
        ("2026-11-19T18:30:01", "2026-11-19T18:30:00"),
    ],
    ids=["just before", "at the moment", "just after"],
)
def test_a_slot_is_read_in_the_zone_it_was_meant_for(at, slot):
    assert NIGHTLY.latest_slot(datetime.fromisoformat(at).replace(tzinfo=UTC)).isoformat() == f"{slot}+00:00"


def test_a_new_job_waits_for_its_first_slot(app):
    assert fire_at(MORNING) is False
    assert fire_at(MORNING + timedelta(hours=18, minutes=29)) is False
    assert fire_at(MORNING + timedelta(hours=18, minutes=30)) is True
    assert fired() == ["2026-11-20T18:30:00Z"]


def test_a_slot_fires_once(app):
    fire_at(MORNING)
    assert [fire_at(MORNING + timedelta(days=1, seconds=n)) for n in range(5)] == [True, False, False, False, False]


def test_days_that_were_missed_are_made_good_by_one_run(app):
    fire_at(MORNING)
    fire_at(MORNING + timedelta(days=9))
    assert fired() == ["2026-11-28T18:30:00Z"]


def test_a_tick_whose_clock_is_a_little_behind_fires_nothing_old(app):
    slot = MORNING + timedelta(hours=18, minutes=30)
    fire_at(MORNING)
    fire_at(slot)
    assert fire_at(slot - timedelta(seconds=2)) is False
    assert fire_at(slot + timedelta(seconds=2)) is False
    assert len(fired()) == 1


def test_a_clock_that_was_years_ahead_does_not_silence_the_job(app):
    fire_at(MORNING)
    fire_at(MORNING + timedelta(days=3650))
    assert fire_at(MORNING + timedelta(days=1)) is True
    assert fire_at(MORNING + timedelta(days=1, minutes=1)) is False


def test_a_process_that_signs_is_not_silent(app):
    assert silent(db.session, "tick", clock.now())
    for _ in range(2):
        with writing() as session:
            sign(session, "tick")
    assert not silent(db.session, "tick", clock.now())
    assert silent(db.session, "tick", clock.now() + schedules.SILENT + timedelta(seconds=1))
