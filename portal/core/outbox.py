"""The outbox: what must still be done after a commit, as rows of the database.

`put` writes a row in the transaction of what causes it, so that neither exists without the other. The queue server
is only a bell that wakes a worker with a row's id: it may be away or wiped at any time, and the tick rings again.
Workers claim, run and finish rows through `jobs`.

What a person waits for goes first: work in bulk (a demonstration, an import, a recount) is marked so, and rung in a
queue of its own that workers turn to when the other is empty.

A row is due, leased (a worker is at it), done or dead (given up, until staff retry it). Leases are measured by the
database's clock, because workers may stand on machines whose clocks differ.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import import_module
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base, BigId, JsonDict, Utc, UtcDateTime, after_commit, db, writing

log = logging.getLogger(__name__)

QUEUE, BULK_QUEUE = "outbox", "outbox-bulk"
QUEUES = (QUEUE, BULK_QUEUE)
"""In the order in which a worker listens to them."""

FUNCTION = "jobs.run"
LEASE_SECONDS = 45
RING_AGAIN_SECONDS = 30
LONGEST_SECONDS = 300  # no job may take longer; each kind names its own, shorter limit
MAX_TEXT = 100  # characters of a text in a payload: it carries ids, not content


class State(StrEnum):
    DUE = "due"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"


class OutboxRow(Base):
    """One thing to be done. `payload` holds ids only; `bulk` says that nobody waits for it; `tries` counts claims;
    `error` is the last one's reason."""

    __tablename__ = "outbox"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(64))
    payload: Mapped[JsonDict]
    bulk: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    actor_id: Mapped[int | None]
    cause_id: Mapped[int | None]
    created_at: Mapped[Utc] = mapped_column(default=clock.now)
    not_before: Mapped[Utc | None]
    sent_at: Mapped[Utc | None]
    lease_until: Mapped[Utc | None]
    lease_token: Mapped[str | None] = mapped_column(sa.String(36))
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[Utc | None]
    dead_at: Mapped[Utc | None]
    error: Mapped[str | None]

    @property
    def state(self) -> State:
        if self.done_at:
            return State.DONE
        if self.dead_at:
            return State.DEAD
        return State.LEASED if self.lease_until and self.lease_until > clock.now() else State.DUE


OPEN = sa.and_(OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None))
DEAD = OutboxRow.dead_at.is_not(None)

IN_TURN = (OutboxRow.bulk, OutboxRow.id)

# The sweep asks for open rows every second: these indexes leave out the finished ones, of which there are millions.
sa.Index("ix_outbox_open", *IN_TURN, sqlite_where=OPEN, postgresql_where=OPEN)
sa.Index("ix_outbox_dead", OutboxRow.id, sqlite_where=DEAD, postgresql_where=DEAD)


def put(
    session: Session,
    kind: str,
    payload: dict[str, int | str],
    *,
    not_before: datetime | None = None,
    actor_id: int | None = None,
    cause_id: int | None = None,
    bulk: bool = False,
) -> OutboxRow:
    """Ask for the job `kind`, at once or not before an aware time. `payload`: flat, ids and short words only.

    `actor_id` is the person on whose behalf it runs, None for the system; `cause_id` the audit entry behind it.
    `bulk`: nobody waits for it; so is all that is asked for `in_bulk`.
    """
    _check(payload)
    row = OutboxRow(
        kind=kind,
        payload=payload,
        bulk=bulk or session.info.get(IN_BULK, False),
        not_before=not_before,
        actor_id=actor_id,
        cause_id=cause_id,
    )
    session.add(row)
    if not_before is None:
        _ring_after_commit(session, row)
    return row


IN_BULK = "what is put into the outbox is work in bulk"


@contextmanager
def in_bulk(session: Session) -> Iterator[None]:
    """While this lasts, what acts ask for is work in bulk: it waits until nobody waits for anything."""
    session.info[IN_BULK] = True
    try:
        yield
    finally:
        del session.info[IN_BULK]


def _check(payload: dict[str, int | str]) -> None:
    for key, value in payload.items():
        if type(value) is not int and not (type(value) is str and len(value) <= MAX_TEXT):
            raise ValueError(f"payload {key!r}: a job is given ids, not content")


def retry(session: Session, row: OutboxRow) -> None:
    """Give a dead row a fresh start. The caller leaves the trail of who asked for it."""
    if row.dead_at is None:
        return
    row.dead_at = row.not_before = row.sent_at = None
    row.tries = 0
    _ring_after_commit(session, row)


def dead(session: Session, limit: int = 100) -> list[OutboxRow]:
    """What was given up, newest first."""
    return list(session.scalars(sa.select(OutboxRow).where(DEAD).order_by(OutboxRow.id.desc()).limit(limit)))


def waiting(session: Session, limit: int = 100) -> list[OutboxRow]:
    """What is due, planned or being worked at, in the order in which workers take it."""
    return list(session.scalars(sa.select(OutboxRow).where(OPEN).order_by(*IN_TURN).limit(limit)))


def late(session: Session, age: timedelta = timedelta(minutes=1)) -> int:
    """How many rows (at most 1000 are counted) have been due for longer than `age` with no worker at them.

    Work in bulk is never late: it may take its time.
    """
    overdue = sa.func.coalesce(OutboxRow.not_before, OutboxRow.created_at) < from_now(session, -age.total_seconds())
    some = sa.select(OutboxRow.id).where(due(session), overdue, OutboxRow.bulk.is_(sa.false())).limit(1000).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def tidy(session: Session, before: datetime, limit: int = 1000) -> int:
    """Forget up to `limit` rows that were done before an aware time; returns how many went."""
    old = sa.select(OutboxRow.id).where(OutboxRow.done_at < before).order_by(OutboxRow.id).limit(limit)
    return session.execute(sa.delete(OutboxRow).where(OutboxRow.id.in_(old))).rowcount


def from_now(session: Session, seconds: float = 0) -> sa.ColumnElement[datetime]:
    """The database's present time moved by `seconds`, as SQL."""
    if session.get_bind().dialect.name == "sqlite":
        stored_form = "%Y-%m-%d %H:%M:%f000"  # SQLite knows milliseconds; our columns hold microseconds as text
        return sa.func.strftime(stored_form, "now", f"{seconds:+.3f} seconds", type_=UtcDateTime())
    shift = sa.func.make_interval(0, 0, 0, 0, 0, 0, sa.cast(seconds, sa.Float))
    return sa.type_coerce(sa.func.clock_timestamp() + shift, UtcDateTime())


def due(session: Session) -> sa.ColumnElement[bool]:
    """Whether a worker may take the row now, as SQL.

    A lease that ends further ahead than a lease can last was written under a wrong clock: it counts as run out.
    """
    now = from_now(session)
    lease = OutboxRow.lease_until
    free = sa.or_(lease.is_(None), lease < now, lease > from_now(session, LEASE_SECONDS))
    return sa.and_(OPEN, free, sa.or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= now))


class Call(NamedTuple):
    """A row to ring for. A new try is a new call, so that a bell that was lost with its worker does not mute it."""

    row_id: int
    tries: int
    bulk: bool = False

    @property
    def job_id(self) -> str:
        return f"outbox-{self.row_id}-{self.tries}"

    @property
    def queue(self) -> str:
        return BULK_QUEUE if self.bulk else QUEUE


class Bell:
    """Rings at the queue server: fails fast, and after a failure stays quiet for a while."""

    QUIET_SECONDS = 5.0
    TIMEOUT_SECONDS = 0.5

    def __init__(self, url: str) -> None:
        self.url = url
        self._quiet_until = 0.0
        self._queues: dict[str, Any] = {}
        self._loading: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        """Whether ringing costs no import. Importing RQ takes a second, which no person should wait for: the first
        to ask starts it in the background."""
        if "rq.queue" in sys.modules and not (self._loading and self._loading.is_alive()):
            return True
        if self._loading is None:
            self._loading = threading.Thread(target=import_module, args=("rq",), daemon=True)
            self._loading.start()
        return False

    def ring(self, calls: Sequence[Call], *, budget: float = 0.5) -> list[Call]:
        """Ring for each call within `budget` seconds; returns those that now stand in the queue. Never raises."""
        return self._try(lambda: self._ring_all(calls, budget)) or []

    def lost(self, calls: Sequence[Call]) -> list[Call]:
        """Those whose bell is no longer in the queue, cleared so that they can be rung again. Never raises."""
        return self._try(lambda: self._clear_lost(calls)) or []

    def _try(self, work: Callable[[], Any]) -> Any:
        if time.monotonic() < self._quiet_until:
            return None
        try:
            return work()
        except Exception as error:  # whatever a sick server answers, the write that is being told of has succeeded
            self._quiet_until = time.monotonic() + self.QUIET_SECONDS
            log.warning("the queue server does not answer (%s); the tick will try again", type(error).__name__)
            return None

    def _ring_all(self, calls: Sequence[Call], budget: float) -> list[Call]:
        from rq.exceptions import DuplicateJobError

        rung, end = [], time.monotonic() + budget
        for call in calls:
            with suppress(DuplicateJobError):
                self._open(call.queue).enqueue(
                    FUNCTION,
                    call.row_id,
                    job_id=call.job_id,
                    unique=True,
                    job_timeout=LONGEST_SECONDS,
                    result_ttl=0,
                    failure_ttl=LONGEST_SECONDS,
                )
            rung.append(call)
            if time.monotonic() > end:
                break
        return rung

    def _clear_lost(self, calls: Sequence[Call]) -> list[Call]:
        from rq.job import Job

        standing = {job_id for name in QUEUES for job_id in self._open(name).get_job_ids()}
        lost = [call for call in calls if call.job_id not in standing]
        if lost:
            self._open().connection.delete(*(Job.key_for(call.job_id) for call in lost))
        return lost

    def _open(self, name: str = QUEUE) -> Any:
        if not self._queues:
            from redis import Redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
            from rq import Queue

            limits = {"socket_connect_timeout": self.TIMEOUT_SECONDS, "socket_timeout": self.TIMEOUT_SECONDS}
            client = Redis.from_url(self.url, **limits, retry=Retry(NoBackoff(), 0))
            self._queues = {name: Queue(name, connection=client, serializer="json") for name in QUEUES}
        return self._queues[name]


_bell: Bell | None = None


def connect(url: str) -> None:
    """Name the queue server, or none with "". Called once at start; opens no connection."""
    global _bell
    _bell = Bell(url) if url else None


NEW = "outbox rows to ring for"


def _ring_after_commit(session: Session, row: OutboxRow) -> None:
    session.info.setdefault(NEW, []).append((row, row.bulk))


def _ring_new(session: Session) -> None:
    asked = [(row, bulk) for row, bulk in session.info.pop(NEW, ()) if sa.inspect(row).persistent]  # not rolled back
    calls = [Call(sa.inspect(row).identity[0], 0, bulk) for row, bulk in asked]
    if calls and _bell is not None and _bell.ready:
        _bell.ring(sorted(calls, key=lambda call: call.bulk))


after_commit.append(_ring_new)


def relay(*, again: bool = False) -> int:
    """Ring for what is due and was not rung for yet; returns how many.

    With `again` for what was rung for a while ago, is still due, and whose bell is gone: the queue server was
    wiped, or a worker died between hearing and claiming.
    """
    if _bell is None:
        return 0
    unheard = OutboxRow.sent_at < from_now(db.session(), -RING_AGAIN_SECONDS) if again else OutboxRow.sent_at.is_(None)
    wanted = sa.select(OutboxRow.id, OutboxRow.tries, OutboxRow.bulk).where(due(db.session()), unheard)
    some = wanted.order_by(*IN_TURN).limit(10_000 if again else 1000)
    calls = [Call(*row) for row in db.session.execute(some)]
    db.session.rollback()
    if again and calls:
        calls = _bell.lost(calls)
    rung = _bell.ring(calls, budget=5) if calls else []
    if rung:
        _note_rung(rung)
    return len(rung)


def _note_rung(calls: Sequence[Call]) -> None:
    same = sa.and_(OutboxRow.id == sa.bindparam("row"), OutboxRow.tries == sa.bindparam("seen"))
    with writing("outbox.relay") as session:
        note = sa.update(OutboxRow.__table__).where(same).values(sent_at=from_now(session))
        session.connection().execute(note, [{"row": call.row_id, "seen": call.tries} for call in calls])
