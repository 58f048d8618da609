"""Each company's key that seals its PDFs. It lies in a folder of DATA_DIR, never in the database or a backup of it.

    seals/RK/key.p12           the key in use, mode 0600, locked with SEAL_PASSPHRASE; made at first need
    seals/RK/<sha-256>.pem     what its seals are checked with, named like the certificate; kept for ever

To change the key, move `key.p12` away: the next PDF makes another, and older PDFs stay verifiable.
"""

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.core.documents import make_seal_key, seal, seal_fingerprint, seal_root


@dataclass(frozen=True)
class SealKey:
    """A company's key (PKCS #12), and the SHA-256 of its certificate as PDF readers show it."""

    content: bytes
    passphrase: bytes
    fingerprint: str

    @property
    def apply(self) -> Callable[..., bytes]:
        """`apply(pdf, reason=…, name=…, at=…)` seals the bytes of a PDF."""
        return partial(seal, key=self.content, passphrase=self.passphrase)


def key_of(code: str, name: str, data_dir: Path, passphrase: str) -> SealKey:
    """The seal key of the company with this code; made now if there is none. `name` is what readers will show.

    Raises ValueError when the kept key does not open with `passphrase`.
    """
    folder = _folder(data_dir, code)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, secret = folder / "key.p12", passphrase.encode()
    if not path.exists():
        _keep_new(path, make_seal_key(name, secret))
    content = path.read_bytes()
    key = SealKey(content, secret, seal_fingerprint(content, secret))
    certificate = folder / f"{key.fingerprint}.pem"
    if not certificate.exists():
        _keep_new(certificate, seal_root(content, secret))
    return key


def fingerprints(data_dir: Path, code: str) -> list[str]:
    """The SHA-256 of every certificate the company has sealed with, newest last."""
    found = _folder(data_dir, code).glob("*.pem")
    return [path.stem for path in sorted(found, key=lambda path: path.stat().st_mtime)]


def _folder(data_dir: Path, code: str) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9]{1,8}", code):
        raise ValueError(f"{code!r} cannot name a folder")
    return data_dir / "seals" / code


def _keep_new(path: Path, content: bytes) -> None:
    """Write `path` whole or not at all; of two that write at once, one wins and both find the same afterwards."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
