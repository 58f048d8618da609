"""From the upload to the clean copy: rows and blobs agree at every step."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

import jobs
from jobs.files import bring_to_end
from portal.core import clock, outbox
from portal.core.audit import AuditEntry
from portal.core.childwork import ChildFailed, Why
from portal.core.db import db, writing
from portal.core.errors import NotNow, NotYours
from portal.core.files import (
    EnoughToday,
    File,
    FileState,
    Limits,
    attached,
    drop_leftovers,
    finish_reencode,
    limits_in_force,
    prepare,
    receive,
    refusals,
    served_key,
    store,
    sweep_incoming,
)
from portal.core.files.blobs import ORIGINAL, THUMBNAIL
from portal.core.guard import UnsignedWrite
from tests.core.files import makers
from tests.core.files.house import FILES_A_DAY, bare_app, case, filed


@pytest.fixture
def app(tmp_path):
    app = bare_app(tmp_path)
    with app.app_context():
        yield app


@pytest.fixture
def room(app):
    return app.extensions["room"]


def send(room, data=None, name="照片.jpg", **limits):
    return receive(io.BytesIO(data or makers.jpeg()), name, "", limits=Limits(**limits), room=room)


def the_file(file_id):
    db.session.rollback()
    return db.session.get(File, file_id)


def pieces(room, key):
    return {piece for piece in ("", ORIGINAL, THUMBNAIL) if room.blobs.exists(key + piece)}


def test_a_photo_is_received_and_asks_to_be_prepared(room):
    file = the_file(filed(send(room)))
    assert file.state is FileState.RECEIVED
    assert served_key(file) is None
    assert file.sha256_stored == file.sha256_uploaded
    [row] = outbox.waiting(db.session)
    assert (row.kind, row.payload, row.actor_id) == ("file.reencode", {"file_id": file.id}, 3)


def test_a_document_is_ready_at_once(room):
    file = the_file(filed(send(room, makers.pdf(), "说明书.pdf")))
    assert file.state is FileState.READY
    assert served_key(file) == file.key
    assert outbox.waiting(db.session) == []


@pytest.mark.req("INT-1")
def test_the_job_makes_the_clean_copy_and_removes_the_original(room):
    file_id = filed(send(room, makers.heic(), "IMG_0001.HEIC"))
    jobs.drain(raising=True)
    file = the_file(file_id)
    assert (file.state, file.media_type, file.display_name) == (FileState.READY, "image/jpeg", "IMG_0001.jpg")
    assert file.taken_at == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert pieces(room, file.key) == {"", THUMBNAIL}
    with room.blobs.open(served_key(file)) as blob:
        content = blob.read()
    assert file.sha256_stored == hashlib.sha256(content).hexdigest() != file.sha256_uploaded
    assert file.size == len(content)
    with room.blobs.open(served_key(file, thumbnail=True)) as blob, Image.open(blob) as thumbnail:
        assert max(thumbnail.size) <= 480


def test_evidence_keeps_its_original_which_still_is_not_given_out(room):
    file_id = filed(send(room), evidence_hold=True)
    jobs.drain(raising=True)
    file = the_file(file_id)
    assert pieces(room, file.key) == {"", ORIGINAL, THUMBNAIL}
    with room.blobs.open(file.key + ORIGINAL) as blob:
        assert hashlib.sha256(blob.read()).hexdigest() == file.sha256_uploaded
    assert not served_key(file).endswith(ORIGINAL)


def test_a_picture_that_cannot_be_read_ends_as_refused_with_its_reason(room):
    file_id = filed(send(room, makers.spoilt_png(), "签名.png"))
    jobs.drain(raising=True)
    file = the_file(file_id)
    assert file.state is FileState.REFUSED
    assert str(file.why_refused) == "“签名.png” is damaged and cannot be read."
    assert served_key(file) is None
    assert pieces(room, file.key) == set()


def test_a_film_loses_its_place_and_keeps_its_length(room):
    sent = makers.film()
    file_id = filed(send(room, sent, "现场.mov"))
    jobs.drain(raising=True)
    file = the_file(file_id)
    with room.blobs.open(served_key(file)) as blob:
        content = blob.read()
    assert len(content) == len(sent)
    assert b"+31.2300" not in content and makers.OWNER.encode() not in content
    assert b"picture and sound" in content
    assert pieces(room, file.key) == {""}


def test_the_trail_says_what_came_in_and_what_became_of_it(room):
    filed(send(room))
    jobs.drain(raising=True)
    verbs = list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs == ["figure:attach", "file:finish"]


class TestTheJob:
    def test_may_run_again_and_changes_nothing(self, room):
        file_id = filed(send(room))
        jobs.drain(raising=True)
        before = the_file(file_id).sha256_stored
        jobs.run_inline("file.reencode", file_id=file_id)
        assert the_file(file_id).sha256_stored == before

    def test_killed_before_the_commit_begins_anew(self, room):
        file = the_file(filed(send(room)))
        first = prepare(file.key, file.media_type, room, Limits())
        jobs.drain(raising=True)
        assert the_file(file.id).sha256_stored == first.sha256

    def test_killed_after_the_commit_still_removes_the_original(self, room):
        file = the_file(filed(send(room)))
        result = prepare(file.key, file.media_type, room, Limits())
        with writing() as session:
            finish_reencode(session, session.get(File, file.id), result)
        assert ORIGINAL in pieces(room, file.key)
        jobs.drain(raising=True)
        assert ORIGINAL not in pieces(room, file.key)

    @pytest.mark.parametrize("why", [Why.LATE, Why.KILLED, Why.RAISED])
    def test_tries_again_later_when_the_machine_was_the_reason(self, room, monkeypatch, why):
        def late(*_):
            raise ChildFailed(why)

        file_id = filed(send(room))
        with monkeypatch.context() as busy:
            busy.setattr("portal.core.childwork.run_limited", late)
            jobs.drain()
        assert the_file(file_id).state is FileState.RECEIVED
        assert pieces(room, the_file(file_id).key) == {ORIGINAL}
        bring_to_end(file_id, writing)
        assert the_file(file_id).state is FileState.READY

    @pytest.mark.parametrize(
        ("why", "reason"),
        [(Why.MEMORY, refusals.TOO_HARD), (Why.WORK, refusals.TOO_HARD), (Why.CRASHED, refusals.DAMAGED)],
    )
    def test_refuses_what_kills_its_decoder(self, room, monkeypatch, why, reason):
        def dead(*_):
            raise ChildFailed(why)

        monkeypatch.setattr("portal.core.childwork.run_limited", dead)
        file_id = filed(send(room))
        jobs.drain(raising=True)
        assert the_file(file_id).refusal == reason.msgid

    def test_leaves_no_work_behind(self, room):
        filed(send(room))
        jobs.drain(raising=True)
        assert not [path for path in room.incoming.iterdir() if path.is_dir()]

    def test_of_a_file_that_is_gone_ends_quietly(self, app):
        jobs.run_inline("file.reencode", file_id=999)

    def test_is_the_only_way_to_finish_and_only_once(self, room):
        file = the_file(filed(send(room)))
        result = prepare(file.key, file.media_type, room, Limits())
        for _ in range(2):
            with writing() as session:
                if session.get(File, file.id).state is FileState.RECEIVED:
                    finish_reencode(session, session.get(File, file.id), result)
                else:
                    with pytest.raises(NotNow):
                        finish_reencode(session, session.get(File, file.id), result)


class TestRegistering:
    def test_writes_nothing_outside_a_verb(self, room):
        with pytest.raises(UnsignedWrite), writing() as session:
            store(session, send(room), organisation_id=7, created_by_id=3)

    def test_touches_no_file_under_the_lock(self, room, monkeypatch):
        found = send(room)

        def forbidden(*_, **__):
            raise AssertionError("a file was touched inside the transaction")

        for name in ("open", "unlink", "replace", "mkdir", "touch"):
            monkeypatch.setattr(f"pathlib.Path.{name}", forbidden)
        assert filed(found)

    def test_rolled_back_leaves_no_row_and_soon_no_blob(self, room):
        found = send(room)
        with pytest.raises(NotYours):
            filed(found, organisation_id=8)
        assert found.is_registered
        assert db.session.scalar(sa.select(sa.func.count()).select_from(File)) == 0
        sweep_incoming(db.session(), room, older_than=timedelta(seconds=-1))
        assert pieces(room, found.key) == set()

    def test_committed_survives_every_sweep(self, room):
        file = the_file(filed(send(room)))
        sweep_incoming(db.session(), room, older_than=timedelta(seconds=-1))
        assert pieces(room, file.key) == {ORIGINAL}
        assert list(room.incoming.iterdir()) == []

    def test_the_same_upload_twice_is_impossible(self, room):
        found = send(room)
        filed(found)
        with pytest.raises(sa.exc.IntegrityError):
            filed(found)

    def test_a_file_of_another_organisation_cannot_be_attached(self, room):
        with pytest.raises(NotYours):
            filed(send(room), organisation_id=8)

    def test_a_file_of_nobody_may_be_attached_to_anything(self, room):
        assert filed(send(room, makers.pdf(), "manual.pdf"), organisation_id=None)


class TestQuota:
    def test_stops_one_person_but_not_the_next(self, room):
        for _ in range(2):
            filed(send(room, files_a_day=2))
        with pytest.raises(EnoughToday):
            filed(send(room, files_a_day=2))
        assert filed(send(room, files_a_day=2), person_id=4)

    def test_counts_bytes_as_well(self, room):
        with pytest.raises(EnoughToday):
            filed(send(room, bytes_a_day=100))

    def test_begins_anew_after_a_day(self, room):
        with clock.frozen(datetime.now(UTC) - timedelta(hours=25)):
            filed(send(room, files_a_day=1))
        assert filed(send(room, files_a_day=1))

    def test_does_not_bind_the_system(self, room):
        for _ in range(2):
            filed(send(room, files_a_day=1), person_id=None)

    def test_follows_the_operators_figures(self, app):
        assert limits_in_force(db.session()) == Limits(files_a_day=FILES_A_DAY)


def test_a_records_files_come_in_order_and_internal_ones_on_request_only(room):
    for name, internal in (("a.pdf", False), ("note.pdf", True), ("b.pdf", False)):
        filed(send(room, makers.pdf(), name), internal=internal)
    record = case(db.session)
    shown = [file.display_name for _, file in db.session.execute(attached(record, with_internal=False))]
    assert shown == ["a.pdf", "b.pdf"]
    everything = list(db.session.scalars(attached(record, with_internal=True)))
    assert [(each.purpose, each.part_uid, each.internal) for each in everything] == [
        ("symptom", "part-1", False),
        ("symptom", "part-1", True),
        ("symptom", "part-1", False),
    ]


def test_dropping_leftovers_of_what_is_still_needed_does_nothing(room):
    file = the_file(filed(send(room)))
    drop_leftovers(file, room)
    assert pieces(room, file.key) == {ORIGINAL}
