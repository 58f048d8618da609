"""What a file really is: judged by its first bytes, never by its name or by what the sender's browser says."""

import codecs
import re

import filetype

from portal.core.files import refusals
from portal.core.files.kinds import DOCX, HEIC, KINDS, MP4, PNG, TEXT, XLSX, Family, Kind
from portal.core.files.names import extension
from portal.core.files.refusals import FileRefused

HEAD_BYTES = 64 * 1024
"""How much of the beginning is looked at."""

ALIASES = {"image/apng": PNG, "video/x-m4v": MP4}
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\3\4"
MARKUP_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[A-Za-z!?/]")
NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""Control characters that a log may not hold; tab, line ends, form feed and escape it may."""


def sniff(head: bytes, name: str, declared_type: str) -> Kind:
    """The kind of a file that begins with `head` and is called `name` (cleaned). Raises FileRefused.

    `declared_type` decides only whether a text without an ending is taken.
    """
    kind = _binary(head) or _office(head, name) or _text(head, name, declared_type)
    ending = extension(name)
    if ending and ending not in _endings(kind):
        raise FileRefused(refusals.WRONG_ENDING, name=name, kind=kind.label)
    return kind


def _endings(kind: Kind) -> frozenset[str]:
    """Phones and chats mix up the endings of pictures; those are prepared anew, and named anew, anyhow."""
    if kind.family is Family.DOCUMENT:
        return frozenset(kind.endings)
    return frozenset(ending for each in KINDS.values() if each.family is kind.family for ending in each.endings)


def _binary(head: bytes) -> Kind | None:
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS and b"avif" not in head[8:40]:
        return HEIC
    guessed = filetype.guess(head)
    if guessed is None:
        return None
    return ALIASES.get(guessed.mime) or KINDS.get(guessed.mime)


def _office(head: bytes, name: str) -> Kind | None:
    """A zip archive is what its name says, Word or Excel; `office.inspect` holds it to that."""
    if head.startswith(OLE):
        raise FileRefused(refusals.OLD_OFFICE, name=name)
    if not head.startswith(ZIP):
        return None
    claimed = {"docx": DOCX, "xlsx": XLSX}.get(extension(name))
    if claimed is None:
        raise FileRefused(refusals.UNKNOWN, name=name)
    return claimed


def _text(head: bytes, name: str, declared_type: str) -> Kind:
    if MARKUP_START.match(head):
        raise FileRefused(refusals.MARKUP, name=name)
    ending = extension(name)
    is_called_text = ending in TEXT.endings or (not ending and declared_type.startswith("text/plain"))
    if not is_called_text or NOT_TEXT.search(head) or not any(_reads_as(head, name) for name in ("utf-8", "gb18030")):
        raise FileRefused(refusals.UNKNOWN, name=name)
    return TEXT


def _reads_as(head: bytes, encoding: str) -> bool:
    """Whether `head` is text in the encoding; its last character may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True
