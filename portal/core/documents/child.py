"""Run one function in a child of this process, under limits, and get its answer or the reason why there is none.

The child is a fork: where the PDF engine is loaded already (the worker warms it) it starts in milliseconds, elsewhere
it loads the engine for itself and leaves its parent without it. It touches nothing that it inherits, no connection
and no file, and ends without any cleaning up. Should a lock held by another thread of the parent stop it, the clock
still ends it, so a process with many threads had better leave rendering to the worker.
"""

import gc
import json
import math
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from portal.core.documents.failures import Reason, RenderFailed, Unprintable

LOADING_SECONDS = 60
LOOK_EVERY_SECONDS = 0.05
HEADROOM = 128 * 1024 * 1024
"""What a child may map beyond its memory limit: it is to be seen and stopped before an allocation fails in C code,
which would only look like a crash."""

PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")

Draw = Callable[..., tuple[int, bytes]]


@dataclass(frozen=True)
class Limits:
    """What one render may use: wall-clock and processor seconds, bytes of resident memory beyond what the child
    inherits from its parent (about 130 MB in a worker), pages."""

    seconds: float = 20
    memory: int = 350 * 1024 * 1024
    pages: int = 200


def run_in_child(load: Callable[[], Draw], *arguments: Any, limits: Limits) -> tuple[dict[str, int], bytes]:
    """Call `load()(*arguments)` in a child process; the limits begin when `load` has returned.

    Returns ({"pages": …, "peak_bytes": …}, what was drawn). Raises RenderFailed; the child never outlives the call.
    """
    inherited = _memory(os.getpid())[1]
    context = multiprocessing.get_context("fork")
    answers, answer = context.Pipe(duplex=False)
    child = context.Process(target=_serve, args=(answer, limits, inherited, load, arguments), name="render")
    child.start()
    answer.close()
    try:
        head = _next_answer(answers, child, LOADING_SECONDS, inherited + limits.memory)
        if head == {}:  # loaded, and drawing now
            head = _next_answer(answers, child, limits.seconds, inherited + limits.memory)
        if "pages" in head:
            return head, answers.recv_bytes()
    except EOFError:
        child.join()
        raise _died(child.exitcode) from None
    finally:
        child.kill()
        child.join()
        answers.close()
    if head["characters"]:
        raise Unprintable({"": head["characters"]})
    raise RenderFailed(Reason(head["reason"]), head["detail"])


def _next_answer(answers: Connection, child: BaseProcess, seconds: float, memory: int) -> dict[str, Any]:
    """What the child says next. Raises EOFError when it ended without a word, RenderFailed when it must be ended."""
    deadline = time.monotonic() + seconds
    while not wait([answers, child.sentinel], LOOK_EVERY_SECONDS):
        if time.monotonic() > deadline:
            raise RenderFailed(Reason.TIME, f"stopped after {seconds} s")
        if (resident := _memory(child.pid)[1]) > memory:
            raise RenderFailed(Reason.MEMORY, f"stopped at {resident} bytes")
    return json.loads(answers.recv_bytes())


def _died(status: int) -> RenderFailed:
    if status == -signal.SIGXCPU:
        return RenderFailed(Reason.TIME, "out of processor time")
    if status == -signal.SIGKILL:
        return RenderFailed(Reason.MEMORY, "killed from outside")
    return RenderFailed(Reason.CRASHED, f"ended with status {status}")


def _serve(answer: Connection, limits: Limits, inherited: int, load: Callable[[], Draw], arguments: tuple) -> None:
    """The child's side. Whatever goes wrong becomes an answer; what the limits do to it, the parent sees."""
    gc.freeze()
    for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # handlers of the parent's would run here
    drawn = b""
    try:
        draw = load()
        answer.send_bytes(b"{}")
        _limit(limits, inherited)
        pages, drawn = draw(*arguments)
        head = {"pages": pages, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    except RenderFailed as failure:
        found = failure.where[""] if isinstance(failure, Unprintable) else []
        head = {"reason": failure.reason, "detail": failure.detail, "characters": found}
    except MemoryError:
        head = {"reason": Reason.MEMORY, "detail": "out of memory", "characters": []}
    except Exception as error:
        head = {"reason": Reason.BROKEN, "detail": f"{type(error).__name__}: {error}"[:300], "characters": []}
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    answer.send_bytes(json.dumps(head).encode())
    answer.send_bytes(drawn)


def _limit(limits: Limits, inherited: int) -> None:
    """Take the limits upon this process: a second line behind the parent, and the first when the parent is gone."""
    signal.alarm(math.ceil(limits.seconds) + 1)
    seconds = math.ceil(time.process_time() + limits.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    mapped, resident = _memory(os.getpid())  # the kernel limits addresses, most of which hold nothing
    allowed = mapped + max(0, inherited + limits.memory - resident) + HEADROOM
    resource.setrlimit(resource.RLIMIT_AS, (allowed, resource.RLIM_INFINITY))


def _memory(process: int | None) -> tuple[int, int]:
    """Bytes of a process: (mapped, resident). Nothing when it has just ended."""
    with suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{process}/statm") as statm:
        mapped, resident = statm.read().split()[:2]
        return int(mapped) * PAGE_SIZE, int(resident) * PAGE_SIZE
    return 0, 0
