"""Price lists, and repair plans with their lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.domain.documents.models import Method
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope
from portal.domain.plans.words import OPTIONS, Basis, LineKind, PlanState
from portal.domain.policies.models import ServiceContract
from portal.domain.servicing.models import WorkOrder


class PriceItem(Base, Audited):
    """A published price (收费标准, 003-c §11): `unit_price` in minor units before tax, `tax_rate` in basis points.

    `cost_price` is what is charged by terms that charge at cost; it is shown to staff alone.
    It holds from the day `valid_from` to the end of `valid_until`, without an end where that is None.
    """

    __tablename__ = "price_item"
    __table_args__ = (sa.UniqueConstraint("company_id", "code"),)
    versioned = {"terms": ("name", "unit", "unit_price", "cost_price", "tax_rate", "valid_from", "valid_until")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[LineKind] = mapped_column(enum_type(LineKind, "kind"))
    name: Mapped[Text2]
    unit: Mapped[Text2]
    unit_price: Mapped[int]
    tax_rate: Mapped[int]
    cost_price: Mapped[int | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    terms_version: Mapped[int] = mapped_column(default=1)

    company: Mapped[Company] = relationship()

    def holds(self, on: date) -> bool:
        """Whether the price holds on the day `on`."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class Option:
    """One thing the customer may choose, with its lines and sums in minor units."""

    name: str
    lines: Sequence["PlanLine"]

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @property
    def gross(self) -> int:
        return self.net + self.tax


class RepairPlan(Base, Audited):
    """One revision of what is to be done on a work order and what it costs (F04). Times are UTC.

    `valid_until` is the last day of the offer in the company's zone. Earlier revisions stay as they were.
    """

    __tablename__ = "repair_plan"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "revision"),
        sa.Index("ix_repair_plan_state_until", "state", "valid_until", "id"),
    )
    versioned = {"content": ("steps", "minutes", "basis", "exclusion_reason", "why_again", "valid_until")}
    scope_columns = {
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"))
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    revision: Mapped[int]
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState, "state"))
    steps: Mapped[str]
    minutes: Mapped[int | None]
    basis: Mapped[Basis] = mapped_column(enum_type(Basis, "basis"), default=Basis.BY_COVER)
    exclusion_reason: Mapped[str] = mapped_column(default="")
    exclusion_confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    why_again: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date]
    content_version: Mapped[int] = mapped_column(default=1)
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    offered_at: Mapped[Utc | None]
    answered_at: Mapped[Utc | None]
    chosen: Mapped[str] = mapped_column(sa.String(1), default="")
    method: Mapped[Method | None] = mapped_column(enum_type(Method, "method"))
    consent_contract_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_contract.id"))
    disputed_at: Mapped[Utc | None]
    objection: Mapped[str] = mapped_column(default="")
    dispute_decided_at: Mapped[Utc | None]
    dispute_answer: Mapped[str] = mapped_column(default="")
    in_approval_since: Mapped[Utc | None]
    approval_expected_on: Mapped[date | None]
    last_event_at: Mapped[Utc]

    order: Mapped[WorkOrder] = relationship()
    consent_contract: Mapped[ServiceContract | None] = relationship()
    company: Mapped[Company] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    lines: Mapped[list["PlanLine"]] = relationship(
        order_by="PlanLine.position", back_populates="plan", cascade="all, delete-orphan"
    )

    @property
    def number(self) -> str:
        """What people call it: the order's number and the revision."""
        return f"{self.order.number}/{self.revision}"

    @property
    def options(self) -> list[Option]:
        """What the customer may choose: lines without an option belong to each; one option where none is named."""
        names = sorted({line.option for line in self.lines if line.option}) or [OPTIONS[0]]
        return [Option(name, [line for line in self.lines if line.option in ("", name)]) for name in names]

    def option(self, name: str) -> Option | None:
        """The option of this name."""
        return next((option for option in self.options if option.name == name), None)

    @property
    def excluded(self) -> bool:
        return self.basis is not Basis.BY_COVER

    @property
    def is_disputed(self) -> bool:
        """The customer disputes who pays, and nobody has decided that yet."""
        return self.disputed_at is not None and self.dispute_decided_at is None

    @property
    def needs_confirmation(self) -> bool:
        """Cover was excluded, and no second person has confirmed it yet (RPR-5)."""
        return self.excluded and self.exclusion_confirmed_by_id is None


class PlanLine(Base):
    """A part, hours or a journey of one plan. Amounts in minor units, of what the customer pays.

    `share` is what cover pays of it, in percent; `covered` where that is all.
    """

    __tablename__ = "repair_plan_line"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("repair_plan.id"), index=True)
    position: Mapped[int]
    option: Mapped[str] = mapped_column(sa.String(1), default="")
    kind: Mapped[LineKind] = mapped_column(enum_type(LineKind, "kind"))
    code: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(200))
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    thousandths: Mapped[int]
    unit_price: Mapped[int]
    tax_rate: Mapped[int]
    covered: Mapped[bool]
    share: Mapped[int] = mapped_column(default=0)
    net: Mapped[int]
    tax: Mapped[int]

    plan: Mapped[RepairPlan] = relationship(back_populates="lines")

    @property
    def quantity(self) -> Decimal:
        """As counted or measured, to a thousandth."""
        return Decimal(self.thousandths) / 1000

    @property
    def gross(self) -> int:
        return self.net + self.tax
