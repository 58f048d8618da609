"""The job's part: from the upload, which is never given out, to the copy that may be."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.core import childwork
from portal.core.childwork import Bounds, ChildFailed, Why
from portal.core.errors import Message
from portal.core.files import refusals, videos
from portal.core.files.blobs import ORIGINAL, THUMBNAIL, Room
from portal.core.files.boxes import BrokenBox
from portal.core.files.kinds import KINDS, Family, Kind
from portal.core.files.limits import MB, Limits

PICTURE_BOUNDS = Bounds(memory_bytes=700 * MB, cpu_seconds=20, wall_seconds=40, file_bytes=50 * MB)
EDGE = 2560
"""Longest edge in pixels: a device's display can still be read when the photo fills a large screen."""
THUMBNAIL_EDGE = 480
QUALITY = 85


@dataclass(frozen=True)
class Prepared:
    """The clean copy: what it is, its size in bytes, its SHA-256, and for pictures their measures."""

    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None


def prepare(key: str, media_type: str, room: Room, limits: Limits) -> Prepared | Message:
    """Make the clean copy of a file that is `received`, or say why that is impossible.

    Slow; call it outside any transaction. Safe to repeat, and harmless when done twice at once. Raises ChildFailed
    when the machine, not the file, was the reason; FileNotFoundError when the original is gone.
    """
    with _work_folder(room) as folder:
        source = folder / "original"
        with room.blobs.open(key + ORIGINAL) as original, source.open("xb") as copy:
            shutil.copyfileobj(original, copy)
        kind = KINDS[media_type]
        if kind.family is Family.VIDEO:
            return _video(key, kind, source, room)
        return _picture(key, kind, source, room, limits)


def _picture(key: str, kind: Kind, source: Path, room: Room, limits: Limits) -> Prepared | Message:
    picture, thumbnail = source.with_name("picture"), source.with_name("thumbnail")
    try:
        made = _in_child(
            source=str(source),
            media_type=kind.media_type,
            picture=str(picture),
            thumbnail=str(thumbnail),
            max_pixels=limits.pixels_for(kind),
            edge=EDGE,
            thumbnail_edge=THUMBNAIL_EDGE,
            quality=QUALITY,
        )
    except ChildFailed as failure:
        return _meaning(failure)
    if "refused" in made:
        return _REFUSALS[made["refused"]]
    room.blobs.put(key + THUMBNAIL, thumbnail)
    taken_at = datetime.fromisoformat(made["taken_at"]) if made["taken_at"] else None
    return _put(key, picture, room, made["media_type"], made["width"], made["height"], taken_at)


def _video(key: str, kind: Kind, source: Path, room: Room) -> Prepared | Message:
    try:
        videos.strip(source)
    except BrokenBox:
        return refusals.CUT_OFF
    return _put(key, source, room, kind.media_type)


def _in_child(**arguments: Any) -> dict[str, Any]:
    from portal.core.files import pictures  # loads the decoders, which the web must not hold

    return childwork.run_limited(pictures.make, arguments, PICTURE_BOUNDS).value


def _put(key: str, made: Path, room: Room, media_type: str, *rest: Any) -> Prepared:
    with made.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    size = made.stat().st_size
    room.blobs.put(key, made)
    return Prepared(media_type, size, sha256, *rest)


def _meaning(failure: ChildFailed) -> Message:
    """What a dead child says about the picture; what only says something about the machine is raised again."""
    known = {Why.MEMORY: refusals.TOO_HARD, Why.WORK: refusals.TOO_HARD, Why.CRASHED: refusals.DAMAGED}
    if failure.why not in known:
        raise failure
    return known[failure.why]


_REFUSALS = {
    "too_many_pixels": refusals.TOO_HARD,
    "cut_off": refusals.CUT_OFF,
    "damaged": refusals.DAMAGED,
}


@contextmanager
def _work_folder(room: Room) -> Iterator[Path]:
    """A private folder; one that a crash leaves behind falls to `sweep_incoming`."""
    with tempfile.TemporaryDirectory(prefix="work.", dir=room.incoming) as name:
        yield Path(name)
