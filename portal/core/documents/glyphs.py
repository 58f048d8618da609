"""Which characters our typefaces can print.

A missing character would come out as an empty box, and a report with a box for a name is worth nothing. So the text
is checked against the typefaces before anything is rendered.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).resolve().parents[2] / "fonts"

BLANK = frozenset("\t\n\r \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
"""Spaces that the layout engine makes by itself where a face has no glyph for them."""

INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x00AD, 0x00AD),
        (0x200B, 0x200E),
        (0x202A, 0x202A),
        (0x202C, 0x202C),
        (0x2060, 0x2064),
        (0x2066, 0x2066),
        (0x2069, 0x2069),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xE0020, 0xE007F),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)
"""Hyphenation, joining and variation marks, which print nothing by design.

Marks that turn the reading direction round are missing on purpose: with them a signed "10–20" reads "20–10".
"""


def unprintable(text: str) -> list[str]:
    """The characters of `text` that no installed face has, each once, in order, as "U+1F525"."""
    unknown = dict.fromkeys(c for c in text if c not in BLANK and c not in INVISIBLE and ord(c) not in printable())
    return [f"U+{ord(character):04X}" for character in unknown]


def check_printable(payload: Any) -> dict[str, list[str]]:
    """Where a nested payload cannot be printed: {"visits[0].fault_symptom": ["U+1F525"]}; empty when all of it can.

    Keys are names of ours and are not looked at.
    """
    return {path: unknown for path, text in _texts("", payload) if (unknown := unprintable(text))}


@cache
def printable() -> frozenset[int]:
    """The code points that some face of ours has, controls aside. Read once a process, in 0.2 s."""
    from fontTools.ttLib import TTFont

    known = {code for path in FONTS.glob("*.ttf") for code in TTFont(path, lazy=True).getBestCmap()}
    return frozenset(code for code in known if not unicodedata.category(chr(code)).startswith("C"))


def _texts(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a nested value, with its place."""
    match value:
        case str():
            yield path, value
        case Mapping():
            for key, item in value.items():
                yield from _texts(f"{path}.{key}" if path else str(key), item)
        case list() | tuple():
            for number, item in enumerate(value):
                yield from _texts(f"{path}[{number}]", item)
