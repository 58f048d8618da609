"""Fault codes."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.faultcodes.words import CodeKind, CodeState


class FaultCode(Base, Audited):
    """One symptom, area, cause or action. Without a family it holds for every product.

    A code that is no longer in use stands in the records that carry it, and cannot be chosen any more.
    """

    __tablename__ = "fault_code"
    __table_args__ = (
        sa.UniqueConstraint("kind", "code"),
        sa.Index("ix_fault_code_code", "code", "id"),
    )
    versioned = {"details": ("name", "family")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    kind: Mapped[CodeKind] = mapped_column(enum_type(CodeKind, "kind"))
    code: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[Text2]
    family_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product_family.id"), index=True)
    state: Mapped[CodeState] = mapped_column(enum_type(CodeState, "state"), default=CodeState.IN_USE)
    details_version: Mapped[int] = mapped_column(default=1)

    family: Mapped[ProductFamily | None] = relationship()

    @property
    def label(self) -> Message:
        """As people read it: code and name."""
        return Message("%(code)s %(name)s", code=self.code, name=self.name)

    def fits(self, product: Product) -> bool:
        """Whether it holds for this model."""
        return self.family_id is None or self.family_id == product.family_id
