"""Statements, and the runs that draw up all of a month."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope
from portal.domain.statements.words import RunState, StatementState


class StatementRun(Base, Audited):
    """Drawing up the statements of one month for all customers that need one. `month` is its first day.

    `total` is how many were due when it was asked for; without `asked_by_id` the clock asked.
    """

    __tablename__ = "statement_run"
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    month: Mapped[date]
    total: Mapped[int]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[Utc]
    state: Mapped[RunState] = mapped_column(enum_type(RunState, "state"))


class Statement(Base, Audited):
    """One customer's statement of one month towards one of our companies (RPR-6). `month` is its first day.

    `closing` is what was owed at its end and `overdue` what of that was due, in minor units of the company's currency:
    as they were when it was drawn up or issued. What it says to the customer is frozen in its document.
    """

    __tablename__ = "statement"
    __table_args__ = (
        sa.UniqueConstraint("company_id", "organisation_id", "month"),
        sa.Index("ix_statement_at", "last_event_at", "id"),
        sa.Index("ix_statement_month_at", "month", "last_event_at", "id"),
    )
    scope_columns = {Scope.ORGANISATION: "organisation_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("statement_run.id"), index=True)
    month: Mapped[date]
    state: Mapped[StatementState] = mapped_column(enum_type(StatementState, "state"))
    closing: Mapped[int]
    overdue: Mapped[int]
    last_event_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)

    # It concerns the customer as a whole: its document belongs to no site, no centre and no technician.
    site_id = centre_id = technician_id = None

    @property
    def until(self) -> date:
        """The last day of its month."""
        return (self.month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
