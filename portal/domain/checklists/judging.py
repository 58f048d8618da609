"""What a reading means: text into a number, a number against its limits."""

import re
from dataclasses import dataclass
from decimal import Decimal

from portal.core.errors import Message, NotValid
from portal.domain.checklists.models import ChecklistItem
from portal.domain.checklists.words import ItemKind, Outcome

NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
LONGEST = 2000


@dataclass(frozen=True)
class Entry:
    """What somebody wrote down for an item: a text as typed, or that it does not apply and why, with its photos."""

    typed: str = ""
    skipped: bool = False
    reason: str = ""
    photos: tuple = ()

    @property
    def is_empty(self) -> bool:
        return not (self.typed.strip() or self.skipped or self.photos)


@dataclass(frozen=True)
class Judged:
    """The entry with its value, where it is a number, and what it means."""

    typed: str
    value: Decimal | None
    outcome: Outcome
    reason: str = ""


def number(text: str) -> Decimal:
    """The number in `text`: half and full width digits, a point or a comma for the decimals. Raises NotValid."""
    plain = text.strip().translate(_PLAIN)
    if not NUMBER.fullmatch(plain):
        raise NotValid(Message("“%(typed)s” is not a number. Write digits, such as 12.5.", typed=text.strip()[:40]))
    return Decimal(plain)


_PLAIN = str.maketrans("０１２３４５６７８９．，,－＋", "0123456789...-+")


def judge(item: ChecklistItem, entry: Entry) -> Judged:
    """What an entry that is not empty means. Raises NotValid, with a message for the item's field."""
    if entry.skipped:
        if not entry.reason.strip():
            raise NotValid(Message("Say why it does not apply."))
        return Judged("", None, Outcome.NOT_APPLICABLE, entry.reason.strip())
    typed = entry.typed.strip()
    match item.kind:
        case ItemKind.NUMBER:
            value = number(typed)
            return Judged(typed, value, against_limits(item, value))
        case ItemKind.CHECK:
            return Judged(typed, None, _of_check(typed))
        case ItemKind.CHOICE:
            return Judged(typed, None, _of_choice(item, typed))
        case _:
            if len(typed) > LONGEST:
                raise NotValid(Message("Please write at most %(most)s characters.", most=LONGEST))
            return Judged(typed, None, Outcome.PASS)


def against_limits(item: ChecklistItem, value: Decimal) -> Outcome:
    """Limits belong to what passes; so do the marks of what is near them."""
    if _outside(value, item.lower, item.upper):
        return Outcome.FAIL
    return Outcome.WARNING if _outside(value, item.warn_lower, item.warn_upper) else Outcome.PASS


def _outside(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> bool:
    return (lower is not None and value < lower) or (upper is not None and value > upper)


def _of_check(typed: str) -> Outcome:
    if typed not in (Outcome.PASS, Outcome.FAIL):
        raise NotValid(Message("Choose passed or failed."))
    return Outcome(typed)


def _of_choice(item: ChecklistItem, typed: str) -> Outcome:
    answers = item.answers
    if not typed.isascii() or not typed.isdigit() or len(typed) > 2 or int(typed) >= len(answers):
        raise NotValid(Message("Choose one of the answers."))
    return Outcome.PASS if answers[int(typed)].passes else Outcome.FAIL


def limits(item: ChecklistItem) -> str:
    """The limits as people write them: "≤ 500 uA", "9 … 11 cm[H2O]"; "" without."""
    low, high = (None if bound is None else spelt(bound, item.decimals) for bound in (item.lower, item.upper))
    said = f"{low} … {high}" if low and high else f"≥ {low}" if low else f"≤ {high}" if high else ""
    return f"{said} {unit(item.unit)}".strip() if said else ""


def spelt(value: Decimal, decimals: int) -> str:
    """A value with its decimals, more where it has more."""
    places = max(decimals, -value.normalize().as_tuple().exponent)
    return f"{value:.{places}f}"


_SIGNS = {
    "uA": "μA",
    "mOhm": "mΩ",
    "MOhm": "MΩ",
    "cm[H2O]": "cmH2O",
    "Cel": "℃",
    "Ohm": "Ω",
    "1": "",
}


def unit(code: str) -> str:
    """A UCUM code as it is written on paper."""
    return _SIGNS.get(code, code)
