"""The demonstration as a database: every noun in every state, photos and papers finished, everybody signed in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from jobs.files import bring_to_end
from portal.core import clock
from portal.core.db import db, writing
from portal.core.files import File, Limits
from portal.core.files import keep as keep_bytes
from portal.demo import cast, story
from portal.demo.registers import STAFF
from portal.domain.accounts.people import person_of
from portal.domain.accounts.sessions import token_hash
from portal.domain.documents import service as documents
from portal.domain.documents.models import Rendition
from portal.domain.policies import service as policies
from portal.domain.ratings.models import CODE_SIGNS, RatingLink, ServiceRating
from portal.domain.ratings.words import RatingState
from tests.conftest import Browser, on_sqlite

NOBODY = "nobody"


@dataclass
class House:
    """The portal with the demonstration's tales. `reset()` goes back to how they were told."""

    app: Flask
    back: Any
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return Path(self.app.extensions["settings"].database_url.removeprefix("sqlite:///"))

    def reset(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.back()

    def browser(self, key: str) -> FlaskClient:
        """Somebody's browser, signed in; the one of `NOBODY` is not."""
        client = self.app.test_client()
        if key != NOBODY:
            client.set_cookie("session", self.cookies[key])
        return client

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, by the table's name."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


@contextmanager
def told_house(folders: Any, password_hash: str) -> Iterator[House]:
    """A house of one's own; `folders.mktemp(name)` makes room for it. Takes some seconds."""
    with on_sqlite(folders) as (app, keep, reset):
        house = House(app, reset)
        with app.app_context():
            upgrade()
            _tell(app, password_hash)
            _finish_files_and_papers(app)
            db.session.remove()
        for key, *_ in STAFF:
            house.cookies[key] = Browser(app, key).client.get_cookie("session").value
        with app.app_context():
            db.engine.dispose()
        keep()
        yield house


def _tell(app: Flask, password_hash: str) -> None:
    pictures = story.pictures_for(db.session(), app.extensions["settings"])
    with writing("tales") as session:
        people = cast.make(session, password_hash)
        story.tell(session, people, pictures)
        manager = person_of(people.people["manager"])
        policies.set_figure(session, manager, "tries_minutes", 0, 20, "a drill")
        _mail_a_link(session)


RATING_CODE = "5" * CODE_SIGNS
"""What a customer was mailed; of the codes that the portal draws only hashes are kept."""


def _mail_a_link(session: Session) -> None:
    asked = sa.select(ServiceRating.id).where(ServiceRating.state == RatingState.ASKED).order_by(ServiceRating.id)
    hashed, now = token_hash(RATING_CODE), clock.now()
    link = RatingLink(rating_id=session.scalars(asked).first(), code_hash=hashed, created_at=now)
    link.expires_at = now + timedelta(days=14)
    session.add(link)


def _finish_files_and_papers(app: Flask) -> None:
    """What the worker would do: photos can be looked at, and issued reports have their PDFs."""
    for file_id in db.session.scalars(sa.select(File.id)).all():
        bring_to_end(file_id, writing)
    for rendition_id in db.session.scalars(sa.select(Rendition.id)).all():
        room = app.extensions["room"]
        made = keep_bytes(b"%PDF-1.7 a report", "report.pdf", "application/pdf", limits=Limits(), room=room)
        with writing("rendered") as session:
            documents.rendered(session, session.get_one(Rendition, rendition_id), made, 2)


@contextmanager
def tokens(told: House) -> Iterator[None]:
    """Forms with their tokens, as people have them."""
    told.app.config["WTF_CSRF_ENABLED"] = True
    try:
        yield
    finally:
        told.app.config["WTF_CSRF_ENABLED"] = False
