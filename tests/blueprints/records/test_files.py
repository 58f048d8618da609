"""Files, through the records that they are attached to."""

import pytest
import sqlalchemy as sa

from portal.core.access import Access
from portal.core.db import db, writing
from portal.core.files import Attachment
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from tests import reports
from tests.blueprints.records.conftest import prepare_pictures


def attachment(purpose: str) -> str:
    """The uid of the newest attachment for this purpose."""
    return db.session.scalars(
        sa.select(Attachment.uid).where(Attachment.purpose == purpose).order_by(Attachment.id.desc())
    ).first()


def rows() -> list[Access]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Access)))


@pytest.fixture
def note(report, people, room) -> str:
    """The uid of a photo that came with an internal note."""
    with writing("test") as session:
        request = session.scalars(sa.select(ServiceRequest)).one()
        photo = reports.photo(room)
        service.post_message(session, request, people.desk, "内部", internal=True, files=(photo,))
    prepare_pictures(room)
    return attachment("message")


def test_a_photo_is_shown_clean_and_safe(browser, report):
    answer = browser("officer").get(f"/files/{attachment('symptom')}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.data.startswith(b"\xff\xd8") and len(answer.data) == answer.content_length
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.req("DOC-5")
def test_who_took_a_file_is_written_down_and_a_thumbnail_leaves_no_row(browser, report, people):
    uid, officer = attachment("symptom"), browser("officer")
    small = officer.get(f"/files/{uid}/thumbnail")
    assert small.status_code == 200 and rows() == []
    large = officer.get(f"/files/{uid}")
    assert len(large.data) > len(small.data)
    assert [(row.person_id, row.kind, row.record) for row in rows()] == [(people.officer.id, "attachment", uid)]


@pytest.mark.parametrize("key", ["officer2", "officer3", "technician2", "dealer_desk", "stores", "finance"])
@pytest.mark.parametrize("end", ["", "/thumbnail"])
def test_nobody_outside_gets_it(browser, report, key, end):
    answer = browser(key).get(f"/files/{attachment('symptom')}{end}")
    assert answer.status_code == 404
    assert rows() == []


def test_a_file_that_never_was_has_the_same_answer(browser, report):
    foreign, uid = browser("officer2"), attachment("symptom")
    never = "0190f0f0-0000-7000-8000-000000000000"
    there, nowhere = foreign.get(f"/files/{uid}"), foreign.get(f"/files/{never}")
    assert (there.status_code, there.text.replace(uid, never)) == (nowhere.status_code, nowhere.text)


@pytest.mark.parametrize("end", ["", "/thumbnail"])
def test_an_internal_file_is_for_staff_alone(browser, note, end):
    assert browser("desk").get(f"/files/{note}{end}").status_code == 200
    assert browser("officer").get(f"/files/{note}{end}").status_code == 404


def test_a_photo_of_the_work_order_is_for_those_who_see_the_order(browser, people, device, room):
    photo = reports.photo(room)
    with writing("test") as session:
        reports.to_be_signed(session, people, session.merge(device), log_photos=(photo,))
    prepare_pictures(room)
    uid = attachment("log")
    assert browser("technician").get(f"/files/{uid}").status_code == 200
    assert browser("technician2").get(f"/files/{uid}").status_code == 404


def test_what_is_still_being_prepared_is_not_given(browser, people, device, room):
    photo = reports.photo(room)
    with writing("test") as session:
        reports.to_be_signed(session, people, session.merge(device), photos=(photo,))
    for end in ("", "/thumbnail"):
        assert browser("officer").get(f"/files/{attachment('symptom')}{end}").status_code == 404
    assert rows() == []


def test_a_stranger_is_asked_to_sign_in(stranger, report):
    assert stranger.get(f"/files/{attachment('symptom')}").status_code == 303
