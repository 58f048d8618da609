"""Whether the portal's neighbours are there: asked by /readyz often, and by `flask doctor` with more besides.

A check is a function of the settings that returns a Finding; it runs within an application context, through `look`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import syslibs
from portal.core import clock, outbox, schedules
from portal.core.db import db
from portal.settings import Settings

PATIENCE = 1  # seconds for the queue server to answer
LEAST_FREE = 500 * 2**20  # bytes


class Finding(NamedTuple):
    """What a check found: `says` in words, and `remedy`, what to do when it is not `ok`."""

    name: str
    ok: bool
    says: str
    remedy: str = ""


Check = Callable[[Settings], Finding]


class Report(NamedTuple):
    """`ready`: pages can be served. `degraded`: the names of what does not work at the moment."""

    ready: bool
    degraded: tuple[str, ...]


def database(settings: Settings) -> Finding:
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        return Finding("database", False, f"cannot be reached: {first_line(error)}", "Start it, or mend DATABASE_URL.")
    return Finding("database", True, db.engine.dialect.name)


def data_folder(settings: Settings) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        who = f"user {os.geteuid()}"
        return Finding("data folder", False, str(error), f"Let {who} write to {settings.data_dir}, or mend DATA_DIR.")
    room = os.statvfs(settings.data_dir)
    free = room.f_bavail * room.f_frsize
    says = f"{settings.data_dir}, {free / 2**30:.1f} GiB free"
    return Finding("data folder", free >= LEAST_FREE, says, "Make room on that disk; when full it takes no files.")


def queue(settings: Settings) -> Finding:
    client = redis.Redis.from_url(
        settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=None
    )
    try:
        client.ping()
        return Finding("queue", True, "answers")
    except redis.RedisError as error:
        remedy = "Start the portal with ./run, or mend REDIS_URL. Nothing is lost meanwhile: what waits is done later."
        return Finding("queue", False, f"does not answer: {first_line(error)}", remedy)
    finally:
        client.close()


def worker(settings: Settings) -> Finding:
    with Session(db.engine) as session:
        late = outbox.late(session)
    remedy = "Start a worker: python -m jobs.worker."
    return Finding("worker", not late, f"{late} jobs have waited for over a minute" if late else "keeps up", remedy)


def tick(settings: Settings) -> Finding:
    with Session(db.engine) as session:
        silent = schedules.silent(session, "tick", clock.now())
    return Finding("tick", not silent, "silent" if silent else "at work", "Start it: python -m jobs.tick.")


def pdf_engine(settings: Settings) -> Finding:
    missing = _missing_libraries()
    says = f"lacks {', '.join(missing)}" if missing else "its libraries load"
    return Finding("PDF engine", not missing, says, f"apt-get install --no-install-recommends {' '.join(missing)}")


NEEDED: tuple[Check, ...] = (database, data_folder)
WANTED: tuple[Check, ...] = (queue, worker, tick, pdf_engine)


def report(settings: Settings) -> Report:
    """The state of the neighbours now. Takes a second or so when one of them is silent."""
    needed = [look(check, settings) for check in NEEDED]
    wanted = [look(check, settings) for check in WANTED]
    return Report(all(f.ok for f in needed), tuple(f.name for f in (*needed, *wanted) if not f.ok))


def look(check: Check, settings: Settings) -> Finding:
    """What `check` finds; where the database does not let it look, that."""
    try:
        return check(settings)
    except sa.exc.SQLAlchemyError as error:
        name = check.__name__.replace("_", " ")
        return Finding(name, False, f"could not be looked at: {first_line(error)}", "Mend the database first.")


@cache
def _missing_libraries() -> tuple[str, ...]:
    # In a process of its own: the web server has no use for these libraries and should not carry them.
    command = [sys.executable, syslibs.__file__]
    return tuple(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())  # noqa: S603


def first_line(error: Exception) -> str:
    return (str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__])[0]
