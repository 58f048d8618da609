"""A portal with nothing in it but the queue, for tests of the queue: also run as worker or tick by those that kill it.

`python -m tests.jobs.house worker|tick HOME` serves the database of HOME; test jobs write one line per effect.
"""

import os
import sys
import threading
import time
from pathlib import Path

import sqlalchemy as sa
import sqlalchemy.orm
from flask import Flask
from jinja2 import FileSystemLoader

import jobs
from jobs import JobContext, job, keeper
from portal.core import notices, outbox, schedules
from portal.core.db import Base, db, prepare, writing
from portal.settings import load
from portal.web import filters, languages

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


# What test jobs did, one row for each time. Not among the portal's own tables, which others compare with the schema.
EFFECTS = sa.Table(
    "test_effect", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("mark", sa.String(80))
)


def bare_app(home: Path, **environ: str) -> Flask:
    """An application of the queue's tables alone, on SQLite in `home`, and its tables made."""
    app = Flask(__name__)
    settings = load({"DATA_DIR": str(home), "REDIS_URL": NO_QUEUE} | environ)
    app.extensions["settings"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(home / "translations")
    app.jinja_loader = FileSystemLoader(Path(__file__).with_name("templates"))
    db.init_app(app)
    languages.install(app)
    filters.install(app)
    outbox.connect(settings.redis_url)
    with app.app_context():
        prepare(db.engine)
        Base.metadata.create_all(db.engine, tables=TABLES)
        EFFECTS.create(db.engine, checkfirst=True)
        db.session.remove()
        db.engine.dispose()
    return app


def clear_queue() -> None:
    """Remove the rows and notices that the making of a database has left."""
    with writing("test") as session:
        for table in (notices.Delivery, notices.Notice, outbox.OutboxRow):
            session.execute(sa.delete(table))


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
    return list(db.session.scalars(sa.select(EFFECTS.c.mark).order_by(EFFECTS.c.id)))


def leave(session: sa.orm.Session, mark: str) -> None:
    """Leave a mark, in a transaction of a job."""
    session.execute(sa.insert(EFFECTS).values(mark=mark))


def change(row_id: int, **values: object) -> None:
    """Set columns of a row as a test needs them."""
    with writing("test") as session:
        session.execute(sa.update(outbox.OutboxRow).where(outbox.OutboxRow.id == row_id).values(values))


@job("test.mark")
def mark(ctx: JobContext) -> None:
    with ctx.finishing() as session:
        leave(session, ctx.payload["mark"])


@job("test.slow", timeout=60)
def slow(ctx: JobContext) -> None:
    """Waits until the file `go` stands in HOME, then leaves its mark."""
    home = Path(os.environ["HOUSE"])
    (home / "started").write_text(str(os.getpid()))
    while not (home / "go").exists():
        time.sleep(0.02)
    with ctx.finishing() as session:
        leave(session, ctx.payload["mark"])


@job("test.hang", timeout=1, tries=1)
def hang(ctx: JobContext) -> None:
    time.sleep(60)


@job("test.die", tries=2)
def die(ctx: JobContext) -> None:
    os._exit(9)


def intruder(*_: object) -> None:
    """What a hostile queue would like to have called."""
    (Path(os.environ["HOUSE"]) / "broken").touch()


def main(what: str, home: str) -> None:
    os.environ["HOUSE"] = home
    outbox.LEASE_SECONDS = SHORT_LEASE
    keeper.BEAT_SECONDS = 1.0
    keeper.HAND_BACK_SECONDS = 1.0
    app = bare_app(Path(home), REDIS_URL=os.environ["REDIS_URL"])
    if what == "worker":
        from jobs import worker

        worker.documents.warm = lambda: None  # no paper in this house
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
