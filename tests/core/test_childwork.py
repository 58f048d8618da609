"""A child may hang, swell or die without harm to its parent."""

import time
from pathlib import Path

import pytest

from portal.core.childwork import Bounds, ChildFailed, Why, run_limited
from tests.core import children

SMALL = Bounds(memory_bytes=300_000_000, cpu_seconds=1, wall_seconds=5, file_bytes=1_000_000)


def why(function, **arguments):
    with pytest.raises(ChildFailed) as caught:
        run_limited(function, arguments, SMALL)
    return caught.value.why


def test_a_result_comes_back_with_what_it_cost():
    outcome = run_limited(children.double, {"number": 21}, SMALL)
    assert outcome.value == {"twice": 42}
    assert 1_000_000 < outcome.peak_bytes < 300_000_000
    assert 0 < outcome.cpu_seconds < 1


def test_too_much_memory_is_named():
    assert why(children.swell) is Why.MEMORY


def test_too_much_work_is_named_and_ends_early():
    began = time.monotonic()
    assert why(children.spin) is Why.WORK
    assert time.monotonic() - began < 4.5


def test_a_child_that_only_waits_is_late():
    short = Bounds(memory_bytes=300_000_000, cpu_seconds=1, wall_seconds=0.5, file_bytes=1_000_000)
    with pytest.raises(ChildFailed) as caught:
        run_limited(children.sleep, {}, short)
    assert caught.value.why is Why.LATE


def test_an_exception_keeps_its_words():
    with pytest.raises(ChildFailed, match="no such colour") as caught:
        run_limited(children.stumble, {}, SMALL)
    assert caught.value.why is Why.RAISED


def test_a_crash_is_named():
    assert why(children.die) is Why.CRASHED


def test_a_child_that_the_machine_kills_is_told_from_one_that_crashed():
    assert why(children.be_killed) is Why.KILLED


def test_a_child_cannot_fill_the_disk(tmp_path):
    with pytest.raises(ChildFailed):
        run_limited(children.fill_the_disk, {"path": str(tmp_path / "big")}, SMALL)
    assert (tmp_path / "big").stat().st_size <= 1_000_000


def test_no_secret_reaches_the_child(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    seen = run_limited(children.tell_environment, {}, SMALL).value
    assert set(seen) <= {"LANG", "LC_CTYPE", "MALLOC_ARENA_MAX", "PATH"}


def test_the_portal_is_out_of_the_childs_reach():
    assert why(children.import_the_portal) is Why.RAISED


def test_what_the_child_started_dies_with_it():
    pid = run_limited(children.leave_a_grandchild, {}, SMALL).value
    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid):
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
