"""TABLE of the kinds of file that are taken."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a kind is for; it decides size, treatment and how the file is given out."""

    PICTURE = "picture"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Kind:
    """One kind of file. `endings` are the extensions it may come with; the first is the one it is given."""

    media_type: str
    family: Family
    label: str
    endings: tuple[str, ...]

    @property
    def ending(self) -> str:
        return self.endings[0]


_OFFICE = "application/vnd.openxmlformats-officedocument"

JPEG = Kind("image/jpeg", Family.PICTURE, "JPEG", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Kind("image/png", Family.PICTURE, "PNG", ("png", "apng"))
WEBP = Kind("image/webp", Family.PICTURE, "WebP", ("webp",))
HEIC = Kind("image/heic", Family.PICTURE, "HEIC", ("heic", "heif", "hif"))
GIF = Kind("image/gif", Family.PICTURE, "GIF", ("gif",))
MP4 = Kind("video/mp4", Family.VIDEO, "MP4", ("mp4", "m4v"))
MOV = Kind("video/quicktime", Family.VIDEO, "MOV", ("mov", "qt"))
WEBM = Kind("video/webm", Family.VIDEO, "WebM", ("webm",))
PDF = Kind("application/pdf", Family.DOCUMENT, "PDF", ("pdf",))
DOCX = Kind(f"{_OFFICE}.wordprocessingml.document", Family.DOCUMENT, "Word", ("docx",))
XLSX = Kind(f"{_OFFICE}.spreadsheetml.sheet", Family.DOCUMENT, "Excel", ("xlsx",))
TEXT = Kind("text/plain", Family.DOCUMENT, "text", ("txt", "log"))

KINDS = {kind.media_type: kind for kind in (JPEG, PNG, WEBP, HEIC, GIF, MP4, MOV, WEBM, PDF, DOCX, XLSX, TEXT)}

PREPARED = frozenset({JPEG, PNG, WEBP, HEIC, GIF, MP4, MOV})
"""Kinds whose original is never given out: a job makes a copy without hidden data (place, device, owner)."""
