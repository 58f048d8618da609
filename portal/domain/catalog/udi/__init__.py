"""Codes on devices: what a scanner, a camera or a person reads from a plate, taken apart (UDI 规则 2019; WAR-10).

    reading = read("]d2010693123450001811250101172806301021B")     # raises Unreadable, which says why and the way on
    reading.di, reading.lot, reading.serial, reading.made_on, reading.expires_on, reading.production

Three issuers may give codes in China: GS1, ZIIOT (MA, also called IDcode) and Ali Health (AHM). It knows no table.
"""

from portal.domain.catalog.udi.reading import read, recognise
from portal.domain.catalog.udi.words import Issuer, Reading, Unreadable, agreed

__all__ = ["Issuer", "Reading", "Unreadable", "agreed", "read", "recognise"]
