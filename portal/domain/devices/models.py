"""Devices."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import codes
from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.catalog.models import Product
from portal.domain.organisations.models import Centre, Company, Department, Organisation, Site
from portal.domain.permissions import Scope


class State(StrEnum):
    IN_USE = "in_use"
    DO_NOT_USE = "do_not_use"
    IDLE = "idle"
    SCRAPPED = "scrapped"
    REPLACED = "replaced"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return {"in_use": "good", "do_not_use": "bad"}.get(self.value, "neutral")


STATE_LABELS = {
    State.IN_USE: Message("In use"),
    State.DO_NOT_USE: Message("Do not use"),
    State.IDLE: Message("Idle"),
    State.SCRAPPED: Message("Scrapped"),
    State.REPLACED: Message("Replaced by another unit"),
}


class Whereabouts(StrEnum):
    """Where the part or unit is that was taken out (F06, 旧件返还)."""

    RETURNED = "old_returned"
    LEFT = "old_left"
    SCRAPPED = "old_scrapped"

    @property
    def label(self) -> Message:
        return WHEREABOUTS_LABELS[self]


WHEREABOUTS_LABELS = {
    Whereabouts.RETURNED: Message("Taken back by us"),
    Whereabouts.LEFT: Message("Left with the hospital"),
    Whereabouts.SCRAPPED: Message("Scrapped"),
}


LABEL_SIGNS = 13


def new_label_code() -> str:
    """What the label on a device leads by: 65 random bits, so that nobody finds a device by trying."""
    return codes.draw(LABEL_SIGNS)


class Device(Base, Audited):
    """One unit, or one lot of goods, at a hospital. Cover runs to the end of each named day.

    A lot of goods has no `serial`: it is known by its `lot`, once at each site, and may be used until the end of
    `expires_on` (INT-14).
    A unit that took another's place names it in `replaces_id`, since `swapped_at` (UTC); of the one that was taken
    away, `whereabouts` says where it is (RPR-11).
    `label_code` stands on its label; whoever holds it may see the public page of the device (INT-10).
    `held_at` (UTC): since when it is kept as evidence and may not be changed; `held_reason` says why (RPR-13).
    """

    __tablename__ = "device"
    __table_args__ = (
        sa.Index(
            "uq_device_product_id_serial",
            *("product_id", "serial"),
            unique=True,
            sqlite_where=sa.text("serial <> ''"),
            postgresql_where=sa.text("serial <> ''"),
        ),
        sa.Index(
            "uq_device_product_id_site_id_lot",
            *("product_id", "site_id", "lot"),
            unique=True,
            sqlite_where=sa.text("serial = ''"),
            postgresql_where=sa.text("serial = ''"),
        ),
        sa.Index("ix_device_organisation_id_sort", "organisation_id", "sort_key", "id"),
        sa.Index("ix_device_site_id_sort", "site_id", "sort_key", "id"),
        sa.Index("ix_device_dealer_id_sort", "dealer_id", "sort_key", "id"),
        sa.Index("ix_device_centre_id_sort", "centre_id", "sort_key", "id"),
        sa.Index("ix_device_sort", "sort_key", "id"),
    )
    versioned = {
        "details": (
            *("serial", "lot", "udi_pi", "no_udi_reason", "made_on", "expires_on", "asset_number", "room", "keeper"),
            *("labour_until", "parts_until", "travel_until"),
        )
    }
    scope_columns = {
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    label_code: Mapped[str] = mapped_column(sa.String(LABEL_SIGNS), default=new_label_code, unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    state: Mapped[State] = mapped_column(enum_type(State, "state"), default=State.IN_USE)
    sort_key: Mapped[str] = mapped_column(sa.String(200))
    serial: Mapped[str] = mapped_column(sa.String(80), index=True)
    lot: Mapped[str] = mapped_column(sa.String(80), default="")
    udi_pi: Mapped[str] = mapped_column(sa.String(120), default="")
    no_udi_reason: Mapped[str] = mapped_column(default="")
    asset_number: Mapped[str] = mapped_column(sa.String(80), default="")
    room: Mapped[str] = mapped_column(sa.String(80), default="")
    keeper: Mapped[str] = mapped_column(default="", info={"personal": True})
    made_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    sold_on: Mapped[date | None]
    installed_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    labour_until: Mapped[date | None]
    parts_until: Mapped[date | None]
    travel_until: Mapped[date | None]
    held_at: Mapped[Utc | None]
    held_reason: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("device.id"), unique=True)
    swapped_at: Mapped[Utc | None]
    whereabouts: Mapped[Whereabouts | None] = mapped_column(enum_type(Whereabouts, "whereabouts"))
    details_version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Company] = relationship()
    product: Mapped[Product] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    dealer: Mapped[Organisation | None] = relationship(foreign_keys=dealer_id)
    site: Mapped[Site] = relationship()
    department: Mapped[Department | None] = relationship()
    centre: Mapped[Centre] = relationship()
    replaces: Mapped["Device | None"] = relationship(remote_side=id, back_populates="replaced_by")
    replaced_by: Mapped["Device | None"] = relationship(back_populates="replaces", uselist=False)

    @property
    def identity(self) -> str:
        """What tells it from others of its product: the serial number, or the lot of goods that have none."""
        return self.serial or self.lot

    @property
    def identity_word(self) -> Message:
        """What `identity` is."""
        return Message("Serial number") if self.serial or not self.lot else Message("Lot")

    def expired(self, on: date) -> bool:
        """Whether it may not be used any more on the day `on` (in the company's zone)."""
        return self.expires_on is not None and self.expires_on < on

    def in_warranty(self, on: date) -> bool:
        """Whether labour and parts are both covered on the day `on` (in the company's zone)."""
        return all(until is not None and on <= until for until in (self.labour_until, self.parts_until))


IDENTITY = sa.case((Device.__table__.c.serial != "", Device.__table__.c.serial), else_=Device.__table__.c.lot).label(
    "identity"
)
"""`Device.identity`, for lists."""
