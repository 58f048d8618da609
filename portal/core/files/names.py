"""Names that people give to files: cleaned for display, and sent back as RFC 6266 text.

They are never part of a path; a file is stored under its random key.
"""

import re
import unicodedata
from urllib.parse import quote

MAX_NAME_BYTES = 255
"""What common file systems take, counted in UTF-8."""

FORBIDDEN = re.compile(r'[<>:"|?*]')
"""Refused in names by Windows, where most downloads end."""

RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
"""Device names of Windows, with any extension."""

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols that show nothing, though Unicode does not count them as format characters."""

EXTENSION = re.compile(r"\.(?=[0-9]{0,4}[A-Za-z])([A-Za-z0-9]{1,5})$")
"""A dot and up to five ASCII letters or digits, at least one of them a letter: "v1.2" has no extension."""


def clean_name(raw: str | None) -> str:
    """The display name of an uploaded file: no path, nothing invisible, at most 255 bytes, never empty."""
    text = unicodedata.normalize("NFC", "".join(map(_visible, raw or "")))
    text = re.split(r"[/\\]", text)[-1]
    text = " ".join(FORBIDDEN.sub("_", text).split()).lstrip(". ").rstrip(". ")
    if RESERVED.match(text):
        text = "_" + text
    return _cut(text or "file")


def extension(name: str) -> str:
    """The extension of a cleaned name in lower case, without the dot; empty when there is none."""
    found = EXTENSION.search(name)
    return found.group(1).lower() if found and found.start() else ""


def with_extension(name: str, wanted: str) -> str:
    """`name` ending in `.wanted`, which replaces an extension it already has."""
    stem = EXTENSION.sub("", name) if extension(name) else name
    return _cut(f"{stem}.{wanted}")


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The header's value after RFC 6266: an ASCII name for old programs, and the true one in UTF-8."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%;\x00-\x1f\x7f]', "_", plain).strip()
    if not EXTENSION.sub("", plain).strip("._ "):
        plain = f"file.{extension(name)}" if extension(name) else "file"
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\r\n":
        return " "
    hidden = category in ("Cc", "Cf", "Cs") or character in BLANK or (ord(character) & 0xFFFE) == 0xFFFE
    return "" if hidden else character


def _cut(name: str) -> str:
    """At most 255 bytes, cut on a character border, the extension kept."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    found = EXTENSION.search(name)
    ending = found.group() if found and found.start() else ""
    stem = name.removesuffix(ending).encode()[: MAX_NAME_BYTES - len(ending)].decode(errors="ignore")
    return stem.rstrip(". ") + ending
