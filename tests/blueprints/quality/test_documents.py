"""Reports as quality keeps them: revisions, signatures and what they cover, PDFs, corrections."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.errors import Message
from portal.core.outbox import OutboxRow
from portal.domain.documents import service as documents
from portal.domain.documents.models import Rendition, RenditionState, RevisionState
from portal.domain.servicing.words import OrderState
from tests.blueprints.technicians.field import order_at, order_of, paper_of, sent, signing


@pytest.fixture
def desk(browser):
    return browser("quality")


def test_the_list_holds_the_issued_reports_and_others_on_demand(desk, people, device):
    issued, waiting = paper_of(order_at(people, device, "done")), paper_of(order_at(people, device, "to_sign"))
    page = desk.get("/quality/documents").text
    assert issued.number in page and waiting.uid not in page
    assert waiting.uid in desk.get("/quality/documents?state=frozen").text
    assert desk.get("/quality/documents?state=nonsense").status_code == 200
    assert desk.get("/quality/documents?at=nonsense").status_code == 422


@pytest.mark.req("QCR-8")
def test_a_report_shows_who_signed_what_when_and_how(desk, people, device):
    paper = paper_of(order_at(people, device, "done"))
    page = desk.get(f"/quality/documents/{paper.uid}").text
    for said in ("李伟", "吴敏", "陈静怡", paper.current.content_hash, paper.number):
        assert said in page


@pytest.mark.req("QCR-4")
def test_a_correction_is_a_new_revision_and_the_old_one_stays_as_it_was(browser, desk, people, device):
    number = order_at(people, device, "done")
    first, address = paper_of(number), f"/quality/documents/{paper_of(number).uid}"
    signed, known = first.current.content_hash, first.number
    assert desk.post(f"{address}/correct", sent(reason="")).status_code == 422
    assert desk.post(f"{address}/correct", sent(reason="备件序列号有误")).status_code == 303
    assert order_of(number).state is OrderState.SENT_BACK
    tablet, order = browser("technician"), f"/technician/orders/{number}"
    tablet.post(f"{order}/take_up", sent())
    tablet.post(f"{order}/log", sent(text="序列号更正为 B3"))
    tablet.post(f"{order}/start_tests", sent())
    assert tablet.post(f"{order}/submit", signing(tablet.get(f"{order}/submit"))).status_code == 303
    paper = paper_of(number)
    assert [revision.revision for revision in paper.revisions] == [1, 2]
    assert paper.revisions[0].content_hash == signed and paper.revisions[0].state is RevisionState.ISSUED
    assert paper.number == known and not paper.current.signed("customer")
    page = desk.get(f"{address}?revision=1").text
    assert "序列号更正为 B3" not in page and "序列号更正为 B3" in desk.get(address).text


def test_a_pdf_that_failed_says_why_and_is_asked_for_again_by_whoever_may(browser, desk, people, device):
    number = order_at(people, device, "done")
    rendition_id = paper_of(number).current.renditions[0].id
    with writing() as session:
        rendition = session.get_one(Rendition, rendition_id)
        documents.render_failed(session, rendition, Message("This document could not be laid out."))
    paper = paper_of(number)
    address = f"/quality/documents/{paper.uid}"
    retry = f"{address}/pdfs/{paper.current.renditions[0].uid}/retry"
    assert retry not in desk.get(address).text and desk.post(retry, sent()).status_code == 403
    manager = browser("manager")
    assert retry in manager.get(address).text
    asked = renders()
    assert manager.post(retry, sent()).status_code == 303
    assert paper_of(number).current.renditions[0].state is RenditionState.QUEUED and renders() == asked + 1
    assert manager.post(retry, sent()).status_code == 409


def renders() -> int:
    """How many PDFs were asked for so far."""
    return db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.kind == "document.render"))


def test_a_pdf_of_another_report_is_not_there(browser, people, device):
    one, other = (paper_of(order_at(people, device, "done")) for _ in range(2))
    address = f"/quality/documents/{one.uid}/pdfs/{other.current.renditions[0].uid}/retry"
    assert browser("manager").post(address, sent()).status_code == 404


def test_a_dealers_people_see_only_their_own_reports(browser, people, device):
    paper = paper_of(order_at(people, device, "done"))
    assert browser("dealer_desk").get(f"/quality/documents/{paper.uid}").status_code == 404


def test_customers_read_their_reports_elsewhere(browser, people, device):
    paper = paper_of(order_at(people, device, "done"))
    assert browser("officer").get(f"/quality/documents/{paper.uid}").status_code == 403
