"""Keeps the portal's processes alive, and ends them in order with nothing left behind.

Each child leads a process group of its own, so that Ctrl-C reaches only the supervisor, and so that whatever a child
has forked can be ended with it. A child that dies is never joined by its successor while a part of it still runs: the
rest of its group is killed first.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from types import FrameType

LOOK_EVERY = 0.1  # seconds
CALM = 60  # seconds alive after which an earlier death is forgotten
LONGEST_PAUSE = 30  # seconds
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


class StartFailed(Exception):
    """A child ended, or was not ready in time, while everything was being started."""


@dataclass
class Child:
    """A process to keep alive. `ready(seconds)` waits until it serves and tells whether it does; none: at once."""

    name: str
    command: list[str]
    ready: Callable[[float], bool] | None = None
    patience: float = 30  # seconds that a start may take
    grace: float = 20  # seconds to end by itself when asked
    process: subprocess.Popen | None = field(default=None, init=False)
    started_at: float = field(default=0, init=False)
    due_at: float = field(default=0, init=False)
    deaths: int = field(default=0, init=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with_parent
        )

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill_group(self) -> None:
        """Ends what is left of the child and of all it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def pause(self) -> float:
        """Seconds until the next attempt: 1, 2, 4 … while it keeps dying young."""
        self.deaths = 1 if time.monotonic() - self.started_at > CALM else self.deaths + 1
        return min(2 ** (self.deaths - 1), LONGEST_PAUSE)


class Supervisor:
    """Starts `children` in order, restarts what dies, and on a signal ends them in the opposite order."""

    def __init__(self, children: list[Child]):
        self.children = children
        self.stopping = Event()
        self.hurry = False

    def run(self, when_up: Callable[[], None] = lambda: None) -> None:
        """Returns when a signal asked for the end and nothing runs any more. Raises StartFailed."""
        before = {number: signal.signal(number, self._asked_to_stop) for number in STOP_SIGNALS}
        try:
            for child in self.children:
                self._start(child)
            if not self.stopping.is_set():
                when_up()
            while not self.stopping.wait(LOOK_EVERY):
                for child in self.children:
                    self._keep(child)
        finally:
            for child in reversed(self.children):
                self._stop(child)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self, child: Child) -> None:
        if self.stopping.is_set():
            return
        child.start()
        if child.ready is None:
            return
        deadline = time.monotonic() + child.patience
        while not self.stopping.is_set() and not child.ready(LOOK_EVERY):
            if not child.runs:
                raise StartFailed(f"{child.name} ended at once, {_how(child.process.returncode)}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{child.name} is not ready after {child.patience:.0f} seconds")

    def _keep(self, child: Child) -> None:
        if child.due_at:
            if time.monotonic() >= child.due_at:
                child.due_at = 0
                child.start()
        elif not child.runs:
            child.kill_group()
            pause = child.pause()
            child.due_at = time.monotonic() + pause
            say(f"{child.name} ended, {_how(child.process.returncode)}; it starts again in {pause} s")

    def _stop(self, child: Child) -> None:
        if child.process is None:
            return
        if child.runs:
            child.process.terminate()
        deadline = time.monotonic() + child.grace
        while child.runs and time.monotonic() < deadline and not self.hurry:
            time.sleep(LOOK_EVERY / 4)
        if child.runs:
            say(f"{child.name} does not end and is killed")
        child.kill_group()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        """A second request no longer waits for anybody."""
        self.hurry = self.stopping.is_set()
        self.stopping.set()


def say(words: str) -> None:
    sys.stdout.write(f"· {words}\n")
    sys.stdout.flush()


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def _end_with_parent() -> None:
    """In the child before exec: the kernel asks it to end when the supervisor itself is killed."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
