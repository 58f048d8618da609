"""Charges and payments."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.domain.accounts.models import Account
from portal.domain.charges.words import ChargeState, PaidBy, PaymentState
from portal.domain.organisations.models import Company, InvoiceKind, Organisation
from portal.domain.permissions import Scope
from portal.domain.servicing.models import WorkOrder

SCOPES = {
    Scope.ORGANISATION: "organisation_id",
    Scope.DEALER: "dealer_id",
    Scope.CENTRE: "centre_id",
    Scope.ASSIGNED: "technician_id",
}


class Charge(Base, Audited):
    """What is owed for one finished work order (F09). Amounts in minor units of the company's currency.

    `lines` are those of the option that was consented to: kind, code, name, unit, quantity (text), unit_price, tax_rate
    (basis points), net, tax. `gross` is their sum with tax, `discount` what is let off it. What the invoice says of the
    hospital is kept as it was when it was written. `due_on` and `chase_on` are days of the company's zone.
    """

    __tablename__ = "charge"
    __table_args__ = (
        sa.Index("ix_charge_at", "opened_at", "id"),
        sa.Index("ix_charge_state_at", "state", "opened_at", "id"),
        sa.Index("ix_charge_organisation_id_at", "organisation_id", "opened_at", "id"),
        sa.Index("ix_charge_dealer_id_at", "dealer_id", "opened_at", "id"),
        sa.Index("ix_charge_technician_id_at", "technician_id", "opened_at", "id"),
        sa.Index("ix_charge_chase", "state", "chase_on"),
    )
    scope_columns = SCOPES

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[ChargeState] = mapped_column(enum_type(ChargeState, "state"))
    lines: Mapped[list]
    net: Mapped[int]
    tax: Mapped[int]
    gross: Mapped[int]
    discount: Mapped[int] = mapped_column(default=0)
    discount_reason: Mapped[str] = mapped_column(default="")
    discount_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    invoice_kind: Mapped[InvoiceKind | None] = mapped_column(enum_type(InvoiceKind, "invoice_kind"))
    invoice_title: Mapped[str] = mapped_column(sa.String(200), default="")
    tax_number: Mapped[str] = mapped_column(sa.String(30), default="")
    invoice_number: Mapped[str] = mapped_column(sa.String(60), default="")
    invoiced_on: Mapped[date | None]
    due_on: Mapped[date | None]
    chase_on: Mapped[date | None]
    why_cancelled: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[Utc]
    last_event_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    order: Mapped[WorkOrder] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    technician: Mapped[Account | None] = relationship(foreign_keys=technician_id)
    discount_by: Mapped[Account | None] = relationship(foreign_keys=discount_by_id)
    payments: Mapped[list["ChargePayment"]] = relationship(order_by="ChargePayment.id", back_populates="charge")

    @property
    def owed(self) -> int:
        """What has to be paid in all."""
        return self.gross - self.discount

    @property
    def left(self) -> int:
        """What nobody has paid yet; money that a technician took counts as paid."""
        return self.owed - sum(payment.amount for payment in self.payments)

    @property
    def missing(self) -> int:
        """What finance does not have yet."""
        return self.owed - sum(p.amount for p in self.payments if p.state is PaymentState.RECEIVED)


class ChargePayment(Base, Audited):
    """Money that came for a charge. `paid_on` is a day of the company's zone; `reference` names the transfer.

    Cash is taken by a technician against a numbered receipt and handed to finance, which names both (003-c §11).
    """

    __tablename__ = "charge_payment"
    scope_columns = SCOPES

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    charge_id: Mapped[int] = mapped_column(sa.ForeignKey("charge.id"), index=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[PaymentState] = mapped_column(enum_type(PaymentState, "state"), index=True)
    paid_by: Mapped[PaidBy] = mapped_column(enum_type(PaidBy, "paid_by"))
    amount: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(sa.String(100), default="")
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    received_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    handed_over_at: Mapped[Utc | None]
    last_event_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    charge: Mapped[Charge] = relationship(back_populates="payments")
    taken_by: Mapped[Account | None] = relationship(foreign_keys=taken_by_id)
    received_by: Mapped[Account | None] = relationship(foreign_keys=received_by_id)
