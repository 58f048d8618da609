"""Known answers, and who was helped by them."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.domain.answers.words import AnswerState, Audience
from portal.domain.catalog.models import Product


class KnownAnswer(Base, Audited):
    """A question that comes again, and what helps. Without a product it holds for every one.

    `helped` counts the people who said that it solved their problem.
    """

    __tablename__ = "known_answer"
    __table_args__ = (sa.Index("ix_known_answer_sort_key", "sort_key", "id"),)
    versioned = {"details": ("question", "answer", "product", "audience")}
    scope_columns: dict[str, str] = {}
    search_columns = {"audience": "audience", "product": "product_mark", "use": "use_mark"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    question: Mapped[Text2]
    answer: Mapped[Text2]
    sort_key: Mapped[str] = mapped_column(sa.String(200))
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    audience: Mapped[Audience] = mapped_column(enum_type(Audience, "audience"))
    state: Mapped[AnswerState] = mapped_column(enum_type(AnswerState, "state"), default=AnswerState.IN_USE)
    helped: Mapped[int] = mapped_column(default=0)
    details_version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product | None] = relationship()

    @property
    def product_mark(self) -> int:
        """The product's id; 0 for all products."""
        return self.product_id or 0

    @property
    def use_mark(self) -> int:
        """1 while it is offered, else 0."""
        return int(self.state is AnswerState.IN_USE)


class AnswerHelped(Base):
    """That an answer solved somebody's problem with a device. Once for each person; `said_at` in UTC."""

    __tablename__ = "answer_helped"
    __table_args__ = (sa.UniqueConstraint("answer_id", "account_id"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(sa.ForeignKey("known_answer.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    said_at: Mapped[Utc]

    answer: Mapped[KnownAnswer] = relationship()
