"""The decision on who pays for a request."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.accounts.models import Account
from portal.domain.permissions import Scope
from portal.domain.servicing.models import ServiceRequest


class Choice(StrEnum):
    """By what a request is charged (保修/自费/责任待定)."""

    BY_COVER = "by_cover"
    CHARGED = "charged"
    EXCLUDED = "excluded"
    TO_CLARIFY = "to_clarify"

    @property
    def label(self) -> Message:
        return _CHOICES[self]

    @property
    def tone(self) -> str:
        return {"by_cover": "good", "to_clarify": "hold"}.get(self.value, "warn")


_CHOICES = {
    Choice.BY_COVER: Message("As covered"),
    Choice.CHARGED: Message("Charged, although covered"),
    Choice.EXCLUDED: Message("Excluded from cover"),
    Choice.TO_CLARIFY: Message("To be clarified"),
}


class CoverDecision(Base, Audited):
    """Who decided when by what a request is charged (WAR-11). `choice` fixes the path of its plans' prices."""

    __tablename__ = "cover_decision"
    versioned = {"decision": ("choice", "grounds")}
    scope_columns = {
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    choice: Mapped[Choice] = mapped_column(enum_type(Choice, "choice"))
    grounds: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[Utc]
    decision_version: Mapped[int] = mapped_column(default=0)

    request: Mapped[ServiceRequest] = relationship()
    decided_by: Mapped[Account | None] = relationship()
