"""Formats of labels, and sheets of labels."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.core.files import File
from portal.domain.permissions import Scope

MEASURES = ("page_width", "page_height", "label_width", "label_height", "left", "top", "gap_across", "gap_down")


class LabelFormat(Base, Audited):
    """A sheet or a roll as the trade sells it. Measures are tenths of a millimetre; a roll is a page of one label."""

    __tablename__ = "label_format"
    versioned = {"details": ("name", *MEASURES, "across", "down", "in_use")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    name: Mapped[Text2]
    page_width: Mapped[int]
    page_height: Mapped[int]
    label_width: Mapped[int]
    label_height: Mapped[int]
    left: Mapped[int] = mapped_column(default=0)
    top: Mapped[int] = mapped_column(default=0)
    gap_across: Mapped[int] = mapped_column(default=0)
    gap_down: Mapped[int] = mapped_column(default=0)
    across: Mapped[int] = mapped_column(default=1)
    down: Mapped[int] = mapped_column(default=1)
    in_use: Mapped[bool] = mapped_column(default=True)
    details_version: Mapped[int] = mapped_column(default=1)

    @property
    def per_page(self) -> int:
        return self.across * self.down

    @property
    def needs_width(self) -> int:
        """What the labels of a row take, in tenths of a millimetre."""
        return self.left + self.across * self.label_width + (self.across - 1) * self.gap_across

    @property
    def needs_height(self) -> int:
        """What the labels of a column take, in tenths of a millimetre."""
        return self.top + self.down * self.label_height + (self.down - 1) * self.gap_down


class SheetState(StrEnum):
    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        return SHEET_LABELS[self]


SHEET_LABELS = {
    SheetState.ASKED: Message("Being prepared"),
    SheetState.READY: Message("Ready"),
    SheetState.FAILED: Message("Could not be prepared"),
}


class LabelSheet(Base, Audited):
    """Labels that somebody asked for: `device_ids` in their order, after the first `skipped` places of a sheet."""

    __tablename__ = "label_sheet"
    scope_columns = {Scope.OWN: "requested_by_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    requested_at: Mapped[Utc]
    format_id: Mapped[int] = mapped_column(sa.ForeignKey("label_format.id"))
    device_ids: Mapped[list]
    skipped: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[SheetState] = mapped_column(enum_type(SheetState, "state"))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("file.id"))
    pages: Mapped[int | None]
    error: Mapped[str] = mapped_column(default="")

    format: Mapped[LabelFormat] = relationship()
    file: Mapped[File | None] = relationship()
