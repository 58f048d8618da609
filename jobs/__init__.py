"""Doors for time and queue: what happens after the commit, and by the clock.

A job is a function registered under the kind of an outbox row. It may run more than once, and is written so that
this does no harm: the slow part outside any write transaction, then the result and the end of the row in one.

    @job("document.render", timeout=60)
    def render(ctx: JobContext) -> None:
        pdf = …                            # slow, no lock held
        with ctx.finishing() as session:   # refused when another worker has the row by now
            …                              # store the result
"""

import logging
import pkgutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from jobs import lease as leases
from jobs.keeper import Keeper
from jobs.lease import Lease, LeaseLost
from portal.core import outbox
from portal.core.db import db, writing
from portal.core.outbox import OutboxRow
from portal.core.perform import origin

log = logging.getLogger(__name__)

TRIES = 5
BACKOFF = (60, 300, 1500)
"""Seconds to wait after the first, second, and every later failure."""

UNKNOWN_KIND_SECONDS = 60
ENTRY_POINTS = {"worker", "tick"}


class GiveUp(Exception):
    """Raised by a job for which trying again is of no use: its row is dead at once, with these words."""


class JobContext:
    """What a job is given: its row, and the two ways to write."""

    def __init__(self, row: Lease) -> None:
        self.row = row
        self.payload = row.payload
        self.finished = False

    @contextmanager
    def saving(self) -> Iterator[Session]:
        """A write transaction in the midst of the work. Raises LeaseLost when the row is not ours any more."""
        with writing(self.row.kind) as session:
            leases.keep(session, self.row)
            yield session

    @contextmanager
    def finishing(self) -> Iterator[Session]:
        """The write transaction that stores the result and ends the row. Raises LeaseLost."""
        with writing(self.row.kind) as session:
            leases.finish(session, self.row)
            yield session
        self.finished = True


Work = Callable[[JobContext], None]
WhenDead = Callable[[Session, Lease, str], None]


@dataclass(frozen=True)
class Job:
    """A kind of job: what it does, the seconds it may take, how often it is tried, and how long it waits between."""

    kind: str
    work: Work
    timeout: float
    tries: int
    backoff: Sequence[float]
    when_dead: WhenDead | None

    def pause(self, tries: int) -> float:
        """Seconds to wait after the given number of failed tries."""
        return self.backoff[min(tries, len(self.backoff)) - 1]


REGISTRY: dict[str, Job] = {}


def job(
    kind: str,
    *,
    timeout: float = 60,
    tries: int = TRIES,
    backoff: Sequence[float] = BACKOFF,
    when_dead: WhenDead | None = None,
) -> Callable[[Work], Work]:
    """Register a function for rows of `kind`.

    `when_dead(session, row, error)` runs in the transaction that gives the row up, to mark what will now be missing.
    """
    if timeout >= outbox.LONGEST_SECONDS:
        raise ValueError(f"{kind}: no job may take {timeout} seconds")

    def register(work: Work) -> Work:
        if kind in REGISTRY:
            raise ValueError(f"two jobs are called {kind}")
        REGISTRY[kind] = Job(kind, work, timeout, tries, backoff, when_dead)
        return work

    return register


def load() -> None:
    """Import every module of jobs, so that all kinds are registered."""
    for module in pkgutil.iter_modules(__path__):
        if module.name not in ENTRY_POINTS:
            import_module(f"jobs.{module.name}")


def run(row_id: int, *, raising: bool = False) -> bool:
    """Claim the outbox row and do its job; False when it is not due or another worker has it.

    A failure is written to the row, and raised only on request. Needs an application context.
    """
    app = current_app._get_current_object()
    with app.app_context():
        row = leases.claim(row_id)
        if row is None:
            return False
        error = _attend(app, row)
    if error is not None and raising:
        raise error
    return True


def drain(*, raising: bool = False) -> int:
    """Do every due row in this process, also those that these bring about; returns how many. For tests and commands."""
    load()
    count = 0
    while (row_id := _first_due()) is not None:
        count += run(row_id, raising=raising)
    return count


def run_inline(kind: str, **payload: int | str) -> None:
    """Do the job `kind` at once in this process, unless a worker is quicker, and raise what it raises."""
    load()
    with writing(kind) as session:
        row = outbox.put(session, kind, payload)
        session.flush()
        row_id = row.id
    run(row_id, raising=True)


def _first_due() -> int | None:
    session = db.session()
    row_id = session.scalar(sa.select(OutboxRow.id).where(outbox.due(session)).order_by(OutboxRow.id).limit(1))
    session.rollback()
    return row_id


def _attend(app: Any, row: Lease) -> Exception | None:
    known = REGISTRY.get(row.kind)
    try:
        if known is None:
            _leave_to_newer_version(row)
        elif row.tries > known.tries:
            _fail(known, row, row.error or "the worker died each time")
        else:
            return _try(app, known, row)
    except LeaseLost:
        log.warning("outbox row %d (%s) is with another worker now", row.row_id, row.kind)
    return None


def _try(app: Any, known: Job, row: Lease) -> Exception | None:
    ctx = JobContext(row)
    begun, before = time.monotonic(), origin.set(f"job {row.kind} {row.row_id}")
    try:
        with Keeper(app, row, known.timeout, lambda error: _fail(known, row, error)):
            known.work(ctx)
            if not ctx.finished:
                with ctx.finishing():
                    pass
    except LeaseLost:
        raise
    except Exception as error:
        log.exception("outbox row %d (%s) failed, try %d", row.row_id, row.kind, row.tries)
        _fail(known, row, f"{type(error).__name__}: {error}", for_good=isinstance(error, GiveUp))
        return error
    finally:
        origin.reset(before)
    log.info("outbox row %d (%s) done in %.2f s", row.row_id, row.kind, time.monotonic() - begun)
    return None


def _fail(known: Job, row: Lease, error: str, *, for_good: bool = False) -> None:
    with writing("outbox.fail") as session:
        if row.tries < known.tries and not for_good:
            leases.put_off(session, row, error, known.pause(row.tries))
            return
        leases.give_up(session, row, error)
        if known.when_dead is not None:
            known.when_dead(session, row, error)


def _leave_to_newer_version(row: Lease) -> None:
    log.warning("outbox row %d: this version has no job %s", row.row_id, row.kind)
    with writing("outbox.unknown") as session:
        leases.put_off(session, row, f"no job {row.kind} here", UNKNOWN_KIND_SECONDS, counts=False)
