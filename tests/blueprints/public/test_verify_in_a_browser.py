"""The drop zone: a file is hashed in the browser and compared, and never leaves it."""

import os
import threading

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from portal.core.db import db, writing
from portal.domain.devices.models import Device
from portal.domain.documents.models import Document
from tests import reports
from tests.servers import chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PDF = b"%PDF-1.7 genuine "


@pytest.fixture(scope="module")
def chromium():
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield made
        made.close()


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(app, address, people, device, chromium):
    """The public page of a report that was issued, corrected and issued again; nothing may go wrong on it."""
    with writing("test") as session:
        report_id = reports.issued(session, people, session.get_one(Device, device.id)).id
    room = app.extensions["room"]
    reports.print_all(db.session.get_one(Document, report_id), room, PDF)
    with writing("test") as session:
        reports.corrected(session, people, session.get_one(Document, report_id), fault_cause="膜片破裂。")
    reports.print_all(db.session.get_one(Document, report_id), room, PDF + b"2 ")
    number = db.session.get_one(Document, report_id).number
    context = chromium.new_context(locale="en-GB")
    page, troubles, sent = context.new_page(), [], []
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: sent.append(request.method) if request.method != "GET" else None)
    page.goto(f"{address}/verify/{number}")
    yield page
    context.close()
    assert (troubles, sent) == ([], [])


def choose(page, content: bytes) -> None:
    page.locator("#held").set_input_files({"name": "held.pdf", "mimeType": "application/pdf", "buffer": content})


def test_the_genuine_pdf_is_recognised(page):
    choose(page, PDF + b"2 en")
    line = page.locator(".upload-list .banner.good")
    expect(line).to_contain_text("the PDF of revision 2 in English")
    expect(line).to_contain_text("held.pdf")


def test_the_pdf_of_a_superseded_revision_is_recognised_as_that(page):
    choose(page, PDF + b"zh")
    expect(page.locator(".upload-list .banner.warn")).to_contain_text("(Superseded)")


def test_one_changed_byte_is_noticed(page):
    choose(page, PDF + b"2 eN")
    expect(page.locator(".upload-list .banner.bad")).to_contain_text("not what we issued under this number")


def test_a_file_can_be_dropped(page):
    page.evaluate(
        """content => {
          const transfer = new DataTransfer()
          transfer.items.add(new File([content], 'dropped.pdf'))
          const event = new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true})
          document.querySelector('[data-verify] .upload-control').dispatchEvent(event)
        }""",
        (PDF + b"2 zh").decode(),
    )
    expect(page.locator(".upload-list .banner.good")).to_contain_text("dropped.pdf")


def test_the_same_without_scripts(page, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    plain = context.new_page()
    plain.goto(page.url)
    expect(plain.locator("[data-verify]")).to_be_hidden()
    plain.locator("summary").click()
    plain.locator("[name=hash]").fill("0" * 64)
    plain.get_by_role("button", name="Compare").click()
    expect(plain.locator(".status-line.bad")).to_contain_text("This is not what we issued")
    context.close()
