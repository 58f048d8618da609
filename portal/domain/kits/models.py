"""What to take along to a model."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, enum_type, new_uid
from portal.core.errors import Message


class KitKind(StrEnum):
    TOOL = "tool"
    TEST = "test"
    PART = "part"

    @property
    def label(self) -> Message:
        return KIT_KINDS[self]


KIT_KINDS = {
    KitKind.TOOL: Message("Tool"),
    KitKind.TEST: Message("Test equipment"),
    KitKind.PART: Message("Part"),
}


class KitItem(Base, Audited):
    """One thing to take along to every device of a model. What is not needed any more is no longer `in_use`."""

    __tablename__ = "kit_item"
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    kind: Mapped[KitKind] = mapped_column(enum_type(KitKind, "kind"))
    name: Mapped[Text2]
    in_use: Mapped[bool] = mapped_column(default=True)
