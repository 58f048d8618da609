"""Watches over a running job from a thread of its own: keeps the lease, ends the job that takes too long, and hands
the row back when the worker must stop.

The job itself runs in the main thread, where a renderer or a mail server may hold it for a long time; so ending it
means ending the process. Only a worker's fork may do that (`alone`); elsewhere the lease simply runs out.
"""

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Self

from flask import Flask

from jobs import lease as leases
from portal.core.db import writing

log = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
HAND_BACK_SECONDS = 7.0

alone = False
"""Whether this process runs nothing but the one job: set by a worker's fork."""

_stopping = threading.Event()
_stop_at = 0.0


def stop_soon(signum: int = 0, frame: Any = None) -> None:
    """Signal handler of a worker's fork: the job has a few seconds to end, then it is handed back."""
    global _stop_at
    _stop_at = time.monotonic() + HAND_BACK_SECONDS
    _stopping.set()


class Keeper:
    """`with Keeper(app, lease, timeout, overrun):` around the work. `overrun(error)` records a try that took too
    long."""

    def __init__(self, app: Flask, lease: leases.Lease, timeout: float, overrun: Callable[[str], None]) -> None:
        self.app, self.lease, self.timeout, self.overrun = app, lease, timeout, overrun
        self._ended = threading.Event()
        self._worker = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, name=f"keeper-{lease.row_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        started = beaten = time.monotonic()
        while not self._ended.wait(0.2):
            now = time.monotonic()
            if now - started > self.timeout:
                return self._end_overrun()
            if _stopping.is_set() and now > _stop_at:
                return self._end(lambda: self._write(leases.hand_back))
            if now - beaten > BEAT_SECONDS:
                beaten = now
                if not self._beat():
                    return None

    def _beat(self) -> bool:
        try:
            self._write(leases.keep)
        except leases.LeaseLost:  # another worker has the row, or the job has just ended: it will find out itself
            return False
        except Exception as error:  # the database is away or busy: the next beat may still come in time
            log.warning("outbox row %d: no heartbeat (%s)", self.lease.row_id, type(error).__name__)
        return True

    def _end_overrun(self) -> None:
        where = "".join(traceback.format_stack(sys._current_frames().get(self._worker)))
        log.error("outbox row %d (%s) took too long; it was at\n%s", self.lease.row_id, self.lease.kind, where)
        if alone:
            self._end(lambda: self.overrun(f"took longer than {self.timeout:g} seconds"))

    def _end(self, write: Callable[[], None]) -> None:
        """Write how the try ended, then end this process with all it started."""
        try:
            with self.app.app_context():
                write()
        except Exception:
            log.exception("outbox row %d: its lease must run out by itself", self.lease.row_id)
        finally:
            if alone:
                os.killpg(os.getpgrp(), signal.SIGKILL)

    def _write(self, change: Callable[[Any, leases.Lease], None]) -> None:
        with self.app.app_context(), writing("outbox.keep") as session:
            change(session, self.lease)
