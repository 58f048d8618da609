"""From what a scanner, a camera or a person sends to what the code says."""

import re
import unicodedata

from portal.core.errors import Message
from portal.domain.catalog.udi import ahm, gs1, idcode
from portal.domain.catalog.udi.words import LONGEST_SCAN, Reading, Unreadable

SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
SEPARATORS = re.compile(r"\{GS\}|<GS>|\[GS\]|\\x1d|\\u001d|[|^\u241d\x1d]", re.IGNORECASE)
"""How scanners that act as keyboards send the separator, which is no key."""
SHOWN = "|"


def read(scan: str) -> Reading:
    """Take a code apart, whoever issued it. Raises Unreadable for what is none."""
    text, raw = _plain(scan), shown(scan)
    if len(text) > LONGEST_SCAN:
        raise Unreadable(
            Message("This is longer than any code of a device. Scan one code at a time, or type the serial number.")
        )
    for issuer in (idcode, ahm):
        if issuer.is_mine(text):
            return issuer.read(text, raw)
    if gs1.is_mine(text) or gs1.BARE_DI.match(text):
        return gs1.read(text, raw)
    raise Unreadable(
        Message(
            "“%(text)s” is no code of a device: they begin with 01 or (01), MA. or MF. Type the serial number instead.",
            text=raw,
        )
    )


def recognise(text: str) -> Reading | None:
    """The same for a field where anything may be typed: None for what need not be a code.

    Raises Unreadable for what can only be a code and was misread.
    """
    plain = _plain(text)
    certain = idcode.is_mine(plain) or ahm.is_mine(plain) or gs1.is_mine(plain) or gs1.is_bare(plain)
    return read(text) if certain else None


def shown(scan: str) -> str:
    """The scan as a screen can show it, and as it is kept."""
    return SEPARATORS.sub(SHOWN, scan.strip())[:LONGEST_SCAN]


def _plain(scan: str) -> str:
    """Half-width signs, without the mark of the symbol, separators as GS1 has them."""
    text = unicodedata.normalize("NFKC", scan.strip())
    text = SYMBOLOGY.sub("", text)
    return text if text.lower().startswith("http") else SEPARATORS.sub(gs1.GS, text)
