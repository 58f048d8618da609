"""A portal with nothing in it but files, and one record to attach them to."""

from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.core import audit, guard, outbox
from portal.core.db import Base, db, prepare, writing
from portal.core.errors import Message
from portal.core.figures import Figure
from portal.core.files import Attachment, File, attach, room_in, store
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.core.verbs import ANY, Verb

OWNER_ID = 7
"""The organisation of the one record."""

FILES_A_DAY = 5
"""What the operator has set."""

TABLES = (Figure, File, Attachment, outbox.OutboxRow, audit.AuditEntry, audit.AuditPersonal, audit.AuditSeal)


class Permission(StrEnum):
    ATTACH = "attach"


ATTACH = Verb("attach", on=ANY, permission=Permission.ATTACH, label=Message("Attach"))


def bare_app(home: Path) -> Flask:
    """An application of these tables alone, on SQLite in `home`."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{home / 'test.db'}"
    app.extensions["room"] = room_in(home)
    db.init_app(app)
    outbox.connect("")
    audit.use_key(b"test")
    with app.app_context():
        prepare(db.engine)
        Base.metadata.create_all(db.engine, tables=[model.__table__ for model in TABLES])
        with db.engine.begin() as connection:
            for name, value in (("stand-in", 1), ("files_a_day", FILES_A_DAY)):
                row = {"name": name, "value": value, "unit": "", "source": "", "audit_head": audit.GENESIS}
                connection.execute(sa.insert(Figure).values(row | {"audit_seq": 0, "figure_version": 1}))
        guard.install(db.engine, db.session)
    return app


def case(session: Session) -> Figure:
    """The record: a figure, the only audited one that the core has, given an owner."""
    record = session.get(Figure, 1)
    record.organisation_id = OWNER_ID
    return record


def filed(incoming, *, organisation_id=OWNER_ID, person_id=3, internal=False, **options) -> int:
    """Register and attach a received file to the case in one act, as a service does; the file's id."""
    with writing() as session:
        record = case(session)

        def change(act):
            file = store(session, incoming, organisation_id=organisation_id, created_by_id=person_id, **options)
            place = {"purpose": "symptom", "created_by_id": person_id, "to": "part-1", "internal": internal}
            attach(session, file, root=record, **place)

        perform(session, ATTACH, record, SYSTEM, change)
        return session.scalar(sa.select(File.id).where(File.key == incoming.key))
