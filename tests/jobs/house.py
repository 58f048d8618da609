"""A portal with nothing in it but the queue, for tests of the queue: also run as worker or tick by those that kill it.

`python -m tests.jobs.house worker|tick HOME` serves the database of HOME; test jobs write one line per effect.
"""

import os
import sys
import threading
import time
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_babel import Babel
from jinja2 import FileSystemLoader

import jobs
from jobs import JobContext, job, keeper
from portal.core import notices, outbox, schedules
from portal.core.db import Base, db, prepare, writing
from portal.settings import load

TABLES = [
    table.__table__
    for table in (
        outbox.OutboxRow,
        schedules.ScheduleSlot,
        schedules.SignOfLife,
        notices.Notice,
        notices.Delivery,
        notices.NoticeChoice,
    )
]
SHORT_LEASE = 3
NO_QUEUE = "unix:///nonexistent/valkey.sock"


class Effect(Base):
    """What a test job did: one row for each time."""

    __tablename__ = "test_effect"
    machinery = True

    id: sa.orm.Mapped[int] = sa.orm.mapped_column(primary_key=True)
    mark: sa.orm.Mapped[str]


def bare_app(home: Path, **environ: str) -> Flask:
    """An application of the queue's tables alone, on SQLite in `home`, and its tables made."""
    app = Flask(__name__)
    settings = load({"DATA_DIR": str(home), "REDIS_URL": NO_QUEUE} | environ)
    app.extensions["settings"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.jinja_loader = FileSystemLoader(Path(__file__).with_name("templates"))
    db.init_app(app)
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai")
    outbox.connect(settings.redis_url)
    with app.app_context():
        prepare(db.engine)
        Base.metadata.create_all(db.engine, tables=[*TABLES, Effect.__table__])
        db.session.remove()
        db.engine.dispose()
    return app


def ask(kind: str, **payload: int | str) -> int:
    """Commit an outbox row; its id."""
    with writing("test") as session:
        row = outbox.put(session, kind, payload)
        session.flush()
        return row.id


def row(row_id: int) -> outbox.OutboxRow:
    """The row as it stands now."""
    db.session.rollback()
    return db.session.get_one(outbox.OutboxRow, row_id)


def effects() -> list[str]:
    """The marks that test jobs have left, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Effect.mark).order_by(Effect.id)))


def change(row_id: int, **values: object) -> None:
    """Set columns of a row as a test needs them."""
    with writing("test") as session:
        session.execute(sa.update(outbox.OutboxRow).where(outbox.OutboxRow.id == row_id).values(values))


@job("test.mark")
def mark(ctx: JobContext) -> None:
    with ctx.finishing() as session:
        session.add(Effect(mark=ctx.payload["mark"]))


@job("test.slow", timeout=60)
def slow(ctx: JobContext) -> None:
    """Waits until the file `go` stands in HOME, then leaves its mark."""
    home = Path(os.environ["HOUSE"])
    (home / "started").write_text(str(os.getpid()))
    while not (home / "go").exists():
        time.sleep(0.02)
    with ctx.finishing() as session:
        session.add(Effect(mark=ctx.payload["mark"]))


@job("test.hang", timeout=1, tries=1)
def hang(ctx: JobContext) -> None:
    time.sleep(60)


@job("test.die", tries=2)
def die(ctx: JobContext) -> None:
    os._exit(9)


def main(what: str, home: str) -> None:
    os.environ["HOUSE"] = home
    outbox.LEASE_SECONDS = SHORT_LEASE
    keeper.BEAT_SECONDS = 1.0
    keeper.HAND_BACK_SECONDS = 1.0
    app = bare_app(Path(home), REDIS_URL=os.environ["REDIS_URL"])
    if what == "worker":
        from jobs import worker

        worker.warm = lambda: None
        worker.work(app, os.environ["REDIS_URL"])
    else:
        from jobs import tick

        outbox.RING_AGAIN_SECONDS = 2
        chores = tuple(chore if chore.seconds < 30 else tick.Hook(chore.name, 2, chore.work) for chore in tick.CHORES)
        tick.tick(app, threading.Event(), chores)


if __name__ == "__main__":
    sys.modules["tests.jobs.house"] = sys.modules["__main__"]
    jobs.load()
    main(*sys.argv[1:])
