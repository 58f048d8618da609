"""Short secrets that must be readable later: kept so that the database alone does not give them.

Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from SECRET_KEY by HKDF, for this purpose alone. What earlier
values of SECRET_KEY have locked opens as long as they stand in SECRET_KEY_FALLBACKS.
"""

import base64
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"aftercare lockbox"

_box: MultiFernet | None = None


class Unreadable(Exception):
    """Locked under a key that is no longer there, or altered."""


def use_keys(secrets: Iterable[str]) -> None:
    """Set the installation's secrets, the newest first. Called once at start."""
    global _box
    _box = MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())


def lock(text: str) -> str:
    """The text as it may be kept."""
    return _box.encrypt(text.encode()).decode()


def unlock(kept: str) -> str:
    """The text again. Raises Unreadable."""
    try:
        return _box.decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error
