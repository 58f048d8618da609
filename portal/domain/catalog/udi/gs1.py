"""GS1: element strings as scanners send them, as they stand in print, and as web addresses (Digital Link)."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import biip
from biip import ParseError
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin, GtinFormat

from portal.core.errors import Message
from portal.domain.catalog.udi.words import Issuer, Reading, Unreadable

GS = "\x1d"
DI, LOT, MADE, EXPIRES, SERIAL = "01", "10", "11", "17", "21"
OURS = (DI, LOT, MADE, EXPIRES, SERIAL)
FIXED = {"01": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6}
VARIABLE = ("10", "21")
LONGEST_VALUE = 20
MOST_WAYS = 8

PRINTED = re.compile(r"^\(\d{2,4}\)")
BEGINS_WITH_DI = re.compile(r"^01\d{14}")
BARE_DI = re.compile(r"^(\d{8}|\d{12,14})$")
OF_ELEMENT = re.compile(r"GS1 AI \((\d+)\)")


def is_mine(text: str) -> bool:
    """Whether the text can be nothing else than a code of GS1, misread perhaps."""
    parted = GS in text.strip(GS) and text.strip(GS)[:2].isdecimal()
    return bool(PRINTED.match(text) or BEGINS_WITH_DI.match(text) or parted or _is_link(text))


def is_bare(text: str) -> bool:
    """Whether the text is a DI alone whose check digit fits: as many digits may be a telephone or a serial number."""
    return bool(BARE_DI.match(text)) and biip.parse(text).gtin is not None


def _is_link(text: str) -> bool:
    return text.lower().startswith(("http://", "https://")) and bool(re.search(r"/01/\d{14}(?:[/?]|$)", text))


def read(text: str, raw: str) -> Reading:
    """Take a code of GS1 apart. Raises Unreadable."""
    if BARE_DI.match(text):
        return _bare(text, raw)
    if text.lower().startswith("http"):
        return _reading(_strings_of_link(text), raw)
    if PRINTED.match(text):
        return _reading(_parse(lambda: GS1Message.parse_hri(_without_blanks(text)), text), raw)
    text = text.strip(GS)
    if GS in text:
        return _reading(_strings(text), raw)
    return _unseparated(text, raw)


def _without_blanks(text: str) -> str:
    """Print often puts blanks around the elements; none belongs to them."""
    return re.sub(r"\s*(\(\d{2,4}\))\s*", r"\1", text).strip()


def _bare(text: str, raw: str) -> Reading:
    parsed = biip.parse(text)
    if parsed.gtin is None:
        raise Unreadable(_misread(text))
    return Reading(raw, Issuer.GS1, _in_full(parsed.gtin), unit_di=_of_unit(parsed.gtin))


def _unseparated(text: str, raw: str) -> Reading:
    """Scanners that act as keyboards often lose the separators: then where the lot ends may have several answers."""
    found = []
    for spaced in islice(_spaced(text, frozenset()), MOST_WAYS):
        try:
            found.append(_reading(_strings(spaced), raw))
        except Unreadable:
            continue
    if not found:
        return _reading(_strings(text), raw)
    first, *others = dict.fromkeys(found)
    return Reading(**vars(first) | {"ways": tuple(others)})


def _spaced(rest: str, seen: frozenset[str]) -> Iterator[str]:
    """The text with separators wherever a lot or a serial may end, the longest values first."""
    if not rest:
        yield ""
        return
    ai, value = rest[:2], rest[2:]
    if ai in seen:
        return
    if ai in FIXED and len(value) >= FIXED[ai]:
        yield from (ai + value[: FIXED[ai]] + more for more in _spaced(value[FIXED[ai] :], seen | {ai}))
    elif ai in VARIABLE and value:
        for end in range(min(len(value), LONGEST_VALUE), 0, -1):
            between = GS if value[end:] else ""
            yield from (ai + value[:end] + between + more for more in _spaced(value[end:], seen | {ai}))


def _strings(text: str) -> Sequence[Any]:
    return _parse(lambda: GS1Message.parse(text), text)


def _strings_of_link(text: str) -> Sequence[Any]:
    scheme, _colon, rest = text.partition(":")
    parsed = biip.parse(f"{scheme.lower()}:{rest}")
    if parsed.gs1_digital_link_uri is None:
        raise Unreadable(_not_a_code(text, parsed.gs1_digital_link_uri_error or ""))
    return parsed.gs1_digital_link_uri.element_strings


def _parse(how: Any, text: str) -> Sequence[Any]:
    try:
        return how().element_strings
    except ParseError as error:
        raise Unreadable(_not_a_code(text, str(error))) from error


def _not_a_code(text: str, error: str) -> Message:
    """The element that breaks the form, where the parser knows it."""
    element = OF_ELEMENT.search(error)
    if element is None:
        return Message("“%(text)s” is not a complete GS1 code. Scan it again, or type the serial number.", text=text)
    return Message(
        "The part (%(ai)s) of this code does not have the form that GS1 prescribes. Scan it again, or type the serial "
        "number.",
        ai=element[1],
    )


def _reading(strings: Sequence[Any], raw: str) -> Reading:
    values = {string.ai.ai: string for string in strings}
    if DI not in values:
        raise Unreadable(
            Message(
                "This code names no product: the part (01) is missing. Scan the other code on the label, or type the "
                "serial number."
            )
        )
    gtin = values[DI].gtin
    if gtin is None:
        raise Unreadable(_misread(values[DI].value))
    texts = {ai: values[ai].value if ai in values else "" for ai in OURS}
    dates = {ai: values[ai].date if ai in values else None for ai in OURS}
    return Reading(
        raw,
        Issuer.GS1,
        _in_full(gtin),
        lot=texts[LOT],
        serial=texts[SERIAL],
        made_on=dates[MADE],
        expires_on=dates[EXPIRES],
        production="".join(f"({ai}){texts[ai]}" for ai in (MADE, EXPIRES, LOT, SERIAL) if texts[ai]),
        others=tuple((ai, string.value) for ai, string in values.items() if ai not in OURS),
        unit_di=_of_unit(gtin),
    )


def _in_full(gtin: Gtin) -> str:
    return gtin.value.zfill(14)


def _of_unit(gtin: Gtin) -> str:
    """The DI of the unit inside, where this one is of a package of it."""
    if gtin.format is not GtinFormat.GTIN_14 or gtin.value[0] == "9":
        return ""
    payload = f"0{gtin.value[1:13]}"
    return f"{payload}{check_digit(payload)}"


def _misread(di: str) -> Message:
    return Message(
        "The check digit of %(di)s does not fit: digit %(place)s is %(read)s and should be %(expected)s. A digit was "
        "misread: scan it again, or type the serial number.",
        di=di,
        place=len(di),
        read=di[-1],
        expected=check_digit(di[:-1]),
    )


def check_digit(payload: str) -> int:
    """The digit that must follow (GB 12904): from the right, every other digit counts three times."""
    return -sum(int(digit) * (3, 1)[n % 2] for n, digit in enumerate(reversed(payload))) % 10
