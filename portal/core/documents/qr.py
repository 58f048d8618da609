"""QR codes as one path, so that a template draws them without any markup in its values."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import segno


class Qr(NamedTuple):
    """`<svg viewBox="0 0 {size} {size}"><path d="{path}" stroke="#000"/></svg>`: modules 1 by 1, with quiet zone.

    A stroke along each run of dark modules, because the PDF engine pays for every corner of an outline.
    """

    size: int
    path: str


def qr(text: str) -> Qr:
    """The QR code of `text` with error correction M (15 % may be dirty or torn)."""
    code = segno.make_qr(text, error="m", boost_error=False)
    border = code.default_border_size
    path = "".join(
        f"M{x + border} {y + border}.5h{length}" for y, row in enumerate(code.matrix) for x, length in _runs(row)
    )
    return Qr(code.symbol_size()[0], path)


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    """Neighbouring dark modules as (first, length)."""
    for dark, run in groupby(enumerate(row), key=lambda module: bool(module[1])):
        if dark:
            places = [x for x, _ in run]
            yield places[0], len(places)
