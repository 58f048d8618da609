"""Questions to second line and to manufacturers."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.accounts.models import Account
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope
from portal.domain.servicing.models import WorkOrder


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return {"open": "warn", "answered": "good"}.get(self.value, "neutral")


STATE_LABELS = {
    State.OPEN: Message("To be answered"),
    State.ANSWERED: Message("Answered"),
    State.WITHDRAWN: Message("Withdrawn"),
}

_REMINDED = sa.text("next_reminder_at IS NOT NULL")


class Escalation(Base, Audited):
    """A question that the technician cannot answer alone (001 四(二)). Times are UTC.

    It goes either to a colleague (`expert_id`) or to a manufacturer (`supplier_id`, with the address it was mailed to).
    `answered_by` is who answered, as known: the colleague's name, or the person at the manufacturer.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        sa.CheckConstraint("(expert_id IS NULL) <> (supplier_id IS NULL)", name="one_addressee"),
        sa.Index("ix_escalation_expert_id_at", "expert_id", "asked_at", "id"),
        sa.Index("ix_escalation_next_reminder", "next_reminder_at", sqlite_where=_REMINDED, postgresql_where=_REMINDED),
    )
    scope_columns = {
        Scope.OWN: "expert_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    expert_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    supplier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    supplier_email: Mapped[str] = mapped_column(sa.String(254), default="", info={"personal": True})
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    asked_by_name: Mapped[str] = mapped_column(info={"personal": True})
    state: Mapped[State] = mapped_column(enum_type(State, "state"))
    question: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    asked_at: Mapped[Utc]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str] = mapped_column(default="", info={"personal": True})
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    answered_at: Mapped[Utc | None]
    reminders_sent: Mapped[int] = mapped_column(default=0, info={"quiet": True})
    next_reminder_at: Mapped[Utc | None] = mapped_column(info={"quiet": True})

    company: Mapped[Company] = relationship()
    order: Mapped[WorkOrder] = relationship()
    expert: Mapped[Account | None] = relationship(foreign_keys=expert_id)
    supplier: Mapped[Organisation | None] = relationship(foreign_keys=supplier_id)

    @property
    def addressee(self) -> object:
        """Who was asked, as people are told: the colleague's name, or the manufacturer's in two languages."""
        return self.expert.name if self.expert else self.supplier.name
