"""What the house has learned: a code that went out of use, a unit that took another's place."""

from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.permissions import Person
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.faultcodes import service as faultcodes
from portal.domain.faultcodes.words import CodeKind


def tell(session: Session, cast: Cast) -> None:
    """A symptom that said nothing, and so was taken out of use."""
    quality = person_of(cast.people["quality"])
    other = faultcodes.add(session, quality, kind=CodeKind.SYMPTOM, code="S99", name=Text2("其他", "Other"))
    faultcodes.retire(session, other, quality)


def swap(session: Session, cast: Cast) -> None:
    """A syringe pump that came back three times was replaced by another, and taken along."""
    site, product = cast.sites["binjiang-main"], cast.products["infusion"]
    old = next(device for device in cast.devices if device.site is site and device.product is product)
    take_out(session, old, person_of(cast.people["desk"]), "同一故障三次返修，按约更换整机。")


def take_out(session: Session, old: Device, person: Person, reason: str) -> None:
    """Another unit, takes the place of `old`."""
    serial = f"{old.serial[:2]}26{old.serial[4:]}"
    devices.swap(session, old, person, reason, Whereabouts.RETURNED, serial=serial, udi_pi=f"(21){serial}")
