"""PDFs of a revision: kept once, told once both are there, and mended when they failed."""

import pytest
import sqlalchemy as sa
from flask import current_app

from portal.core.db import db, writing
from portal.core.errors import Message, NotAllowed, NotNow
from portal.core.files import File, Limits, keep
from portal.core.notices import Notice
from portal.core.outbox import OutboxRow
from portal.domain.devices.models import Device
from portal.domain.documents import service
from portal.domain.documents.models import Document, Rendition, RenditionState, RevisionState
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from tests import reports

WHY = Message("%(characters)s cannot be printed", characters="U+1F525")


@pytest.fixture
def report(app, people, device) -> Document:
    with writing("test") as session:
        report_id = reports.issued(session, people, session.get_one(Device, device.id)).id
    return db.session.get_one(Document, report_id)


def finish(report: Document, language: str, content: bytes = b"%PDF") -> bool:
    return finish_one(report.current.rendition(language).id, content)


def finish_one(rendition_id: int, content: bytes = b"%PDF") -> bool:
    made = keep(content, "r.pdf", "application/pdf", limits=Limits(), room=current_app.extensions["room"])
    with writing("test") as session:
        return service.rendered(session, session.get_one(Rendition, rendition_id), made, 2)


def fail(report: Document, language: str, why: Message = WHY) -> None:
    rendition_id = report.current.rendition(language).id
    with writing("test") as session:
        service.render_failed(session, session.get_one(Rendition, rendition_id), why)


def told(kind: str) -> int:
    return db.session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.kind == kind))


def test_a_finished_pdf_is_a_file_of_the_hospital(report):
    assert finish(report, "zh")
    rendition = report.current.rendition("zh")
    file = db.session.get_one(File, rendition.file_id)
    assert (rendition.state, rendition.pages) == (RenditionState.READY, 2)
    assert rendition.file_hash == file.sha256_stored
    assert (file.organisation_id, file.media_type) == (report.organisation_id, "application/pdf")


def test_the_first_one_stays(report):
    assert finish(report, "zh")
    assert finish(report, "zh", b"%PDF other") is False
    assert db.session.scalar(sa.select(sa.func.count(File.id))) == 1


def test_the_hospital_is_told_when_all_languages_are_there(report):
    finish(report, "en")
    assert told("report_issued") == 0
    finish(report, "zh")
    first = told("report_issued")
    assert first > 0
    finish(report, "zh")
    assert told("report_issued") == first


def test_a_failure_says_why_in_words_that_can_be_translated(report):
    fail(report, "zh")
    rendition = report.current.rendition("zh")
    assert (rendition.state, rendition.why_failed) == (RenditionState.FAILED, WHY)
    assert report.number is not None
    finish(report, "zh")
    assert report.current.rendition("zh").why_failed is None


def test_staff_are_told_once_of_the_same_reason_and_again_of_another(report):
    fail(report, "zh")
    once = told("pdf_failed")
    fail(report, "zh")
    fail(report, "en")
    assert told("pdf_failed") == once > 0


def test_another_reason_is_told_too(report):
    fail(report, "zh")
    once = told("pdf_failed")
    fail(report, "en", Message("This document could not be laid out."))
    assert told("pdf_failed") == 2 * once


def test_what_is_ready_does_not_fail_any_more(report):
    finish(report, "zh")
    fail(report, "zh")
    assert report.current.rendition("zh").state is RenditionState.READY


def test_a_failed_pdf_is_asked_for_again_by_those_who_may(report, people):
    fail(report, "zh")
    rendition_id = report.current.rendition("zh").id
    asked = sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.kind == "document.render")
    before = db.session.scalar(asked)
    with pytest.raises(NotAllowed), writing("test") as session:
        service.render_again(session, session.get_one(Rendition, rendition_id), people.desk)
    with writing("test") as session:
        service.render_again(session, session.get_one(Rendition, rendition_id), people.manager)
    assert report.current.rendition("zh").state is RenditionState.QUEUED
    assert db.session.scalar(asked) == before + 1
    with pytest.raises(NotNow), writing("test") as session:
        service.render_again(session, session.get_one(Rendition, rendition_id), people.manager)


def test_a_pdf_may_arrive_while_the_report_is_being_corrected(report, people):
    with writing("test") as session:
        order = session.get_one(WorkOrder, report.root_id)
        servicing.correct(session, order, people.technician, "序列号录错")
        servicing.take_up(session, order, people.technician)
        reports.hand_over(session, people, order, order.arrived_at)
    first = report.revisions[0]
    assert report.in_force is first and report.current is not first
    assert all(finish_one(first.rendition(language).id) for language in ("zh", "en"))
    assert told("report_issued") > 0


@pytest.mark.req("QCR-4")
def test_of_two_issued_revisions_the_newer_is_in_force(report, people):
    with writing("test") as session:
        reports.corrected(session, people, session.get_one(Document, report.id), fault_cause="膜片破裂。")
    old, new = report.revisions
    assert (old.state, new.state) == (RevisionState.SUPERSEDED, RevisionState.ISSUED)
    assert report.in_force is new
    assert old.issued_at < new.issued_at
    assert old.content_hash != new.content_hash
