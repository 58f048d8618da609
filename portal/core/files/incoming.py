"""Taking a file in: streamed, measured, judged and kept before any transaction is opened.

The database alone knows whether a kept file was also registered. So each arrival leaves a mark in `incoming`,
named like the blob and older than it; an hour later `sweep_incoming` asks the database about the mark, and
removes blob and mark where no row came of it. A crash at any point thus leaves nothing behind for good.
"""

import errno
import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.files import refusals
from portal.core.files.blobs import ORIGINAL, PIECES, Room, new_key, sync
from portal.core.files.examine import examine
from portal.core.files.kinds import PREPARED, Kind
from portal.core.files.limits import MB, Limits
from portal.core.files.models import File
from portal.core.files.names import clean_name, with_extension
from portal.core.files.refusals import FileRefused, StorageFull
from portal.core.files.sniff import HEAD_BYTES, sniff

CHUNK = 256 * 1024
STRAY_AFTER = timedelta(hours=1)


@dataclass
class Incoming:
    """A file that lies in the store and waits to be registered by `store`. Size in bytes, hash in hex.

    `is_final`: what lies there may be given out as it is; otherwise a job prepares it first.
    """

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    is_final: bool
    limits: Limits
    width: int | None = None
    height: int | None = None
    is_registered: bool = False


def receive(stream: BinaryIO, filename: str | None, declared_type: str, *, limits: Limits, room: Room) -> Incoming:
    """Take in one upload, outside any transaction.

    Raises FileRefused with the reason, or StorageFull; then nothing is left behind.
    """
    name = clean_name(filename)
    head = _read_head(stream)
    if not head:
        raise FileRefused(refusals.EMPTY, name=name)
    kind = sniff(head, name, declared_type)
    with _arrival(room, limits.reserve_bytes + limits.bytes_for(kind)) as (key, path):
        size, sha256 = _write(path, head, stream, name, limits.bytes_for(kind))
        width, height = examine(path, kind, name, limits) or (None, None)
        room.blobs.put(_key_of_upload(key, kind), path)
    return Incoming(
        key=key,
        name=with_extension(name, kind.ending),
        media_type=kind.media_type,
        size=size,
        sha256=sha256,
        width=width,
        height=height,
        is_final=kind not in PREPARED,
        limits=limits,
    )


def keep(data: bytes, name: str, media_type: str, *, limits: Limits, room: Room) -> Incoming:
    """Keep bytes that the portal itself made, such as a document; they are not judged."""
    with _arrival(room, limits.reserve_bytes + len(data)) as (key, path):
        path.write_bytes(data)
        room.blobs.put(key, path)
    return Incoming(
        key=key,
        name=clean_name(name),
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        is_final=True,
        limits=limits,
    )


def discard(incoming: Incoming, room: Room) -> None:
    """Remove at once what was received but will not be registered, as when the rest of the form is refused.

    One that `store` has seen is left alone: whether its row was committed is for `sweep_incoming` to find out.
    """
    if not incoming.is_registered:
        _remove(incoming.key, room)


def sweep_incoming(session: Session, room: Room, *, older_than: timedelta = STRAY_AFTER) -> int:
    """Clear what was left behind longer ago than `older_than`: parts, work folders, blobs without a row.

    Only reads the database. Returns how many strays were removed.
    """
    old = list(_older(room.incoming, time.time() - older_than.total_seconds()))
    marks = {path.name for path in old if "." not in path.name}
    known = set(session.scalars(sa.select(File.key).where(File.key.in_(marks)))) if marks else set()
    for key in marks - known:
        _remove(key, room)
    for path in old:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(old) - len(known)


def _older(folder: Path, moment: float) -> Iterator[Path]:
    """What was last touched before `moment` (seconds since 1970). Others may come and go meanwhile."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime < moment:
                yield path


def _key_of_upload(key: str, kind: Kind) -> str:
    return key + ORIGINAL if kind in PREPARED else key


def _read_head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (chunk := stream.read(HEAD_BYTES - len(head))):
        head += chunk
    return head


@contextmanager
def _arrival(room: Room, needed_bytes: int) -> Iterator[tuple[str, Path]]:
    """A new key with its mark, and the path to write to. On any failure nothing stays."""
    if shutil.disk_usage(room.incoming).free < needed_bytes:
        raise StorageFull()
    key = new_key()
    mark, part = room.incoming / key, room.incoming / f"{key}.part"
    try:
        mark.touch(mode=0o600)
        sync(room.incoming)
        yield key, part
    except BaseException as error:
        part.unlink(missing_ok=True)
        _remove(key, room)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull() from error
        raise


def _remove(key: str, room: Room) -> None:
    """The blobs first, then the mark: a crash in between leaves the mark to tell of them."""
    for piece in PIECES:
        room.blobs.delete(key + piece)
    (room.incoming / key).unlink(missing_ok=True)


def _write(path: Path, head: bytes, stream: BinaryIO, name: str, limit: int) -> tuple[int, str]:
    """Write everything to `path`; its size and SHA-256."""
    digest, size, chunk = hashlib.sha256(), 0, head
    with path.open("xb") as file:
        while chunk:
            size += len(chunk)
            if size > limit:
                raise FileRefused(refusals.TOO_LARGE, name=name, limit=limit // MB)
            digest.update(chunk)
            file.write(chunk)
            chunk = stream.read(CHUNK)
    return size, digest.hexdigest()
