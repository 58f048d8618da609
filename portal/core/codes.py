"""Short random codes that people read off paper and type with a thumb.

Their alphabet (Crockford's base 32) has no I, L, O and U: what is typed for them is taken as the digit it looks
like. Each sign carries 5 random bits from the operating system.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKS_LIKE = str.maketrans("ILO", "110")


def draw(signs: int) -> str:
    """A new code of so many signs, capitals and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(signs))


def read(typed: str, signs: int) -> str | None:
    """The code as it was drawn, from how it was typed; None where it cannot be a code of so many signs."""
    code = "".join(sign for sign in typed.upper() if sign not in " -").translate(_LOOKS_LIKE)
    return code if len(code) == signs and set(code) <= set(ALPHABET) else None


def same(code: str, other: str) -> bool:
    """Whether two codes are the same, in a time that tells nothing of where they differ."""
    return secrets.compare_digest(code, other)


def spell(code: str, group: int = 4) -> str:
    """The code in groups of so many signs, as it is printed for people."""
    return "-".join(code[start : start + group] for start in range(0, len(code), group))
