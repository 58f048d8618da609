"""Days as the Chinese issuers write them; those of GS1 are read by its library."""

import re
from calendar import monthrange
from datetime import date

from portal.core.errors import Message
from portal.domain.catalog.udi.words import Unreadable


def day_of(digits: str, name: str) -> date:
    """The day that YYMMDD or YYYYMMDD names; day 00 is the month's last. Raises Unreadable, which names the part."""
    if re.fullmatch(r"[0-9]{6}|20[0-9]{6}", digits):
        year, month, day = int(digits[-6:-4]) + 2000, int(digits[-4:-2]), int(digits[-2:])
        if 1 <= month <= 12 and day <= monthrange(year, month)[1]:
            return date(year, month, day or monthrange(year, month)[1])
    raise Unreadable(
        Message(
            "The part %(name)s of this code is no date: %(digits)s. Scan it again, or type the serial number.",
            name=name,
            digits=digits,
        )
    )
