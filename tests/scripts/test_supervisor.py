"""The supervisor with real children: shells that sleep, fork, and note when they are asked to end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOUSE = """
import sys
from pathlib import Path
from scripts.supervisor import Child, Supervisor

home = Path(sys.argv[1])
SLEEPER = '''
trap 'echo {name} >> ended; exit 0' TERM
sleep 1000 & echo $! >> {name}.grandchildren
echo $$ >> {name}.pids
while :; do wait; done
'''
names = ["queue", "worker", "web"]
children = [Child(name, ["sh", "-c", SLEEPER.format(name=name)], ready=lambda s, n=name: (home / f"{n}.pids").exists())
            for name in names]
Supervisor(children).run(lambda: (home / "up").touch())
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[subprocess.Popen]:
    project = Path(__file__).parents[2]
    environ = os.environ | {"PYTHONPATH": str(project)}
    process = subprocess.Popen([sys.executable, "-c", HOUSE, str(tmp_path)], cwd=tmp_path, env=environ)
    until((tmp_path / "up").exists)
    yield process
    process.kill()
    process.wait()
    for pid in everyone(tmp_path):
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_a_killed_child_is_started_again_after_all_it_had_forked_is_gone(house, tmp_path):
    os.kill(pids(tmp_path, "worker")[0], signal.SIGKILL)
    until(lambda: len(pids(tmp_path, "worker")) == 2)
    _, new = pids(tmp_path, "worker")
    until(lambda: len(pids(tmp_path, "worker", "grandchildren")) == 2)
    old_grandchild, new_grandchild = pids(tmp_path, "worker", "grandchildren")
    assert not is_alive(old_grandchild), "a part of the dead worker still runs beside its successor"
    assert is_alive(new) and is_alive(new_grandchild)
    assert len(pids(tmp_path, "web")) == len(pids(tmp_path, "queue")) == 1, "the others were left alone"


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_end_it_ends_all_in_the_opposite_order_and_leaves_nothing(house, tmp_path, asked):
    house.send_signal(asked)
    assert house.wait(10) == 0
    assert (tmp_path / "ended").read_text().split() == ["web", "worker", "queue"]
    assert not [pid for pid in everyone(tmp_path) if is_alive(pid)]


def test_a_child_that_will_not_end_is_killed_when_asked_twice(tmp_path):
    stubborn = "trap '' TERM; touch up; while :; do sleep 1; done"
    code = f"from scripts.supervisor import *; Supervisor([Child('web', ['sh', '-c', {stubborn!r}], grace=60)]).run()"
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env=environ)
    until((tmp_path / "up").exists)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None, "it waits for the child"
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 0


def test_children_do_not_outlive_a_supervisor_that_is_killed(house, tmp_path):
    house.kill()
    until(lambda: set((tmp_path / "ended").read_text().split() if (tmp_path / "ended").exists() else ())
          == {"web", "worker", "queue"})  # fmt: skip


def test_a_child_that_ends_while_starting_stops_the_start_and_says_which(tmp_path):
    code = (
        "from scripts.supervisor import *\n"
        "Supervisor([Child('queue', ['sleep', '1000']), Child('web', ['false'], ready=lambda s: False)]).run()"
    )
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=20)
    assert "StartFailed: web ended at once, status 1" in done.stderr


def pids(home: Path, name: str, kind: str = "pids") -> list[int]:
    path = home / f"{name}.{kind}"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def everyone(home: Path) -> list[int]:
    return [pid for name in ("queue", "worker", "web") for kind in ("pids", "grandchildren")
            for pid in pids(home, name, kind)]  # fmt: skip


def is_alive(pid: int) -> bool:
    """Whether the process runs; a zombie that its new parent has yet to reap does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(holds: Callable[[], object], within: float = 15) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
