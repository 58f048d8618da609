"""PDFs: for those who may see the document, each with a row of who took it."""

import pytest
import sqlalchemy as sa

from portal.core.access import Access
from portal.core.db import db, writing
from portal.core.errors import Busy, Message
from portal.domain.documents import service
from portal.domain.documents.models import Document
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from portal.web import giving
from tests import reports


def taken() -> list[Access]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Access).order_by(Access.id)))


@pytest.mark.req("QCR-2")
def test_the_hospital_fetches_its_report_in_either_language(browser, report):
    officer = browser("officer")
    for language in ("zh", "en"):
        answer = officer.get(f"/documents/{report.uid}/{language}.pdf")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.data == b"%PDF-1.7 not really" + language.encode()
        assert answer.headers["Content-Disposition"].startswith(f'inline; filename="{report.number}-{language}.pdf"')
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_it_can_be_saved_instead_of_shown(browser, report):
    answer = browser("officer").get(f"/documents/{report.uid}/zh.pdf?download=")
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.req("DOC-5")
def test_who_took_it_is_written_down(browser, report, people):
    rendition = report.current.rendition("zh").uid
    browser("officer").get(f"/documents/{report.uid}/zh.pdf")
    (row,) = taken()
    assert (row.person_id, row.kind, row.record) == (people.officer.id, "rendition", rendition)
    assert row.address == "127.0.0.1"


@pytest.mark.req("DOC-5")
def test_nothing_is_given_when_that_cannot_be_written(browser, report, monkeypatch):
    officer = browser("officer")

    def full(*arguments):
        raise Busy()

    monkeypatch.setattr(giving.access, "note", full)
    answer = officer.get(f"/documents/{report.uid}/zh.pdf")
    assert answer.status_code == 503
    assert b"%PDF" not in answer.data
    assert taken() == []


@pytest.mark.req("DOC-5")
def test_the_row_is_committed_before_the_first_byte(app, browser, report):
    answer = browser("officer").client.get(f"/documents/{report.uid}/zh.pdf", buffered=False)
    assert len(taken()) == 1
    assert next(answer.iter_encoded()).startswith(b"%PDF")
    answer.close()


@pytest.mark.parametrize("key", ["officer2", "officer3", "technician2", "dealer_desk", "stores"])
def test_nobody_else_gets_it_nor_learns_that_it_exists(browser, report, key):
    answer = browser(key).get(f"/documents/{report.uid}/zh.pdf")
    assert answer.status_code in (403, 404)
    assert b"%PDF" not in answer.data
    assert taken() == []


def test_a_foreign_hospital_gets_the_answer_of_a_document_that_never_was(browser, report):
    foreign = browser("officer2")
    theirs = foreign.get(f"/documents/{report.uid}/zh.pdf")
    nothing = foreign.get("/documents/0190f0f0-0000-7000-8000-000000000000/zh.pdf")
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.text.replace(report.uid, "") == nothing.text.replace("0190f0f0-0000-7000-8000-000000000000", "")


def test_a_stranger_is_asked_to_sign_in(stranger, report):
    answer = stranger.get(f"/documents/{report.uid}/zh.pdf")
    assert answer.status_code == 303 and "/sign-in" in answer.location


def test_a_pdf_that_is_not_ready_is_not_given(browser, unprinted):
    officer = browser("officer")
    assert officer.get(f"/documents/{unprinted.uid}/en.pdf").status_code == 404
    with writing("test") as session:
        rendition = session.get_one(Document, unprinted.id).current.rendition("en")
        service.render_failed(session, rendition, Message("no"))
    assert officer.get(f"/documents/{unprinted.uid}/en.pdf").status_code == 404
    assert taken() == []


@pytest.mark.req("QCR-4")
def test_the_revision_in_force_is_given_and_older_ones_by_number(browser, report, people, room):
    with writing("test") as session:
        reports.corrected(session, people, session.get_one(Document, report.id), fault_cause="膜片破裂。")
    officer = browser("officer")
    assert officer.get(f"/documents/{report.uid}/zh.pdf").status_code == 404  # revision 2, still being prepared
    assert officer.get(f"/documents/{report.uid}/zh.pdf?revision=1").data.endswith(b"zh")
    reports.print_all(db.session.get_one(Document, report.id), room, b"%PDF-1.7 second ")
    answer = officer.get(f"/documents/{report.uid}/zh.pdf")
    assert answer.data == b"%PDF-1.7 second zh"
    assert f"{report.number}-r2-zh.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("number", ["3", "0", "-1", "1e3", "x", "9" * 30, "１"])
def test_a_revision_that_never_was_is_not_found(browser, report, number):
    assert browser("officer").get(f"/documents/{report.uid}/zh.pdf?revision={number}").status_code == 404


def test_while_a_correction_waits_the_issued_revision_stays_in_force(browser, report, people):
    with writing("test") as session:
        servicing.correct(session, session.get_one(WorkOrder, report.root_id), people.technician, "序列号录错")
    assert browser("officer").get(f"/documents/{report.uid}/zh.pdf").data.endswith(b"zh")
