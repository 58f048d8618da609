"""A report that was issued, with a photo of the fault, its PDFs ready."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.files import File, FileState, Limits, finish_reencode, prepare
from portal.domain.devices.models import Device
from portal.domain.documents.models import Document
from tests import reports


@pytest.fixture
def room(app):
    return app.extensions["room"]


@pytest.fixture
def unprinted(app, people, device, room) -> Document:
    photo = reports.photo(room)
    with writing("test") as session:
        report_id = reports.issued(session, people, session.get_one(Device, device.id), photos=(photo,)).id
    prepare_pictures(room)
    return db.session.get_one(Document, report_id)


@pytest.fixture
def report(unprinted, room) -> Document:
    reports.print_all(unprinted, room)
    db.session.rollback()
    return unprinted


def prepare_pictures(room) -> None:
    """What the job file.reencode does, for every file that waits for it."""
    waiting = sa.select(File.id, File.key, File.media_type).where(File.state == FileState.RECEIVED)
    for file_id, key, media_type in db.session.execute(waiting).all():
        result = prepare(key, media_type, room, Limits())
        with writing("test") as session:
            finish_reencode(session, session.get_one(File, file_id), result)
