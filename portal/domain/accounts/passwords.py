"""Passwords: how they are kept, and which are refused.

Kept as argon2id at the OWASP minimum (19 MiB, 2 passes, 1 lane). Refused: fewer than 12 characters, the 3,000
commonest of that length, the person's own name or address; no rules about kinds of characters (OWASP ASVS 6.2).
One hash takes tens of milliseconds: never inside `writing()`.

common_passwords.txt: the first 3,000 of at least 12 characters in OWASP SecLists' edition of Mark Burnett's ten
million passwords (CC BY-SA 3.0), lower case, sorted.
"""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core.errors import Message, NotValid

SHORTEST, LONGEST = 12, 256
SHORTEST_OWN_WORD = 4

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$fFmMMbPgTwpba9CGFq8g5Q$PoEGH+qs9qVRsiAkppF0tI07GYlWm33fKzRfkBCQXFU"
"""The hash of a password that was thrown away: a name that nobody has costs the same work as one that somebody has."""


def make(password: str) -> str:
    """The hash to keep."""
    return HASHER.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether `password` is the one behind `kept`. With "" it never is, after the same work."""
    try:
        return HASHER.verify(kept or NOBODYS, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether `kept` was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def check(password: str, *own: str, field: str = "new_password") -> None:
    """Raise NotValid at `field` unless this may be somebody's password. `own`: name and address of the person."""
    if len(password) < SHORTEST:
        raise NotValid(**{field: Message("Please use at least %(count)s characters.", count=SHORTEST)})
    if len(password) > LONGEST:
        raise NotValid(**{field: Message("Please use at most %(count)s characters.", count=LONGEST)})
    plain = password.casefold()
    if plain in commonest():
        raise NotValid(**{field: Message("Many people use this password, so it is among the first to be tried.")})
    if any(word in "".join(plain.split()) for word in _own_words(own)):
        raise NotValid(**{field: Message("Please use a password without your name or e-mail address.")})


def _own_words(own: tuple[str, ...]) -> set[str]:
    words = {"".join(text.casefold().split()) for text in own}
    words |= {word.partition("@")[0] for word in words}
    return {word for word in words if len(word) >= SHORTEST_OWN_WORD}


@cache
def commonest() -> frozenset[str]:
    """The 3,000 commonest passwords that are long enough, case-folded."""
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split("\n")) - {""}
