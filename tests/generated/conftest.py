"""The demonstration as a database: every noun in every state, and everybody of the cast signed in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from jobs.files import bring_to_end
from portal.core.db import db, slow_writes, writing
from portal.core.files import File, Limits
from portal.core.files import keep as keep_bytes
from portal.demo import cast, story
from portal.domain.accounts.people import person_of
from portal.domain.documents import service as documents
from portal.domain.documents.models import Rendition
from portal.domain.policies import service as policies
from tests.conftest import on_sqlite


@dataclass
class House:
    """The portal with the demonstration's tales. `reset()` goes back to how they were told."""

    app: Flask
    reset: Any
    keep: Any

    @property
    def file(self) -> Path:
        return Path(self.app.extensions["settings"].database_url.removeprefix("sqlite:///"))

    def changed(self) -> bool:
        """Whether anything was written since the last reset."""
        return Path(f"{self.file}-wal").exists() and Path(f"{self.file}-wal").stat().st_size > 0

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, by the table's name."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, cheap_hash: str) -> Iterator[House]:
    """All tales, told once for each test process."""
    with on_sqlite(tmp_path_factory) as (app, keep, reset):
        with app.app_context():
            upgrade()
            pictures = story.pictures_for(db.session(), app.extensions["settings"])
            with writing("tales") as session:
                people = cast.make(session, cheap_hash)
                story.tell(session, people, pictures)
                policies.set_figure(session, person_of(people.people["manager"]), "tries_minutes", 0, 20, "a drill")
            _finish_files_and_papers(app)
            db.session.remove()
            db.engine.dispose()
        keep()
        yield House(app, reset, keep)


def _finish_files_and_papers(app: Flask) -> None:
    """What the worker would do: photos can be looked at, and issued reports have their PDFs."""
    for file_id in db.session.scalars(sa.select(File.id)).all():
        bring_to_end(file_id, writing)
    for rendition_id in db.session.scalars(sa.select(Rendition.id)).all():
        made = keep_bytes(b"%PDF-1.7 a report", "report.pdf", "application/pdf", limits=Limits(), room=app.extensions["room"])
        with writing("rendered") as session:
            documents.rendered(session, session.get_one(Rendition, rendition_id), made, 2)


@pytest.fixture
def house(told: House) -> Iterator[House]:
    """The house as it was told, in its app context."""
    told.reset()
    slow_writes.clear()
    with told.app.app_context():
        yield told
        db.session.remove()
        db.engine.dispose()
