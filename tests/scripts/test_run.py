"""The portal as ./run starts it: every process real, on a DATA_DIR of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from portal.settings import PROJECT
from tests.servers import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


class House:
    """A portal started with `--empty`; `said()` is what it has printed so far."""

    def __init__(self, home: Path):
        self.home = home
        self.url = f"http://127.0.0.1:{free_port()}"
        self.environ = os.environ | {"DATA_DIR": str(home / "data"), "BIND": self.url.removeprefix("http://")}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with (self.home / "said").open("w") as output:
            self.process = self.command(stdout=output, stderr=output)
        until(lambda: self.process.poll() is not None or f"runs at {self.url}" in self.said(), self)

    def command(self, **options: object) -> subprocess.Popen:
        command = [sys.executable, "-m", "scripts.serve", "--empty"]
        return subprocess.Popen(command, cwd=PROJECT, env=self.environ, text=True, **options)

    def said(self) -> str:
        return (self.home / "said").read_text("utf-8")

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/healthz", timeout=5).status == 200  # noqa: S310 our own address
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Everything that runs for this house, by process id: whoever names its folder or was told of it."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (folder / "cmdline").read_text().replace("\0", " ").strip()
                if str(self.home) in command or str(self.home).encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = command
        return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    for pid in house.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.req("GRO-1")
def test_it_comes_up_with_all_its_processes_and_a_link_for_the_first_administrator(house):
    assert house.answers(), house.said()
    running = " ".join(house.processes().values())
    for part in ("valkey", "jobs.worker", "jobs.tick", "granian"):
        assert part in running
    until(lambda: house.said().count(house.url) > 1, house)


def test_a_second_copy_is_refused(house):
    second = house.command(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, said = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"runs already, as process {house.process.pid}" in said


@pytest.mark.parametrize("part", ["granian", "jobs.worker", "valkey"])
def test_what_is_killed_comes_back(house, part):
    def running() -> set[int]:
        return {pid for pid, command in house.processes().items() if part in command}

    victims = running()
    os.kill(min(victims), signal.SIGKILL)
    until(lambda: running() and not running() & victims, house)
    until(house.answers, house)


def test_ctrl_c_ends_everything_and_the_next_start_goes_on_where_it_was(house):
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(60) == 0, house.said()
    assert house.processes() == {}
    assert "Traceback" not in house.said().rpartition("runs at")[2]
    house.start()
    assert house.answers(), house.said()


def until(holds: Callable[[], object], house: House, within: float = 90) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, house.said()
        time.sleep(0.05)
