"""Taking files in: measured while they stream, and without a trace when they are refused or break off."""

import errno
import hashlib
import io
import os
import resource
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.core.files import FileRefused, Limits, StorageFull, discard, incoming, keep, receive, refusals
from portal.core.files.blobs import ORIGINAL
from tests.core.files import makers

HOUR = 3600


class Breaking(io.BytesIO):
    """A connection that is lost after some bytes."""

    def __init__(self, data, at):
        super().__init__(data[:at])

    def read(self, size=-1):
        chunk = super().read(size)
        if not chunk:
            raise ConnectionResetError
        return chunk


def send(data, room, name="x.jpg", **limits):
    return receive(io.BytesIO(data), name, "", limits=Limits(**limits), room=room)


def files_in(room):
    return [path for path in room.incoming.parent.rglob("*") if path.is_file()]


def blobs_in(room):
    return {path.name for path in room.blobs.root.rglob("*") if path.is_file()}


def old(path):
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * HOUR))


def test_a_picture_waits_as_original_with_its_facts(room):
    data = makers.jpeg()
    found = send(data, room, "监护仪 报警.jpeg")
    assert (found.name, found.media_type, found.size) == ("监护仪 报警.jpg", "image/jpeg", len(data))
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.width, found.height) == (makers.WIDTH, makers.HEIGHT)
    assert not found.is_final
    assert blobs_in(room) == {found.key + ORIGINAL}


def test_a_document_is_kept_as_it_is(room):
    found = send(makers.pdf(), room, "manual.pdf")
    assert found.is_final
    assert blobs_in(room) == {found.key}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/cron.d/photo.jpg", "photo.jpg"),
        ("..\\..\\boot.jpg", "boot.jpg"),
        ("a\x00.php.jpg", "a.php.jpg"),
        ("photo\u202egpj.jpg", "photogpj.jpg"),
        ("con.jpg", "_con.jpg"),
        ("", "file.jpg"),
        (None, "file.jpg"),
        ("呼吸机" * 100 + ".jpg", ("呼吸机" * 100)[:83] + ".jpg"),
    ],
)
def test_a_hostile_name_is_shown_clean_and_never_used_as_path(room, name, shown):
    found = send(makers.jpeg(), room, name)
    assert found.name == shown
    assert all(path.is_relative_to(room.incoming.parent) and found.key in path.name for path in files_in(room))


def test_the_same_file_sent_twice_is_two_files(room):
    first, second = send(makers.jpeg(), room), send(makers.jpeg(), room)
    assert first.sha256 == second.sha256
    assert first.key != second.key


def test_a_file_too_large_is_refused_before_it_is_read_to_its_end(room):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return (makers.jpeg() + bytes(size))[:size]

    stream = Endless()
    with pytest.raises(FileRefused) as refused:
        receive(stream, "x.jpg", "", limits=Limits(file_bytes=1_000_000), room=room)
    assert refused.value.message.msgid == refusals.TOO_LARGE.msgid
    assert str(refused.value.message) == "“x.jpg” is larger than 1 MB."
    assert stream.given < 1_500_000
    assert files_in(room) == []


def test_a_film_may_be_larger_than_a_photo(room):
    film = makers.film() + makers.box(b"free", bytes(2_000_000))
    assert send(film, room, "x.mov", file_bytes=1_000_000).size == len(film)


@pytest.mark.parametrize("at", [10, 60_000, 100_000, 400_000])
def test_a_lost_connection_leaves_nothing(room, at):
    data = makers.saved(makers.photo(size=(1600, 1200)), "JPEG", quality=100, subsampling=0)
    assert len(data) > 400_000
    with pytest.raises(ConnectionResetError):
        receive(Breaking(data, at), "x.jpg", "", limits=Limits(), room=room)
    assert files_in(room) == []


@pytest.mark.parametrize("what", ["write", "put"])
def test_a_full_disk_is_told_in_plain_words_and_leaves_nothing(room, monkeypatch, what):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    if what == "write":
        monkeypatch.setattr(incoming, "_write", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFull) as refused:
        send(makers.jpeg(), room)
    assert refused.value.status == 507
    assert "no room for files" in str(refused.value.message)
    assert files_in(room) == []


def test_a_write_that_fails_in_its_midst_leaves_nothing(room):
    """A real one: the kernel refuses the bytes beyond this process's limit."""
    data = makers.saved(makers.photo(size=(1600, 1200)), "JPEG", quality=100, subsampling=0)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(data) // 2, hard))
    try:
        with pytest.raises(StorageFull):
            send(data, room)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_in(room) == []
    assert send(data, room).size == len(data)


def test_after_the_disk_has_room_again_nothing_need_be_restarted(room, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        with pytest.raises(StorageFull):
            send(makers.jpeg(), room)
    assert send(makers.jpeg(), room).size


def test_the_last_room_on_the_disk_is_left_to_the_database(room, monkeypatch):
    limits = Limits()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=limits.reserve_bytes + 1))
    with pytest.raises(StorageFull):
        send(makers.jpeg(), room)


def test_a_failing_disk_is_not_taken_for_a_full_one(room, monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output error"):
        send(makers.jpeg(), room)


def test_what_the_portal_makes_itself_is_kept_unjudged(room):
    made = keep(b'{"a": 1}', "报告.json", "application/json", limits=Limits(), room=room)
    assert made.is_final
    with room.blobs.open(made.key) as blob:
        assert blob.read() == b'{"a": 1}'


def test_a_refused_form_gives_its_files_back_at_once(room):
    found = send(makers.jpeg(), room)
    discard(found, room)
    assert files_in(room) == []


def test_a_file_that_may_have_been_registered_is_not_discarded(room):
    found = send(makers.jpeg(), room)
    found.is_registered = True
    discard(found, room)
    assert blobs_in(room) == {found.key + ORIGINAL}


class Rows:
    """A session in which these keys have a row."""

    def __init__(self, *keys):
        self.keys = keys

    def scalars(self, statement):
        return self.keys


def test_an_hour_later_what_never_became_a_row_is_gone(room):
    lost, stored, fresh = send(makers.jpeg(), room), send(makers.jpeg(), room), send(makers.pdf(), room, "x.pdf")
    part, folder = room.incoming / "abc.part", room.incoming / "work.x"
    part.touch()
    folder.mkdir()
    (folder / "picture").touch()
    for path in (room.incoming / lost.key, room.incoming / stored.key, part, folder):
        old(path)
    assert incoming.sweep_incoming(Rows(stored.key), room) == 3
    assert blobs_in(room) == {stored.key + ORIGINAL, fresh.key}
    assert [path.name for path in room.incoming.iterdir()] == [fresh.key]


def test_a_sweep_of_nothing_does_nothing(room):
    assert incoming.sweep_incoming(Rows(), room) == 0


def test_a_sweep_may_be_bidden_to_come_sooner(room):
    send(makers.jpeg(), room)
    assert incoming.sweep_incoming(Rows(), room, older_than=timedelta(seconds=-1)) == 1
    assert files_in(room) == []
