"""Removes from a phone's video what it says about place, device and owner. The moving picture is not touched.

MP4 and MOV keep such things in boxes of their own beside the tracks. Each is overwritten with zeros and renamed
"free", the type that players skip; nothing moves, so that the offsets into the film stay right. Tracks that are
neither picture nor sound (timed positions of action cameras, for example) lose their index the same way.
"""

from mmap import ACCESS_WRITE, mmap
from pathlib import Path

from portal.core.files.boxes import Box, Bytes, boxes, first

TELLING = (b"udta", b"meta", b"uuid")
HOLDERS = (b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf")
SHOWN = (b"vide", b"soun")


def strip(path: Path) -> None:
    """Clean the MP4 or MOV file at `path` in place. Raises BrokenBox when it is cut off."""
    with path.open("r+b") as file, mmap(file.fileno(), 0, access=ACCESS_WRITE) as data:
        _strip(data, 0, len(data))
        data.flush()


def _strip(data: mmap, start: int, end: int) -> None:
    for box in list(boxes(data, start, end)):
        if box.type in TELLING or (box.type == b"trak" and not _is_shown(data, box)):
            _blank(data, box)
        elif box.type in HOLDERS:
            _strip(data, box.content, box.end)


def _is_shown(data: Bytes, track: Box) -> bool:
    media = first(data, b"mdia", track.content, track.end)
    handler = media and first(data, b"hdlr", media.content, media.end)
    return bool(handler) and data[handler.content + 8 : handler.content + 12] in SHOWN


def _blank(data: mmap, box: Box) -> None:
    data[box.at + 4 : box.at + 8] = b"free"
    data[box.content : box.end] = bytes(box.end - box.content)
