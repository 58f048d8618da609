"""What a code says, whoever issued it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.core.errors import Message, NotValid

LONGEST_SCAN = 400
"""Characters; the longest code of the trade is shorter (a UDI holds at most 254)."""


class Issuer(StrEnum):
    """Who gave the code out."""

    GS1 = "gs1"
    MA = "ma"
    AHM = "ahm"

    @property
    def label(self) -> Message:
        return ISSUER_LABELS[self]


ISSUER_LABELS = {
    Issuer.GS1: Message("GS1"),
    Issuer.MA: Message("MA (IDcode)"),
    Issuer.AHM: Message("AHM (Ali Health)"),
}


class Unreadable(NotValid):
    """This is no code of a device, or was misread. The message says what is wrong and what to do instead."""


@dataclass(frozen=True)
class Reading:
    """A code taken apart. `raw` is the scan as it came, with separators shown as |.

    di: identifies the product, GS1 in 14 digits. production: lot, serial and dates as the issuer writes them (UDI-PI).
    others: what else the code carries, (identifier, value). ways: how else a code without separators may be read.
    """

    raw: str
    issuer: Issuer
    di: str
    lot: str = ""
    serial: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    production: str = ""
    others: tuple[tuple[str, str], ...] = ()
    unit_di: str = ""
    ways: tuple["Reading", ...] = ()

    @property
    def all_ways(self) -> tuple["Reading", ...]:
        """This reading first, then the others that are as possible."""
        return (replace(self, ways=()), *self.ways)

    @property
    def dis(self) -> tuple[str, ...]:
        """Under which a product may be registered: with and without the leading zero, and the unit in a package."""
        found = (self.di, self.di.removeprefix("0") if self.issuer is Issuer.GS1 else "", self.unit_di)
        return tuple(dict.fromkeys(filter(None, found)))


def agreed(ways: Sequence[Reading], name: str) -> object:
    """The value of a field if all ways to read the code agree on it, else None."""
    values = {getattr(way, name) for way in ways}
    return values.pop() if len(values) == 1 else None
