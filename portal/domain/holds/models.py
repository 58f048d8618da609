"""Evidence holds."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Company, Organisation, Site
from portal.domain.permissions import Scope


class State(StrEnum):
    ASKED = "asked"
    HELD = "held"
    RELEASED = "released"
    DECLINED = "declined"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return {"asked": "warn", "held": "hold", "released": "good"}.get(self.value, "neutral")


STATE_LABELS = {
    State.ASKED: Message("Hold requested"),
    State.HELD: Message("On evidence hold"),
    State.RELEASED: Message("Released"),
    State.DECLINED: Message("Declined"),
}

OPEN = (State.ASKED, State.HELD)


class Ground(StrEnum):
    """Why a device is evidence."""

    DISPUTE = "dispute"
    EVENT = "event"
    AUTHORITY = "authority"

    @property
    def label(self) -> Message:
        return GROUND_LABELS[self]


GROUND_LABELS = {
    Ground.DISPUTE: Message("Medical dispute"),
    Ground.EVENT: Message("Investigation of an adverse event"),
    Ground.AUTHORITY: Message("Demand of an authority or a court"),
}


class EvidenceHold(Base, Audited):
    """That a device is kept as it is (医疗纠纷条例 25). Times are UTC.

    `items` is the sealing list as typed: item, quantity, condition, seal_number. `technician_id` is whoever may let the
    hospital sign it on the tablet.
    """

    __tablename__ = "evidence_hold"
    __table_args__ = (
        sa.Index("ix_evidence_hold_state_at", "state", "asked_at", "id"),
        sa.Index("ix_evidence_hold_centre_id_at", "centre_id", "asked_at", "id"),
        sa.Index("ix_evidence_hold_dealer_id_at", "dealer_id", "asked_at", "id"),
        sa.Index(
            "ix_evidence_hold_one_open",
            "device_id",
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'held')"),
            postgresql_where=sa.text("state IN ('asked', 'held')"),
        ),
    )
    versioned = {"list": ("items", "sealed_where")}
    scope_columns = {
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(sa.ForeignKey("complaint.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[State] = mapped_column(enum_type(State, "state"))
    ground: Mapped[Ground] = mapped_column(enum_type(Ground, "ground"))
    reason: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[Utc]
    held_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    held_at: Mapped[Utc | None]
    items: Mapped[list] = mapped_column(default=list)
    sealed_where: Mapped[str] = mapped_column(default="")
    list_version: Mapped[int] = mapped_column(default=0)
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    released_at: Mapped[Utc | None]
    release_reason: Mapped[str] = mapped_column(default="")

    company: Mapped[Company] = relationship()
    device: Mapped[Device] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    site: Mapped[Site] = relationship()
    asked_by: Mapped[Account | None] = relationship(foreign_keys=asked_by_id)
    held_by: Mapped[Account | None] = relationship(foreign_keys=held_by_id)
    released_by: Mapped[Account | None] = relationship(foreign_keys=released_by_id)
