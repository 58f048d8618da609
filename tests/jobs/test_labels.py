"""Labels on paper: each in its place, with the code that leads to its device and the numbers to call."""

import io

import pytest
import sqlalchemy as sa
from flask import current_app
from pypdf import PdfReader

import jobs
from jobs import run
from jobs.labels import page_of
from portal.core import codes, documents
from portal.core.db import db, writing
from portal.core.documents import Reason, RenderFailed, qr
from portal.core.outbox import OutboxRow
from portal.core.permissions import SYSTEM
from portal.domain.devices.models import Device
from portal.domain.devices.scans import look_up
from portal.domain.labels import queries, service
from portal.domain.labels.lifecycle import PRINT
from portal.domain.labels.models import LabelSheet, SheetState

pytestmark = [pytest.mark.pdf, pytest.mark.slow, pytest.mark.usefixtures("warm_engine")]

MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="session")
def warm_engine() -> None:
    documents.warm()


@pytest.fixture
def app(engine):
    engine.reset()
    jobs.load()
    with engine.app.app_context():
        yield engine.app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ask(app, people):
    """`ask(count, position=0, …)` asks for labels of the first devices; returns the sheet's id."""
    ids = db.session.scalars(sa.select(Device.id).order_by(Device.id)).all()

    def asked(count, position=0, language="zh", skipped=0):
        with writing("test") as writer:
            form = queries.formats(writer)[position]
            return service.ask(writer, people.desk, form, ids[:count], language=language, skipped=skipped).id

    return asked


def made(sheet_id):
    """The sheet after its job, and the PDF."""
    asked = sa.select(OutboxRow.id).where(OutboxRow.kind == PRINT).order_by(OutboxRow.id.desc())
    row_id = db.session.scalars(asked).first()
    db.session.rollback()
    run(row_id)
    sheet = db.session.get_one(LabelSheet, sheet_id)
    if sheet.file is None:
        return sheet, None
    with current_app.extensions["room"].blobs.open(sheet.file.key) as blob:
        data = blob.read()
        return sheet, PdfReader(io.BytesIO(data))


@pytest.mark.req("INT-10")
def test_a_label_says_what_stands_there_and_whom_to_call(ask, device):
    sheet, pdf = made(ask(1))
    text = pdf.pages[0].extract_text().replace("\u00a0", " ")  # a telephone number does not break in its middle
    assert sheet.state is SheetState.READY and sheet.pages == 1
    for wanted in (device.serial, device.asset_number, device.number, device.company.phone, device.centre.phone):
        assert wanted in text, wanted
    assert "呼吸机" in text and codes.spell(device.label_code) in text and "扫码报修" in text
    assert "Ventilator" in made(ask(1, language="en"))[1].pages[0].extract_text()


@pytest.mark.req("INT-10")
def test_the_printed_code_is_the_address_of_its_device(app, ask, device):
    sheet = db.session.get_one(LabelSheet, ask(1))
    address = f"{app.extensions['settings'].public_url}/d/{device.label_code}"
    assert qr(address).path in page_of(sheet)
    assert look_up(db.session, SYSTEM, address).number == device.number


def test_sheets_fill_after_the_places_that_were_used(ask):
    _sheet, pdf = made(ask(10, skipped=20))
    assert len(pdf.pages) == 2
    assert [round(float(side) / MILLIMETRE) for side in pdf.pages[0].mediabox[2:]] == [210, 297]
    counts = [page.extract_text().count("扫码报修") for page in pdf.pages]
    assert counts == [4, 6]


@pytest.mark.parametrize(("position", "size", "pages"), [(1, (210, 297), 1), (2, (62, 37), 3), (3, (70, 37), 3)])
def test_every_shipped_format_comes_out_in_its_own_size(ask, position, size, pages):
    _sheet, pdf = made(ask(3, position))
    assert len(pdf.pages) == pages
    assert tuple(round(float(side) / MILLIMETRE) for side in pdf.pages[0].mediabox[2:]) == size


def test_what_cannot_be_made_says_so_and_a_second_run_changes_nothing(ask, monkeypatch):
    def fails(*_args, **_options):
        raise RenderFailed(Reason.BROKEN, "a picture is broken")

    monkeypatch.setattr("jobs.labels.render_pdf", fails)
    sheet_id = ask(1)
    sheet, pdf = made(sheet_id)
    assert pdf is None and sheet.state is SheetState.FAILED and sheet.error
    with writing("test") as writer:
        service.fail(writer, writer.get_one(LabelSheet, sheet_id), "again")
    db.session.rollback()
    assert db.session.get_one(LabelSheet, sheet_id).error == sheet.error
