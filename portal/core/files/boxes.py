"""The boxes of which HEIC, MP4 and MOV files are made (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

Bytes = bytes | bytearray | mmap
"""What can be read like bytes without being loaded."""


class Box(NamedTuple):
    """One box: its type, where it begins, where its content begins, and where it ends."""

    type: bytes
    at: int
    content: int
    end: int


class BrokenBox(ValueError):
    """A box says that it reaches beyond what holds it, as in a file that was cut off."""


def boxes(data: Bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets, in order. Raises BrokenBox when one does not fit."""
    at = start
    while end - at >= 8:
        size, kind = struct.unpack_from(">I4s", data, at)
        content = at + 8
        if size == 1 and end - at >= 16:
            (size,) = struct.unpack_from(">Q", data, content)
            content += 8
        elif size == 0:
            size = end - at
        if size < content - at or at + size > end:
            raise BrokenBox(kind)
        yield Box(kind, at, content, at + size)
        at += size


def first(data: Bytes, kind: bytes, start: int, end: int) -> Box | None:
    """The first box of a type between two offsets."""
    return next((box for box in boxes(data, start, end) if box.type == kind), None)
