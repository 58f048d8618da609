"""Certificates of technicians."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, enum_type, new_uid
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.permissions import Scope


class Certificate(Base, Audited):
    """That a person may service a model, or every model of a class (003-c 第5条; 000-b 三.3).

    Days are those of the company's zone. It holds from `valid_from` to the end of `valid_until`, and no longer on the
    day of `withdrawn_on`. Exactly one of `product_id` and `risk_class` is set.
    """

    __tablename__ = "certificate"
    __table_args__ = (sa.CheckConstraint("(product_id IS NULL) <> (risk_class IS NULL)", name="one_subject"),)
    scope_columns = {Scope.OWN: "account_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    risk_class: Mapped[RiskClass | None] = mapped_column(enum_type(RiskClass, "risk_class"))
    certificate_number: Mapped[str] = mapped_column(sa.String(80))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    withdrawn_on: Mapped[date | None]

    account: Mapped[Account] = relationship()
    product: Mapped[Product | None] = relationship()

    @property
    def subject(self) -> object:
        """What it is for: the model, or the class, as people are told."""
        return self.risk_class.label if self.product is None else self.product.model

    def covers(self, product: Product) -> bool:
        return product.id == self.product_id or product.risk_class is self.risk_class

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until and (self.withdrawn_on is None or day < self.withdrawn_on)
