"""Shifts of the duty roster, and calls to the people on duty."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.weeks import Span
from portal.domain.accounts.models import Account
from portal.domain.duty.words import CallState, Rung, ShiftState
from portal.domain.organisations.models import Centre, Company
from portal.domain.permissions import Scope
from portal.domain.servicing.models import ServiceRequest

TO_GO_ON = sa.text("next_at IS NOT NULL")


class DutyShift(Base, Audited):
    """Who answers for a centre from `starts_at` up to `ends_at`, UTC, under which number (DSP-6).

    No two planned shifts of a centre have a moment in common. `helper_ids`: accounts that are called after the deputy.
    """

    __tablename__ = "duty_shift"
    __table_args__ = (
        sa.Index("ix_duty_shift_centre_id_at", "centre_id", "starts_at", "id"),
        sa.Index("ix_duty_shift_person_id_at", "person_id", "ends_at", "id"),
        sa.CheckConstraint("starts_at < ends_at", name="in_order"),
    )
    versioned = {"shift": ("starts_at", "ends_at", "person_id", "phone", "deputy_id", "helper_ids")}
    scope_columns = {Scope.CENTRE: "centre_id", Scope.DEALER: "dealer_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    state: Mapped[ShiftState] = mapped_column(enum_type(ShiftState, "state"))
    starts_at: Mapped[Utc]
    ends_at: Mapped[Utc]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    phone: Mapped[str] = mapped_column(sa.String(40))
    deputy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    helper_ids: Mapped[list] = mapped_column(default=list)
    shift_version: Mapped[int] = mapped_column(default=1)

    centre: Mapped[Centre] = relationship()
    person: Mapped[Account] = relationship(foreign_keys=person_id)
    deputy: Mapped[Account | None] = relationship(foreign_keys=deputy_id)

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class DutyCall(Base, Audited):
    """That somebody must see to an urgent request outside working hours; one at most for each request.

    `next_at`: when the next rung of the ladder is called, unless somebody has answered; None where none is left.
    `shift_id`: the shift that it began in, None where nobody was on duty.
    """

    __tablename__ = "duty_call"
    __table_args__ = (
        sa.Index("ix_duty_call_next_at", "next_at", "id", sqlite_where=TO_GO_ON, postgresql_where=TO_GO_ON),
        sa.Index("ix_duty_call_centre_id_state", "centre_id", "state", "id"),
    )
    scope_columns = {Scope.CENTRE: "centre_id", Scope.DEALER: "dealer_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), unique=True)
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    shift_id: Mapped[int | None] = mapped_column(sa.ForeignKey("duty_shift.id"))
    state: Mapped[CallState] = mapped_column(enum_type(CallState, "state"))
    next_at: Mapped[Utc | None] = mapped_column(info={"quiet": True})
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    answered_at: Mapped[Utc | None]
    began_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    request: Mapped[ServiceRequest] = relationship(backref=backref("duty_call", uselist=False))
    shift: Mapped[DutyShift | None] = relationship()
    answered_by: Mapped[Account | None] = relationship(foreign_keys=answered_by_id)
    rings: Mapped[list["DutyRing"]] = relationship(order_by="DutyRing.id", back_populates="call")

    @property
    def rungs(self) -> set[Rung]:
        """The rungs that were called already."""
        return {ring.rung for ring in self.rings}


class DutyRing(Base):
    """One person was called, as what, and when."""

    __tablename__ = "duty_ring"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("duty_call.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    rung: Mapped[Rung] = mapped_column(enum_type(Rung, "rung"))
    rung_at: Mapped[Utc]

    call: Mapped[DutyCall] = relationship(back_populates="rings")
    account: Mapped[Account] = relationship()
