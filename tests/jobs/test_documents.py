"""The paper of the service report: made once, from frozen bytes, in both languages, sealed; or said why not."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy

import pikepdf
import pytest
import sqlalchemy as sa

import jobs
from jobs import documents as document_jobs
from jobs import run
from portal.core import clock, documents
from portal.core.db import db, writing
from portal.core.documents import Reason, RenderFailed, content_hash, verify_seal
from portal.core.errors import NotNow
from portal.core.files import File
from portal.core.notices import Delivery, Notice, Progress
from portal.core.outbox import OutboxRow
from portal.domain.devices.models import Device
from portal.domain.documents import service
from portal.domain.documents.models import Document, Method, Rendition, RenditionState
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.report import figures
from portal.web.filters import exact
from portal.web.languages import as_reader
from tests import reports
from tests.conftest import People
from tests.core.documents.reading import attached, open_pdf

pytestmark = [pytest.mark.pdf, pytest.mark.slow, pytest.mark.usefixtures("warm_engine")]

UNKNOWN = "\U0002a6d6"  # a character that no typeface of ours has
RARE = "王䶮龘"


@pytest.fixture(scope="session")
def warm_engine() -> None:
    """Each render of these tests is a fork, as in the worker."""
    documents.warm()


def fresh(engine) -> None:
    """The template, and no mails, files or keys of earlier tests."""
    engine.reset()
    jobs.load()
    settings = engine.app.extensions["settings"]
    for folder in (settings.mailbox.folder, settings.data_dir / "files", settings.data_dir / "seals"):
        shutil.rmtree(folder, ignore_errors=True)
    (settings.data_dir / "files").mkdir()


@pytest.fixture
def app(engine):
    """The whole portal, where the other tests of jobs make do with its queue."""
    fresh(engine)
    with engine.app.app_context():
        yield engine.app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def room(app):
    return app.extensions["room"]


@pytest.fixture
def issue(people, device, room):
    """Issue a report; what is typed, and how the customer signs, may differ."""
    return lambda **changes: issue_report(people, device.id, room, **changes)


def issue_report(people, device_id: int, room, *, signature: dict | None = None, **changes) -> int:
    """A report that the customer signed on the technician's tablet; its id."""
    drawn = reports.drawn(room)
    with writing("test") as session:
        report = reports.to_be_signed(session, people, session.get_one(Device, device_id), **changes)
        values = {"method": Method.WITNESSED, "name": RARE, "department": "重症医学科", "phone": "138 0000 0000"}
        reports.sign(session, report, people.technician, picture=drawn, **values | (signature or {}))
        return report.id


def issue_with_photos(people, device_id: int, room) -> Document:
    """A report with photos, after all jobs were done."""
    photos = {"photos": (reports.photo(room),), "log_photos": (reports.photo(room, "62 uA"),)}
    report_id = issue_report(people, device_id, room, **photos)
    jobs.drain()
    db.session.rollback()
    return db.session.get_one(Document, report_id)


@pytest.fixture
def report(people, device, room) -> Document:
    return issue_with_photos(people, device.id, room)


@dataclass(frozen=True)
class Printed:
    """A report that was printed once for all tests that only read."""

    number: str
    pdfs: dict[str, bytes]
    texts: dict[str, str]
    frozen: bytes
    content_hash: str
    issued_at: datetime
    signed_at: list[datetime]
    roots: list[bytes]


@pytest.fixture(scope="module")
def printed(engine, tmp_path_factory) -> Printed:
    fresh(engine)
    with engine.app.app_context():
        room, settings = engine.app.extensions["room"], engine.app.extensions["settings"]
        device_id = db.session.scalar(sa.select(sa.func.min(Device.id)))
        report = issue_with_photos(People(), device_id, room)
        pdfs = {each.language: pdf_of(each, room) for each in report.current.renditions}
        made = Printed(
            number=report.number,
            pdfs=pdfs,
            texts={language: text_of(pdf, tmp_path_factory.mktemp("pdf")) for language, pdf in pdfs.items()},
            frozen=report.current.frozen,
            content_hash=report.current.content_hash,
            issued_at=report.current.issued_at,
            signed_at=[signature.signed_at for signature in report.current.signatures],
            roots=[path.read_bytes() for path in (settings.data_dir / "seals" / "RK").glob("*.pem")],
        )
        db.session.remove()
        db.engine.dispose()
    return made


def row_of(rendition: Rendition) -> int:
    """The newest outbox row that asks for this PDF."""
    rows = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "document.render").order_by(OutboxRow.id))
    return [row.id for row in rows if row.payload["rendition_id"] == rendition.id][-1]


def pdf_of(rendition: Rendition, room) -> bytes:
    with room.blobs.open(db.session.get_one(File, rendition.file_id).key) as blob:
        return blob.read()


def text_of(pdf: bytes, tmp_path) -> str:
    """All text of the pages, without spaces and line breaks, as pdftotext finds it."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", "", found)


def told(kind: str) -> list[Notice]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


def mails(app, kind: str) -> list:
    """The mails of this kind that were sent, by the subject in their notice's template."""
    box = app.extensions["settings"].mailbox.folder
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(box.glob("*.eml"))]
    return [mail for mail in found if kind in mail["Subject"]]


FIELDS = [
    "江南大学附属中心医院", "重症医学科", "上海市黄浦区延安中路1088号", "陈静怡", "0571-88776655",  # customer (F02)
    "RH-V5", "VE240001000", "ZC001000", "深圳瑞呼科技股份有限公司", "国械注准20193080412", "06931234500018",  # device
    "RK-SR-", "RK-WO-", "李伟",  # the service and who did it
    "上周搬动过一次设备", "呼气末正压不能维持", "膜片老化变形", "拆检呼气阀", "RH-9021", "VM210077", "VM260318",  # F06
    "潮气量500mL实测496mL", "到场，设备已停用", "及时，专业", RARE, "设备科工程师", "13800000000", "上海服务中心",
    "JL-56-00",
]  # fmt: skip


@pytest.mark.req("QCR-2", "QCR-3")
def test_every_field_of_the_forms_stands_on_the_paper_in_both_languages(printed):
    assert [field for field in FIELDS if field not in printed.texts["zh"]] == []
    english = printed.texts["en"]
    translated = {"江南大学附属中心医院", "上海市黄浦区延安中路1088号"}
    assert [field for field in FIELDS if field not in translated and field not in english] == []
    for said in ("JiangnanUniversityCentralHospital", "Ventilator", "Passed", "Maybeused", "3h18min", "Verysatisfied"):
        assert said in english, said


@pytest.mark.req("QCR-8")
def test_each_signature_block_says_who_in_which_role_meaning_what_where_when_how_and_what(engine, printed):
    text = printed.texts["en"]
    for role, meaning in (
        ("Serviceengineer", "Carriedoutandrecordedthisservice"),
        ("Reviewer", "Reviewedtheresultsandreleasedthedevice"),
        ("Customer", "Confirmstheserviceanditsevaluation"),
    ):
        assert role in text and meaning in text
    assert text.count(printed.content_hash[:40]) >= 3
    assert "Witness:李伟" in text
    with engine.app.app_context(), as_reader("en", "Asia/Shanghai"):
        for at in printed.signed_at:
            assert re.sub(r"\s", "", exact(at)) in text
    assert len(pictures(printed.pdfs["en"])) == 3  # two photos and the drawn signature


def pictures(pdf: bytes) -> set[tuple[int, int]]:
    """The pictures that the pages show, without the masks of their transparent parts."""
    document = open_pdf(pdf)
    streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
    images = [stream for stream in streams if stream.get("/Subtype") == "/Image"]
    masks = {image.SMask.objgen for image in images if "/SMask" in image}
    return {image.objgen for image in images} - masks


def test_the_other_language_says_which_one_prevails(printed):
    assert "TheCustomerreadandsignedinChinese".lower() in printed.texts["en"].lower()


@pytest.mark.req("QCR-4", "QCR-8")
def test_the_very_bytes_that_were_signed_are_attached(printed):
    for pdf in printed.pdfs.values():
        content, media_type, relationship = attached(pdf, "report.json")
        assert content == printed.frozen
        assert content_hash(content) == printed.content_hash
        assert (media_type, relationship) == ("application/json", "/Source")


@pytest.mark.req("QCR-9")
def test_the_seal_holds_and_breaks_on_one_changed_byte(printed):
    pdf = printed.pdfs["zh"]
    verdict = verify_seal(pdf, printed.roots)
    assert (verdict.ok, verdict.covers, verdict.signer) == (True, "file", "上海瑞康医疗器械有限公司")
    assert verdict.at == printed.issued_at.replace(microsecond=0)
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    assert not verify_seal(bytes(changed), printed.roots).ok


@pytest.mark.req("QCR-9")
def test_every_page_leads_to_where_it_can_be_checked(printed):
    pages = len(open_pdf(printed.pdfs["en"]).pages)
    assert printed.texts["en"].count(f"Number{printed.number}") == pages
    assert printed.texts["en"].count(printed.content_hash) >= pages
    assert printed.texts["en"].count("/verify") == pages


@pytest.mark.req("QCR-8")
def test_a_signature_on_paper_is_printed_with_its_photo_witness_and_reason(app, issue, room, tmp_path):
    paper = {"method": Method.PAPER, "reason": "客户无电子签字权限", "phone": "", "rating": None, "comment": ""}
    report = db.session.get_one(Document, issue(signature=paper))
    _prepare_pictures()
    run(row_of(report.current.rendition("en")), raising=True)
    db.session.rollback()
    pdf = pdf_of(db.session.get_one(Document, report.id).current.rendition("en"), room)
    text = text_of(pdf, tmp_path)
    for said in ("onpaper", "Reason:客户无电子签字权限", "Witness:李伟", "Signedonpaper:Customer"):
        assert said in text, said
    assert len(pictures(pdf)) == 1


def test_a_second_run_makes_no_second_file_or_notice(report, room):
    rendition = report.current.rendition("zh")
    before = (rendition.file_hash, rendition.made_at)
    files, notices = db.session.scalar(sa.select(sa.func.count(File.id))), len(told("report_issued"))
    with writing("test") as session:
        service._ask_for(session, session.get_one(Rendition, rendition.id))
    jobs.drain(raising=True)
    db.session.rollback()
    rendition = db.session.get_one(Document, report.id).current.rendition("zh")
    assert (rendition.file_hash, rendition.made_at) == before
    assert db.session.scalar(sa.select(sa.func.count(File.id))) == files
    assert len(told("report_issued")) == notices


def test_two_workers_that_made_the_same_pdf_leave_one(issue, room, monkeypatch):
    """The other worker was quicker while this one was rendering."""
    report = db.session.get_one(Document, issue())
    _prepare_pictures()
    rendition_id, row_id = report.current.rendition("zh").id, row_of(report.current.rendition("zh"))
    render = document_jobs.render_pdf

    def overtaken(*arguments, **options):
        made = render(*arguments, **options)
        incoming = document_jobs.keep(b"%PDF first", "a.pdf", "application/pdf", limits=reports.Limits(), room=room)
        with writing("other worker") as session:
            service.rendered(session, session.get_one(Rendition, rendition_id), incoming, 1)
        return made

    monkeypatch.setattr(document_jobs, "render_pdf", overtaken)
    run(row_id, raising=True)
    db.session.rollback()
    assert pdf_of(db.session.get_one(Rendition, rendition_id), room) == b"%PDF first"
    pdfs = db.session.scalars(sa.select(File.key).where(File.media_type == "application/pdf")).all()
    assert len(pdfs) == 1
    assert sum(1 for path in room.blobs.root.rglob("*") if path.is_file() and path.read_bytes()[:4] == b"%PDF") == 1


def _prepare_pictures() -> None:
    for row in db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "file.reencode")).all():
        run(row.id, raising=True)


@pytest.mark.req("QCR-2", "NTC-1")
def test_when_both_are_ready_the_hospital_gets_its_own_language_by_mail(app, report, people, room):
    notices = told("report_issued")
    assert {notice.person_id for notice in notices} == {people.officer.id, people.ward.id}
    (mail,) = [m for m in mails(app, report.number) if m["To"] == "officer@example.com"]
    (pdf,) = list(mail.iter_attachments())
    assert pdf.get_filename() == f"{report.number}-zh.pdf"
    assert pdf.get_content() == pdf_of(report.current.rendition("zh"), room)
    text = mail.get_body(("plain",)).get_content()
    assert f"/open/{report.number}" in text and f"/verify/{report.number}" in text


def test_with_one_language_alone_nobody_is_told_yet(issue):
    report = db.session.get_one(Document, issue())
    _prepare_pictures()
    run(row_of(report.current.rendition("zh")), raising=True)
    assert told("report_issued") == []
    run(row_of(report.current.rendition("en")), raising=True)
    assert len(told("report_issued")) == 2


def test_who_may_no_longer_see_it_gets_no_pdf(app, issue, people):
    issue()
    _prepare_pictures()
    for row in db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "document.render")).all():
        run(row.id, raising=True)
    with writing("test") as session:
        session.execute(sa.text("UPDATE account SET state = 'disabled' WHERE id = :id"), {"id": people.officer.id})
    jobs.drain()
    found = [m for m in mails(app, "RK-RP-") if m["To"] == "officer@example.com"]
    assert [list(mail.iter_attachments()) for mail in found] == [[]]


@pytest.mark.parametrize(
    ("changes", "signature", "place"),
    [
        ({"fault_symptom": f"屏幕显示{UNKNOWN}字"}, {}, "findings.fault_symptom"),
        ({}, {"name": f"王{UNKNOWN}"}, "signature.customer.name"),
    ],
)
def test_a_character_that_cannot_be_printed_is_named_with_its_place_and_not_tried_again(
    app, issue, people, changes, signature, place
):
    report_id = issue(signature=signature, **changes)
    jobs.drain()
    db.session.rollback()
    report = db.session.get_one(Document, report_id)
    for rendition in report.current.renditions:
        assert rendition.state is RenditionState.FAILED
        assert str(rendition.why_failed) == f"U+2A6D6 cannot be printed (in {place})"
        row = db.session.get_one(OutboxRow, row_of(rendition))
        assert (row.tries, row.done_at is not None) == (1, True)
    assert report.number is not None
    menders = {people.quality.id, people.quality2.id, people.desk.id, people.desk2.id}
    assert sorted(notice.person_id for notice in told("pdf_failed")) == sorted(menders)  # once, not for each language
    (mail,) = [m for m in mails(app, report.number) if m["To"] == "quality@example.com"]
    assert "U+2A6D6" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("reason", [Reason.TIME, Reason.MEMORY])
def test_a_failure_of_the_machine_is_tried_again_and_then_given_up(issue, monkeypatch, reason):
    report = db.session.get_one(Document, issue())
    _prepare_pictures()
    rendition, row_id = report.current.rendition("zh"), row_of(report.current.rendition("zh"))
    tried = []

    def fail(*arguments, **options):
        tried.append(1)
        raise RenderFailed(reason)

    monkeypatch.setattr(document_jobs, "render_pdf", fail)
    for _ in range(10):
        due(row_id)
        run(row_id)
    db.session.rollback()
    assert len(tried) == jobs.REGISTRY["document.render"].tries
    assert db.session.get_one(Rendition, rendition.id).state is RenditionState.FAILED
    assert "After several tries" in str(db.session.get_one(Rendition, rendition.id).why_failed)
    assert len(told("pdf_failed")) == 4


def due(row_id: int) -> None:
    """Let no time pass until the next try."""
    with writing("test") as session:
        session.execute(sa.update(OutboxRow.__table__).where(OutboxRow.id == row_id).values(not_before=clock.now()))


def test_an_altered_content_is_never_printed(issue):
    report = db.session.get_one(Document, issue())
    _prepare_pictures()
    rendition, row_id = report.current.rendition("zh"), row_of(report.current.rendition("zh"))
    altered = json.dumps({"company": {}}).encode()
    with writing("test") as session:
        session.execute(sa.text("UPDATE revision SET frozen = :frozen"), {"frozen": altered})
    run(row_id)
    db.session.rollback()
    rendition = db.session.get_one(Rendition, rendition.id)
    assert rendition.state is RenditionState.FAILED
    assert "no longer matches its hash" in str(rendition.why_failed)


def test_a_signature_of_another_content_stops_the_paper(issue):
    report = db.session.get_one(Document, issue())
    _prepare_pictures()
    row_id = row_of(report.current.rendition("zh"))
    with writing("test") as session:
        session.execute(sa.text("UPDATE signature SET content_hash = :h WHERE block = 'release'"), {"h": "0" * 64})
    run(row_id)
    db.session.rollback()
    assert db.session.get_one(Document, report.id).current.rendition("zh").state is RenditionState.FAILED


def test_it_waits_for_pictures_that_are_still_being_prepared(issue):
    report = db.session.get_one(Document, issue())
    row_id = row_of(report.current.rendition("zh"))
    run(row_id)
    db.session.rollback()
    row = db.session.get_one(OutboxRow, row_id)
    assert row.done_at is None and "still being prepared" in row.error
    assert (row.not_before - clock.now()).total_seconds() < 10
    _prepare_pictures()
    due(row_id)
    run(row_id, raising=True)
    db.session.rollback()
    assert db.session.get_one(Document, report.id).current.rendition("zh").state is RenditionState.READY


def test_photos_that_came_after_the_freezing_do_not_slip_in(issue, people, room):
    report = db.session.get_one(Document, issue())
    request_id = db.session.get_one(WorkOrder, report.root_id).request_id
    photo = reports.photo(room)
    with writing("test") as session:
        servicing.post_message(
            session, session.get_one(ServiceRequest, request_id), people.officer, "又一张", files=(photo,)
        )
    assert figures(db.session(), report.current) == []


@pytest.mark.req("QCR-4")
def test_a_correction_says_what_it_replaces_and_the_old_pdf_stays_as_it_was(report, people, room, tmp_path):
    first = pdf_of(report.current.rendition("en"), room)
    with writing("test") as session:
        reports.corrected(session, people, session.get_one(Document, report.id), fault_cause="膜片破裂。")
    jobs.drain()
    db.session.rollback()
    document = db.session.get_one(Document, report.id)
    text = text_of(pdf_of(document.current.rendition("en"), room), tmp_path)
    assert f"{document.number},revision2" in text and "Revision2,replacesrevision1" in text
    assert "膜片破裂" in text
    assert pdf_of(document.revisions[0].rendition("en"), room) == first


def test_a_failed_pdf_can_be_asked_for_again_but_a_ready_one_cannot(report, people):
    with writing("test") as session, pytest.raises(NotNow):
        rendition = session.get_one(Rendition, report.current.rendition("zh").id)
        service.render_again(session, rendition, people.manager)


def test_every_notice_of_the_story_has_its_words(app, report, people):
    """Nothing of it is left undelivered, and no mail has a placeholder or a link that leads nowhere."""
    waiting = db.session.scalars(sa.select(Delivery.last_error).where(Delivery.state != Progress.SENT)).all()
    assert waiting == []
