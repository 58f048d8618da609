"""Where bytes are kept: a tiny interface, and its implementation on a local disk.

A blob is written once under a random key and never changed. The pieces of one file share its key:
`key` itself is what readers get, `key.original` the untouched upload, `key.thumb` the small picture.
"""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

ORIGINAL = ".original"
THUMBNAIL = ".thumb"
PIECES = ("", ORIGINAL, THUMBNAIL)

KEY = re.compile(r"[0-9a-f]{32}(\.[a-z]{1,10})?")


class Blobs(Protocol):
    """A store of bytes by key. `put` and `delete` are durable when they return."""

    def put(self, key: str, source: Path) -> None:
        """Take over the closed file `source`, which is gone afterwards. Replaces the same key in one step."""

    def open(self, key: str) -> BinaryIO:
        """A reader at the blob's beginning. Raises FileNotFoundError."""

    def delete(self, key: str) -> None:
        """Remove the blob; one that is not there is no error."""

    def exists(self, key: str) -> bool:
        """Whether the blob is there."""


@dataclass(frozen=True)
class LocalBlobs:
    """Blobs as files under `root`, in two levels of folders so that none grows long."""

    root: Path

    def put(self, key: str, source: Path) -> None:
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync(source)
        source.replace(target)
        for folder in (target.parent, target.parent.parent, self.root):
            sync(folder)

    def open(self, key: str) -> BinaryIO:
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        path = self._path(key)
        with suppress(FileNotFoundError):
            path.unlink()
            sync(path.parent)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("not a blob's key")
        return self.root / key[:2] / key[2:4] / key


@dataclass(frozen=True)
class Room:
    """All places of files: `blobs` for what is kept, `incoming` for what is on its way. Both on one disk."""

    incoming: Path
    blobs: Blobs


def room_in(data_dir: Path) -> Room:
    """The room for files in the folder of all data; its folders are made where they are missing."""
    incoming, files = data_dir / "incoming", data_dir / "files"
    for folder in (incoming, files):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Room(incoming, LocalBlobs(files))


def new_key() -> str:
    """A fresh random key of 128 bits."""
    return secrets.token_hex(16)


def sync(path: Path) -> None:
    """Have the disk confirm a file's content, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
