"""Looks at a file that has arrived whole, before it is kept: measures, ends, inner parts. Nothing is decoded."""

import mmap
from pathlib import Path

from portal.core.files import office, pixels, refusals
from portal.core.files.boxes import Bytes, boxes
from portal.core.files.kinds import DOCX, MOV, MP4, PDF, XLSX, Family, Kind
from portal.core.files.limits import Limits
from portal.core.files.refusals import FileRefused

MILLION = 1_000_000
PDF_TAIL_BYTES = 2048


def examine(path: Path, kind: Kind, name: str, limits: Limits) -> pixels.Size | None:
    """Width and height for a picture, else None. Raises FileRefused with the reason."""
    if kind in (DOCX, XLSX):
        office.inspect(path, kind, name, limits)
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if kind.family is Family.PICTURE:
            return _picture(data, kind, name, limits)
        if not _is_whole(kind, data):
            raise FileRefused(refusals.CUT_OFF, name=name)
    return None


def _picture(data: Bytes, kind: Kind, name: str, limits: Limits) -> pixels.Size:
    try:
        width, height = pixels.measure(kind, data)
    except pixels.Incomplete:
        raise FileRefused(refusals.CUT_OFF, name=name) from None
    except pixels.Unreadable:
        raise FileRefused(refusals.DAMAGED, name=name) from None
    limit = limits.pixels_for(kind)
    if width * height > limit:
        megapixels = -(-width * height // MILLION)
        raise FileRefused(refusals.TOO_MANY_PIXELS, name=name, pixels=megapixels, limit=limit // MILLION)
    return width, height


def _is_whole(kind: Kind, data: Bytes) -> bool:
    if kind == PDF:
        return data.rfind(b"%%EOF", max(0, len(data) - PDF_TAIL_BYTES)) >= 0
    if kind in (MP4, MOV):
        return _has_all_boxes(data)
    return True


def _has_all_boxes(data: Bytes) -> bool:
    try:
        return b"moov" in {box.type for box in boxes(data, 0, len(data))}
    except ValueError:
        return False
