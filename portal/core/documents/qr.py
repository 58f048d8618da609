"""QR codes as one path, so that a template draws them without any markup in its values."""

from typing import NamedTuple

import segno


class Qr(NamedTuple):
    """`<svg viewBox="0 0 {size} {size}"><path d="{path}"/></svg>`: dark modules of side 1, quiet zone included."""

    size: int
    path: str


def qr(text: str) -> Qr:
    """The QR code of `text` with error correction M (15 % may be dirty or torn)."""
    code = segno.make_qr(text, error="m", boost_error=False)
    rows = enumerate(code.matrix, start=code.default_border_size)
    path = "".join(
        f"M{x + code.default_border_size} {y}h{length}v1h-{length}z" for y, row in rows for x, length in _runs(row)
    )
    return Qr(code.symbol_size()[0], path)


def _runs(row: bytearray):
    """Neighbouring dark modules as (first, length)."""
    start = 0
    for piece in bytes(bool(module) for module in row).split(b"\x00"):
        if piece:
            yield start, len(piece)
        start += len(piece) + 1
