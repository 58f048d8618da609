"""MA, also called IDcode: parts between points (ZIIOT, “医疗器械唯一标识 MA(IDcode)编码手册”).

    MA.156.M0.100204.13351764.SX00008.M260117.LA2601.E280116.C3
    └──────── DI ───────────┘ serial  made    lot    expires check

Its check characters are not verified: the issuer publishes no rule for them.
"""

import re
from datetime import date

from portal.core.errors import Message
from portal.domain.catalog.udi.days import day_of
from portal.domain.catalog.udi.words import Issuer, Reading, Unreadable

PARTS_OF_DI = 5
CODE = re.compile(r"(?:^|[/=])(MA\.\d{3}\.[A-Z0-9]{2}\.\S+)$", re.IGNORECASE)
DI = re.compile(r"^MA\.\d{3}\.[A-Z0-9]{2}\.\d{6}\.[A-Z0-9]{6,12}$")
SERIAL, LOT, CHECK = "S", "L", "C"
MADE, EXPIRES = ("M", "P"), ("E", "V")


def is_mine(text: str) -> bool:
    """Whether the text is such a code, or a web address that ends in one."""
    return CODE.search(text) is not None


def read(text: str, raw: str) -> Reading:
    """Take a code of MA apart. Raises Unreadable."""
    parts = CODE.search(text)[1].split(".")
    di = ".".join(parts[:PARTS_OF_DI]).upper()
    if not DI.match(di):
        raise Unreadable(
            Message(
                "“%(text)s” is not a complete MA code: MA, three digits, M0, six digits and the product, with points "
                "between them. Scan it again, or type the serial number.",
                text=text,
            )
        )
    values = {part[0].upper(): part[1:] for part in parts[PARTS_OF_DI:] if part}
    return Reading(
        raw,
        Issuer.MA,
        di,
        lot=values.get(LOT, ""),
        serial=values.get(SERIAL, ""),
        made_on=_first(values, MADE),
        expires_on=_first(values, EXPIRES),
        production="".join(f".{part}" for part in parts[PARTS_OF_DI:] if part),
        others=tuple(item for item in values.items() if item[0] not in (SERIAL, LOT, CHECK, *MADE, *EXPIRES)),
    )


def _first(values: dict[str, str], names: tuple[str, ...]) -> date | None:
    return next((day_of(values[name], name) for name in names if values.get(name)), None)
