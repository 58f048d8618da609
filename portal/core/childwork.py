"""Run one function on untrusted bytes in a process of its own, under limits.

A decoder that meets a hostile file may eat the machine, hang, or die. Here it may: the child is a fresh
interpreter (no database connection, no secrets, no lock inherited from a thread), knows only the module of the
function, and is stopped by the kernel at its limits of memory, processor time and file size.
"""

import importlib.util
import inspect
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any

OUT_OF_MEMORY = 3
"""Exit status of a child whose function raised MemoryError."""


class Why(Enum):
    """What stopped a child. LATE and KILLED say something about the machine rather than about the bytes."""

    MEMORY = "it needed too much memory"
    WORK = "it needed too much processor time"
    LATE = "it did not end in time"
    KILLED = "it was killed from outside"
    RAISED = "it raised an exception"
    CRASHED = "it died"


class ChildFailed(Exception):
    """The function gave no result; `why` is the kind of failure, `detail` the end of what the child said."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.value}: {detail}" if detail else why.value)
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class Bounds:
    """What a child may use. Memory counts all that is mapped, so that the resident part always lies below it."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    file_bytes: int


@dataclass(frozen=True)
class Outcome:
    """What the function returned, the child's peak of resident memory in bytes, and its processor time."""

    value: Any
    peak_bytes: int
    cpu_seconds: float


def run_limited(function: Callable[..., Any], arguments: dict[str, Any], bounds: Bounds) -> Outcome:
    """Call `function(**arguments)` in a child. Arguments and result are plain JSON values.

    The function's module must stand alone: it may import the standard library and installed packages, but
    nothing of the portal. Raises ChildFailed; never leaves a process behind.
    """
    task = {
        "module": inspect.getfile(function),
        "function": function.__name__,
        "arguments": arguments,
        "bounds": vars(bounds),
    }
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as asked:
        asked.write(json.dumps(task).encode())
        asked.seek(0)
        status = _run(asked, answer, said, bounds.wall_seconds)
        if status != 0:
            raise ChildFailed(_why(status), _end_of(said))
        return _read(answer, said)


def _run(asked: IO[bytes], answer: IO[bytes], said: IO[bytes], wall_seconds: float) -> int:
    """The child's exit status; a negative one is the signal that ended it."""
    child = subprocess.Popen(  # noqa: S603 our own interpreter, our own file
        [sys.executable, "-I", __file__],
        stdin=asked,
        stdout=answer,
        stderr=said,
        env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "PATH": os.defpath},
        start_new_session=True,
    )
    try:
        return child.wait(wall_seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGALRM
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _why(status: int) -> Why:
    return _STATUS.get(status, Why.CRASHED)


_STATUS = {
    OUT_OF_MEMORY: Why.MEMORY,
    1: Why.RAISED,
    -signal.SIGXCPU: Why.WORK,
    -signal.SIGALRM: Why.LATE,
    -signal.SIGKILL: Why.KILLED,
}


def _end_of(said: IO[bytes]) -> str:
    said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _read(answer: IO[bytes], said: IO[bytes]) -> Outcome:
    answer.seek(0)
    try:
        return Outcome(**json.loads(answer.read()))
    except (ValueError, TypeError):
        raise ChildFailed(Why.CRASHED, _end_of(said)) from None


def _serve() -> None:
    """The child's side: take the limits upon itself, load the module, call, answer."""
    task = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not mix with the answer
    _limit(**task["bounds"])
    try:
        value = _load(task["module"], task["function"])(**task["arguments"])
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 3)
    json.dump({"value": value, "peak_bytes": _peak_bytes(), "cpu_seconds": cpu}, answer)
    answer.flush()
    os._exit(0)


def _peak_bytes() -> int:
    """Of this program alone; what getrusage reports was begun by the parent, before this program was loaded."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def _limit(memory_bytes: int, cpu_seconds: int, wall_seconds: float, file_bytes: int) -> None:
    signal.alarm(math.ceil(wall_seconds) + 1)  # ends the child even when its parent was killed
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load(path: str, name: str) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location("work", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["work"] = module
    spec.loader.exec_module(module)
    return getattr(module, name)


if __name__ == "__main__":
    _serve()
