"""What is signed: one payload, one sequence of bytes, one hash.

The bytes are frozen once, kept as a file, embedded in every PDF made from them and never written again from a
payload, so this form only has to be exact and readable, not reversible.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def canonical_bytes(payload: Mapping[str, Any]) -> bytes:
    """`payload` as JSON: keys sorted, no spaces, UTF-8, texts exactly as they were typed.

    Takes nested dicts, lists, tuples, str, int, bool and None; a Decimal becomes its text with all its digits, an
    aware datetime its UTC time ("2026-11-02T08:30:00Z"), a date "2026-11-02". Raises TypeError for anything else
    (a float among them: 0.1 + 0.2 has no exact text) and ValueError for a naive datetime, a Decimal that is no
    number, or half a surrogate pair.
    """
    text = json.dumps(_plain(payload), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def content_hash(content: bytes) -> str:
    """The SHA-256 of `content`, 64 hexadecimal digits in lower case."""
    return hashlib.sha256(content).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is not a number")
            return format(value, "f")
        case datetime():
            if value.tzinfo is None:
                raise ValueError("naive datetime: attach a zone first")
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    return key
