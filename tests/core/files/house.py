"""A portal with nothing in it but files and one kind of record to attach them to."""

from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import audit, figures, guard, outbox
from portal.core.db import Base, BigId, db, prepare, writing
from portal.core.errors import Message
from portal.core.files import Attachment, File, attach, room_in, store
from portal.core.lifecycle import ANY, Verb, perform
from portal.core.permissions import SYSTEM


class Case(audit.Audited, Base):
    """A record of one organisation."""

    __tablename__ = "test_case"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]


class Permission(StrEnum):
    ALL = "all"


ATTACH = Verb("attach", on=ANY, permission=Permission.ALL, label=Message("Attach"))

TABLES = (
    Case,
    File,
    Attachment,
    figures.Figure,
    outbox.OutboxRow,
    audit.AuditEntry,
    audit.AuditPersonal,
    audit.AuditSeal,
)


def bare_app(home: Path) -> Flask:
    """An application of these tables alone, on SQLite in `home`, with one case of organisation 7."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{home / 'test.db'}"
    app.extensions["room"] = room_in(home)
    db.init_app(app)
    outbox.connect("")
    audit.use_key(b"test")
    with app.app_context():
        prepare(db.engine)
        guard.install(db.engine, db.session)
        Base.metadata.create_all(db.engine, tables=[model.__table__ for model in TABLES])
        with db.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO test_case VALUES (1, 7, 0, :head)"), {"head": audit.GENESIS})
    return app


def filed(incoming, *, organisation_id=7, person_id=3, internal=False, **options) -> int:
    """Register and attach a received file to the case in one act, as a service does; the file's id."""
    with writing() as session:
        case = session.get(Case, 1)

        def change(act):
            file = store(session, incoming, organisation_id=organisation_id, created_by_id=person_id, **options)
            place = {"purpose": "symptom", "created_by_id": person_id, "to": "part-1", "internal": internal}
            attach(session, file, root=case, **place)

        perform(session, ATTACH, case, SYSTEM, change)
        return session.scalar(sa.select(File.id).where(File.key == incoming.key))
