"""Width and height of a picture from its first bytes, without any decoder.

A decoder that reserves memory before it can be stopped is what a picture bomb waits for. The decoder's own
reading is held against the same limit again in the child process.
"""

import struct

from portal.core.files.boxes import Bytes, boxes, first
from portal.core.files.kinds import GIF, HEIC, JPEG, PNG, WEBP, Kind

Size = tuple[int, int]

START_OF_SCAN = 0xDA
FIRST_MARKER = 0xC0
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the picture's size."""


class Unreadable(ValueError):
    """The picture's head makes no sense."""


class Incomplete(ValueError):
    """The picture's end is missing."""


def measure(kind: Kind, data: Bytes) -> Size:
    """Width and height in pixels. Raises Unreadable or Incomplete."""
    try:
        size = _READERS[kind](data)
    except (struct.error, IndexError) as error:
        raise Incomplete from error
    if min(size) < 1:
        raise Unreadable
    return size


def _jpeg(data: Bytes) -> Size:
    """Walks the segments up to the first scan; the frame header is among them."""
    size, at = None, 2
    while (marker := data[at + 1]) != START_OF_SCAN:
        if data[at] != 0xFF or marker < FIRST_MARKER:
            raise Unreadable
        if marker == 0xFF:
            at += 1
            continue
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = width, height
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2:
            raise Unreadable
        at += 2 + length
    if size is None:
        raise Unreadable
    if data.rfind(b"\xff\xd9") < at:
        raise Incomplete
    return size


def _png(data: Bytes) -> Size:
    if data[12:16] != b"IHDR":
        raise Unreadable
    if data.rfind(b"IEND\xaeB`\x82") < 0:
        raise Incomplete
    return struct.unpack_from(">II", data, 16)


def _gif(data: Bytes) -> Size:
    return struct.unpack_from("<HH", data, 6)


def _webp(data: Bytes) -> Size:
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise Incomplete
    form = data[12:16]
    if form == b"VP8X":
        return _three(data, 24) + 1, _three(data, 27) + 1
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _three(data: Bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


def _heic(data: Bytes) -> Size:
    """The largest item: a photo is a grid of tiles, and each tile names its size as well."""
    try:
        meta = first(data, b"meta", 0, len(data))
        for _ in boxes(data, 0, len(data)):
            pass
    except ValueError as error:
        raise Incomplete from error
    sizes = []
    at = data.find(b"ispe", meta.content, meta.end) if meta else -1
    while at >= 0:
        sizes.append(struct.unpack_from(">8xII", data, at))
        at = data.find(b"ispe", at + 4, meta.end)
    if not sizes:
        raise Unreadable
    return max(sizes, key=lambda size: size[0] * size[1])


_READERS = {JPEG: _jpeg, PNG: _png, GIF: _gif, WEBP: _webp, HEIC: _heic}
