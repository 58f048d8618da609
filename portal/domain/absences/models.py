"""Absences."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.domain.absences.words import AbsenceKind, AbsenceState
from portal.domain.accounts.models import Account
from portal.domain.permissions import Scope


class Absence(Base, Audited):
    """That somebody is away from `first_on` to `last_on`, both days included, in the zone of the person.

    `dealer_id` is the organisation of a dealer's people, None for our own.
    """

    __tablename__ = "absence"
    __table_args__ = (
        sa.Index("ix_absence_account_id_on", "account_id", "last_on", "id"),
        sa.Index("ix_absence_last_on", "last_on", "id"),
        sa.CheckConstraint("first_on <= last_on", name="in_order"),
    )
    scope_columns = {Scope.OWN: "account_id", Scope.DEALER: "dealer_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[AbsenceKind] = mapped_column(enum_type(AbsenceKind, "kind"))
    state: Mapped[AbsenceState] = mapped_column(enum_type(AbsenceState, "state"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[Utc | None]

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on
