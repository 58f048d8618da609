"""Complaints."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Harm


class State(StrEnum):
    OPEN = "open"
    ASSESSED = "assessed"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return {"open": "warn", "assessed": "good"}[self.value]


STATE_LABELS = {State.OPEN: Message("To be assessed"), State.ASSESSED: Message("Assessed")}


class Outcome(StrEnum):
    """What an adverse event did, or could have done: it decides how soon the authority must know (令1)."""

    DEATH = "death"
    SERIOUS = "serious"
    LESSER = "lesser"

    @property
    def label(self) -> Message:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.DEATH: Message("Somebody died"),
    Outcome.SERIOUS: Message("Serious injury, or it could have led to one or to death"),
    Outcome.LESSER: Message("Neither"),
}


class Complaint(Base, Audited):
    """A complaint from a service request, with what the safety questions said. Times are UTC.

    `known_at` is when it was first known, or judged, to be an adverse event: the times set by law begin then.
    `is_group`: the same product has harmed several in one place or time (群体不良事件).
    """

    __tablename__ = "complaint"
    __table_args__ = (sa.Index("ix_complaint_state_at", "state", "opened_at", "id"),)
    versioned = {"assessment": ("is_substantiated", "is_reportable", "outcome", "is_group", "opinion")}
    scope_columns = {
        Scope.ORGANISATION: "organisation_id",
        Scope.SITE: "site_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), unique=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"), index=True)
    state: Mapped[State] = mapped_column(enum_type(State, "state"))
    harm: Mapped[Harm] = mapped_column(enum_type(Harm, "harm"))
    is_event: Mapped[bool]
    content: Mapped[str]
    opened_at: Mapped[Utc]
    is_substantiated: Mapped[bool | None]
    is_reportable: Mapped[bool | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome, "outcome"))
    is_group: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    known_at: Mapped[Utc | None]
    opinion: Mapped[str] = mapped_column(default="")
    assessed_at: Mapped[Utc | None]
    assessment_version: Mapped[int] = mapped_column(default=0)

    technician_id = None
    """Nobody is sent for a complaint; clocks and what happened keep this of their case."""

    company: Mapped[Company] = relationship()
    request: Mapped[ServiceRequest] = relationship()
    device: Mapped[Device] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
