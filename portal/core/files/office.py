"""Word and Excel files: zip archives of XML, looked through before anybody opens one.

Refused: bombs, overlapping or hidden parts, macros, document types (the way to external entities), and
relationships that load something from elsewhere. Links that a reader must click are left alone.
"""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from portal.core.errors import Message
from portal.core.files import refusals
from portal.core.files.kinds import DOCX, XLSX, Kind
from portal.core.files.limits import MB, Limits
from portal.core.files.refusals import FileRefused

MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
END_RECORD = struct.Struct("<4s8xII2x")
DIRECTORY_BYTES_PER_ENTRY = 512
CHUNK = 64 * 1024
MACRO_PARTS = ("vbaproject", "vbadata", "macrosheets/", "activex/")
MACRO_TYPES = (b"macro", b"vbaproject")
HARMLESS_LINKS = ("/hyperlink", "/externalLinkPath")
"""Kinds of external relationship that load nothing until a reader clicks."""


class _Refused(Exception):
    """One of the refusals, still without the file's name."""

    def __init__(self, refusal: Message) -> None:
        super().__init__(refusal.msgid)
        self.refusal = refusal


def inspect(path: Path, kind: Kind, name: str, limits: Limits) -> None:
    """Look through the archive at `path`, said to be of `kind`. Raises FileRefused."""
    try:
        _check_directory_size(path, limits)
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, kind, limits)
            for entry in archive.infolist():
                _check_part(archive, entry)
    except _Refused as refused:
        raise FileRefused(refused.refusal, name=name, limit=limits.archive_bytes // MB, kind="ZIP") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise FileRefused(refusals.DAMAGED, name=name) from None


def _check_directory_size(path: Path, limits: Limits) -> None:
    """Before the directory is read into memory: a file of 25 MB could list half a million parts."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - END_RECORD.size))
        record = file.read()
    if len(record) < END_RECORD.size or not record.startswith(b"PK\5\6"):
        raise _Refused(refusals.CUT_OFF)
    _, directory_bytes, _ = END_RECORD.unpack(record)
    if directory_bytes > limits.archive_entries * DIRECTORY_BYTES_PER_ENTRY:
        raise _Refused(refusals.TOO_MUCH_INSIDE)


def _check_entries(archive: zipfile.ZipFile, kind: Kind, limits: Limits) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > limits.archive_entries or sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise _Refused(refusals.TOO_MUCH_INSIDE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _Refused(refusals.LOCKED)
    if MAIN_PART[kind] not in names:
        raise _Refused(refusals.WRONG_ENDING)
    if any(part in name.lower() for name in names for part in MACRO_PARTS):
        raise _Refused(refusals.MACROS)
    if len(set(names)) < len(names) or any(map(_leads_out, names)) or _overlap(archive):
        raise _Refused(refusals.DAMAGED)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _overlap(archive: zipfile.ZipFile) -> bool:
    """Whether two parts share bytes: how a small archive unpacks to petabytes."""
    end = 0
    for entry in sorted(archive.infolist(), key=lambda each: each.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + zipfile.sizeFileHeader + entry.compress_size
    return end > archive.start_dir


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack one part to its end, which also proves its checksum, and read what matters."""
    with archive.open(entry) as part:
        head = part.read(CHUNK)
        # XML in UTF-16, which no Office program writes, would hide from the search below.
        if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
            raise _Refused(refusals.DAMAGED)
        _check_text(head, part, is_xml=head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"))
    if entry.filename == "[Content_Types].xml" and any(word in _whole(archive, entry).lower() for word in MACRO_TYPES):
        raise _Refused(refusals.MACROS)
    if entry.filename.lower().endswith(".rels"):
        _check_relationships(_whole(archive, entry))


def _check_text(head: bytes, rest: IO[bytes], *, is_xml: bool) -> None:
    window = head
    while window:
        if is_xml and (b"<!DOCTYPE" in window or b"<!ENTITY" in window):
            raise _Refused(refusals.ELSEWHERE)
        chunk = rest.read(CHUNK)
        window = window[-8:] + chunk if chunk else b""


def _whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > MB:
        raise _Refused(refusals.TOO_MUCH_INSIDE)
    return archive.read(entry)


def _check_relationships(text: bytes) -> None:
    try:
        relationships = list(ElementTree.fromstring(text))  # noqa: S314 no document type: nothing to expand
    except ElementTree.ParseError:
        raise _Refused(refusals.DAMAGED) from None
    for each in relationships:
        is_external = each.get("TargetMode", "").lower() == "external"
        if is_external and not each.get("Type", "").endswith(HARMLESS_LINKS):
            raise _Refused(refusals.ELSEWHERE)
