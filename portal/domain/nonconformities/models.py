"""Nonconformities."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.accounts.models import Account
from portal.domain.checklists.models import Reading
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> Message:
        return {"open": Message("Open"), "closed": Message("Closed")}[self.value]

    @property
    def tone(self) -> str:
        return {"open": "warn", "closed": "good"}[self.value]


class Nonconformity(Base, Audited):
    """A reading outside its limits: what was tested, what was read, against which limit. Times are UTC."""

    __tablename__ = "nonconformity"
    __table_args__ = (sa.Index("ix_nonconformity_state_at", "state", "opened_at", "id"),)
    scope_columns = {
        Scope.ORGANISATION: "organisation_id",
        Scope.SITE: "site_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    reading_id: Mapped[int] = mapped_column(sa.ForeignKey("test_reading.id"), unique=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"), index=True)
    technician_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    state: Mapped[State] = mapped_column(enum_type(State, "state"))
    item: Mapped[Text2]
    said: Mapped[str]
    limits: Mapped[str]
    opened_at: Mapped[Utc]
    closed_at: Mapped[Utc | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    why_closed: Mapped[str] = mapped_column(default="")

    company: Mapped[Company] = relationship()
    reading: Mapped[Reading] = relationship()
    device: Mapped[Device] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    technician: Mapped[Account] = relationship(foreign_keys=technician_id)
    closed_by: Mapped[Account | None] = relationship(foreign_keys=closed_by_id)
