"""Anybody may check a document, and learns no name by it."""

import hashlib

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.devices.models import Device
from portal.domain.documents.models import Document
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from tests import reports
from tests.look.markup import page_faults
from tests.queries import count_queries

NAMES = ("陈静怡", "李伟", "吴敏", "重症医学科", "设备科", "0571-8877 6655", "江南", "Jiangnan", "及时")


@pytest.fixture
def report(app, people, device) -> Document:
    with writing("test") as session:
        report_id = reports.issued(session, people, session.get_one(Device, device.id)).id
    document = db.session.get_one(Document, report_id)
    reports.print_all(document, app.extensions["room"])
    db.session.rollback()
    return document


@pytest.fixture
def ask(stranger):
    """The page about a number, in English."""

    def ask(path: str, language: str = "en"):
        return stranger.get(path, headers={"Accept-Language": language})

    return ask


@pytest.mark.req("QCR-9")
def test_it_shows_what_was_issued(ask, report):
    page = ask(f"/verify/{report.number}")
    assert page.status_code == 200
    assert page_faults(page.text) == []
    for shown in ("Service report", report.number, "JL-56-00", "Issued", report.current.content_hash):
        assert shown in page.text
    for rendition in report.current.renditions:
        assert rendition.file_hash in page.text
    for role in ("Service engineer", "Reviewer", "Customer"):
        assert role in page.text
    assert "in the own account, by password" in page.text


@pytest.mark.req("QCR-9")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_shows_no_name_nor_place_nor_serial_number(ask, report, language):
    page = ask(f"/verify/{report.number}", language).text
    shown = [name for name in (*NAMES, report.subject) if name in page]
    assert shown == []


def test_a_content_hash_of_the_document_is_recognised(ask, report):
    page = ask(f"/verify/{report.number}?hash={report.current.content_hash}").text
    assert "Genuine and in force: the signed content of revision 1." in page


def test_the_hash_of_a_pdf_is_recognised_however_it_was_pasted(ask, report):
    typed = report.current.rendition("en").file_hash.upper()
    page = ask(f"/verify/{report.number}?hash={typed[:32]}%20{typed[32:]}").text
    assert "Genuine and in force: the PDF of revision 1 in English." in page


def test_another_hash_is_refused_in_plain_words(ask, report):
    other = hashlib.sha256(b"something else").hexdigest()
    page = ask(f"/verify/{report.number}?hash={other}").text
    assert f"This is not what we issued under {report.number}." in page
    assert "Genuine and" not in page


@pytest.mark.parametrize("typed", ["abc", "g" * 64, "<script>", "f" * 65])
def test_what_is_no_hash_is_said_to_be_none(ask, report, typed):
    page = ask(f"/verify/{report.number}?hash={typed}").text
    assert "This is not a SHA-256 hash" in page
    assert "<script>" not in page


@pytest.mark.req("QCR-4", "QCR-9")
def test_a_superseded_revision_says_by_which(app, ask, report, people):
    first = report.current.content_hash
    with writing("test") as session:
        reports.corrected(session, people, session.get_one(Document, report.id), fault_cause="膜片破裂。")
    reports.print_all(db.session.get_one(Document, report.id), app.extensions["room"], b"%PDF second")
    page = ask(f"/verify/{report.number}?hash={first}").text
    assert "Superseded by revision 2." in page
    assert "Genuine, but no longer in force: the signed content of revision 1." in page
    db.session.rollback()
    newest = db.session.get_one(Document, report.id).current.content_hash
    assert "in force: the signed content of revision 2." in ask(f"/verify/{report.number}?hash={newest}").text


def test_a_correction_that_waits_to_be_signed_is_nobodys_business(ask, report, people):
    with writing("test") as session:
        order = session.get_one(WorkOrder, report.root_id)
        service.correct(session, order, people.technician, "序列号录错")
        service.take_up(session, order, people.technician)
        reports.hand_over(session, people, order, order.arrived_at, fault_cause="膜片破裂。")
    waiting = db.session.get_one(Document, report.id).current
    page = ask(f"/verify/{report.number}").text
    assert waiting.revision == 2 and waiting.content_hash not in page
    assert "Superseded" not in page


@pytest.mark.parametrize("number", ["RK-RP-2026-99999", "RK-SR-2026-00001", "x", "9" * 300])
def test_a_number_that_we_never_issued_has_a_calm_answer(ask, report, number):
    page = ask(f"/verify/{number}")
    assert page.status_code == 404
    assert "We have issued nothing under the number" in page.text
    assert page_faults(page.text) == []


def test_the_form_leads_to_the_page(ask, report):
    assert page_faults(ask("/verify").text) == []
    answer = ask(f"/verify?number=%20{report.number.lower()}%20&hash=")
    assert (answer.status_code, answer.location) == (303, f"/verify/{report.number}")
    answer = ask(f"/verify?number={report.number}&hash={'A' * 64}")
    assert answer.location == f"/verify/{report.number}?hash={'a' * 64}"


def test_an_altered_content_is_admitted(ask, report):
    with writing("test") as session:
        session.execute(sa.text("UPDATE revision SET frozen = :content"), {"content": b"{}"})
    assert "Our own copy of this content does not match its hash." in ask(f"/verify/{report.number}").text


def test_it_takes_few_statements(ask, report):
    with count_queries() as statements:
        ask(f"/verify/{report.number}")
    assert len(statements) <= 5, statements
