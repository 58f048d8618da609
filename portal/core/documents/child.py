"""Run one function in a child of this process, under limits, and get its answer or the reason why there is none.

Where the PDF engine is loaded already (the worker warms it), the child is a fork of it and starts in milliseconds;
elsewhere it is a fresh interpreter that loads the engine for itself.
"""

import gc
import json
import math
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from portal.core.documents.failures import Reason, RenderFailed, Unprintable

PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Limits:
    """What one render may use: wall-clock and processor seconds, bytes of memory, pages."""

    seconds: float = 20
    memory: int = 500 * 1024 * 1024
    pages: int = 200


def run_in_child(work: Callable[..., tuple[int, bytes]], *arguments: Any, limits: Limits) -> tuple[dict, bytes]:
    """Call `work(*arguments)`, a function of a module's top level, in a child process.

    Returns ({"pages": …, "peak_bytes": …}, what `work` made). Raises RenderFailed; the child never outlives the call.
    """
    context = multiprocessing.get_context("fork" if "weasyprint" in sys.modules else "spawn")
    answers, answer = context.Pipe(duplex=False)
    child = context.Process(target=_serve, args=(answer, limits, work, arguments), name="render")
    child.start()
    answer.close()
    try:
        return _receive(answers, child, limits)
    finally:
        child.kill()
        child.join()
        answers.close()


def _receive(answers: Connection, child: Any, limits: Limits) -> tuple[dict, bytes]:
    ready = wait([answers, child.sentinel], limits.seconds)
    if not ready:
        raise RenderFailed(Reason.TIME, f"stopped after {limits.seconds} s")
    try:
        head, made = json.loads(answers.recv_bytes()), answers.recv_bytes()
    except EOFError:
        child.join()
        raise _died(child.exitcode) from None
    if "pages" in head:
        return head, made
    if head["characters"]:
        raise Unprintable({"": head["characters"]})
    raise RenderFailed(Reason(head["reason"]), head["detail"])


def _died(status: int) -> RenderFailed:
    if status == -signal.SIGXCPU:
        return RenderFailed(Reason.TIME, "out of processor time")
    if status == -signal.SIGKILL:
        return RenderFailed(Reason.MEMORY, "killed from outside")
    return RenderFailed(Reason.CRASHED, f"ended with status {status}")


def _serve(answer: Connection, limits: Limits, work: Callable[..., tuple[int, bytes]], arguments: tuple) -> None:
    """The child's side. Whatever goes wrong becomes an answer; what the limits do to it, the parent sees."""
    gc.freeze()
    _forget_the_parents_signals()
    _limit(limits)
    try:
        pages, made = work(*arguments)
        head = {"pages": pages, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    except RenderFailed as failure:
        found = failure.where[""] if isinstance(failure, Unprintable) else []
        head, made = {"reason": failure.reason, "detail": failure.detail, "characters": found}, b""
    except MemoryError:
        head, made = {"reason": Reason.MEMORY, "detail": "out of memory", "characters": []}, b""
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:300]
        head, made = {"reason": Reason.BROKEN, "detail": detail, "characters": []}, b""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    answer.send_bytes(json.dumps(head).encode())
    answer.send_bytes(made)


def _forget_the_parents_signals() -> None:
    for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _limit(limits: Limits) -> None:
    """Take the limits upon this process, beside what it shares with its parent."""
    seconds = math.ceil(limits.seconds)
    signal.alarm(seconds + 1)  # ends the child even when its parent was killed
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The kernel limits addresses, not memory in use, so what is only mapped by now is added on top.
    mapped, resident = _memory()
    resource.setrlimit(resource.RLIMIT_AS, (max(mapped, mapped - resident + limits.memory), resource.RLIM_INFINITY))


def _memory() -> tuple[int, int]:
    """Bytes of this process: (mapped, resident)."""
    with open("/proc/self/statm") as statm:
        mapped, resident = statm.read().split()[:2]
    return int(mapped) * PAGE_SIZE, int(resident) * PAGE_SIZE
