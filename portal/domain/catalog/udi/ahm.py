"""AHM: the codes of Ali Health, elements that begin with two letters (“阿里健康医疗器械唯一标识编码规范”).

    MF6901234567BNLOT7*SN0001*MD260117ED280116
    └─── DI ───┘ lot    serial made    expires

A lot or a serial ends with * or with the code; days have six digits.
"""

import re

from portal.core.errors import Message
from portal.domain.catalog.udi.days import day_of
from portal.domain.catalog.udi.words import Issuer, Reading, Unreadable

CODE = re.compile(r"^MF(?P<di>[0-9]{1,13})(?P<rest>(?:\*|BN|BA|SN|MD|BD|ED|PL|$).*)$")
ELEMENT = re.compile(r"\*?(?:(?P<day>MD|BD|ED)(?P<digits>[0-9]{6})|(?P<name>BN|BA|SN|PL)(?P<value>[^*]+))")
LOT, SERIAL, MADE, EXPIRES, BEST_BEFORE = ("BN", "BA"), "SN", "MD", "ED", "BD"


def is_mine(text: str) -> bool:
    """Whether the text is such a code."""
    return CODE.match(text) is not None


def read(text: str, raw: str) -> Reading:
    """Take a code of AHM apart. Raises Unreadable."""
    found = CODE.match(text)
    values = _elements(found["rest"], text)
    expires = next((name for name in (EXPIRES, BEST_BEFORE) if name in values), None)
    return Reading(
        raw,
        Issuer.AHM,
        f"MF{found['di']}",
        lot=next((values[name] for name in LOT if name in values), ""),
        serial=values.get(SERIAL, ""),
        made_on=day_of(values[MADE], MADE) if MADE in values else None,
        expires_on=day_of(values[expires], expires) if expires else None,
        production=found["rest"].strip("*"),
        others=tuple((name, value) for name, value in values.items() if name == "PL"),
    )


def _elements(rest: str, text: str) -> dict[str, str]:
    """Identifier → value. Raises Unreadable where something stands between the elements."""
    values, at = {}, 0
    while rest[at:].strip("*"):
        element = ELEMENT.match(rest, at)
        if element is None:
            raise Unreadable(
                Message(
                    "“%(text)s” begins like an AHM code, but “%(rest)s” is none of its parts. Scan it again, or type "
                    "the serial number.",
                    text=text,
                    rest=rest[at:],
                )
            )
        values[element["day"] or element["name"]] = element["digits"] or element["value"]
        at = element.end()
    return values
