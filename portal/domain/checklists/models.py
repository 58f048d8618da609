"""Checklists, their versions and items; test sheets and their readings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.checklists.words import (
    AppliedPart,
    Group,
    ItemKind,
    Outcome,
    Protection,
    Purpose,
    SheetState,
    VersionState,
)
from portal.domain.permissions import Scope


class Exact(sa.types.TypeDecorator):
    """A decimal kept as text, digit for digit: neither engine may round a measured value."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Checklist(Base, Audited):
    """A checklist by name. Its versions hold the items, its uses say for which devices it is."""

    __tablename__ = "checklist"
    versioned = {"use": ("uses",)}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    key: Mapped[str] = mapped_column(sa.String(40), default="")
    """Short name of a shipped one, by which a start knows that it is there already; "" for all others."""
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "purpose"))
    name: Mapped[Text2]
    use_version: Mapped[int] = mapped_column(default=1)

    versions: Mapped[list["ChecklistVersion"]] = relationship(
        order_by="ChecklistVersion.version", back_populates="checklist"
    )
    uses: Mapped[list["ChecklistUse"]] = relationship(
        order_by="ChecklistUse.id", back_populates="checklist", cascade="all, delete-orphan"
    )

    def _newest(self, state: VersionState) -> "ChecklistVersion | None":
        return next((v for v in reversed(self.versions) if v.state is state), None)

    @property
    def published(self) -> "ChecklistVersion | None":
        """The version that new sheets get."""
        return self._newest(VersionState.PUBLISHED)

    @property
    def draft(self) -> "ChecklistVersion | None":
        """The version that is being written."""
        return self._newest(VersionState.DRAFT)


class ChecklistUse(Base):
    """For which devices a checklist is: a model, a class, or (neither) all others."""

    __tablename__ = "checklist_use"
    __table_args__ = (sa.UniqueConstraint("checklist_id", "product_id", "risk_class"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    checklist_id: Mapped[int] = mapped_column(sa.ForeignKey("checklist.id"))
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    risk_class: Mapped[RiskClass | None] = mapped_column(enum_type(RiskClass, "risk_class"))

    checklist: Mapped[Checklist] = relationship(back_populates="uses")
    product: Mapped[Product | None] = relationship()

    @property
    def rank(self) -> int:
        """How particular it is: a model before a class before all others."""
        return 2 if self.product_id else 1 if self.risk_class else 0


class ChecklistVersion(Base, Audited):
    """The items of a checklist as they were agreed once. Never altered after it was published. Times are UTC."""

    __tablename__ = "checklist_version"
    __table_args__ = (
        sa.UniqueConstraint("checklist_id", "version"),
        sa.Index("ix_checklist_version_state", "state", "checklist_id"),
    )
    versioned = {"draft": ("source", "note", "items")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    checklist_id: Mapped[int] = mapped_column(sa.ForeignKey("checklist.id"))
    version: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState, "state"))
    source: Mapped[str]
    note: Mapped[Text2 | None]
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[Utc | None]
    draft_version: Mapped[int] = mapped_column(default=1)

    checklist: Mapped[Checklist] = relationship(back_populates="versions")
    approved_by: Mapped[Account | None] = relationship(foreign_keys=approved_by_id)
    items: Mapped[list["ChecklistItem"]] = relationship(
        order_by="ChecklistItem.position", back_populates="version", cascade="all, delete-orphan"
    )

    def items_for(self, protection: Protection | None, applied: AppliedPart | None) -> list["ChecklistItem"]:
        """The items that are tested on a device of this class and type: test by test, each in its order."""
        found = [item for item in self.items if item.is_for(protection, applied)]
        return sorted(found, key=lambda item: (list(Group).index(item.group), item.position))


@dataclass(frozen=True)
class Choice:
    """One answer of an item of choices, and whether it passes."""

    name: Text2
    passes: bool


class ChecklistItem(Base):
    """One item. Limits are inclusive, in `unit` (UCUM); `warn_lower` and `warn_upper` mark what is near a limit.

    `choices`: rows {"zh", "en", "passes"}. `protection` and `applied`: the classes and types of devices that it is for;
    none means all. `decimals` is how many places a limit is printed with. `instrument`: it is read off a measuring
    instrument, which the sheet must name.
    """

    __tablename__ = "checklist_item"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("checklist_version.id"), index=True)
    position: Mapped[int]
    group: Mapped[Group] = mapped_column(enum_type(Group, "group"))
    kind: Mapped[ItemKind] = mapped_column(enum_type(ItemKind, "kind"))
    name: Mapped[Text2]
    hint: Mapped[Text2 | None]
    lower: Mapped[Decimal | None] = mapped_column(Exact)
    upper: Mapped[Decimal | None] = mapped_column(Exact)
    warn_lower: Mapped[Decimal | None] = mapped_column(Exact)
    warn_upper: Mapped[Decimal | None] = mapped_column(Exact)
    unit: Mapped[str] = mapped_column(sa.String(20), default="")
    decimals: Mapped[int] = mapped_column(default=0)
    choices: Mapped[list] = mapped_column(default=list)
    protection: Mapped[list] = mapped_column(default=list)
    applied: Mapped[list] = mapped_column(default=list)
    required: Mapped[bool] = mapped_column(default=True)
    instrument: Mapped[bool] = mapped_column(default=False)

    version: Mapped[ChecklistVersion] = relationship(back_populates="items")

    @property
    def answers(self) -> list[Choice]:
        """What can be chosen."""
        return [Choice(Text2(row["zh"], row["en"]), row["passes"]) for row in self.choices]

    def is_for(self, protection: Protection | None, applied: AppliedPart | None) -> bool:
        """Whether it is tested on a device of this class and type; what the sheet does not know excludes nothing."""
        if protection is Protection.NONE:
            return not self.protection and not self.applied
        by_class = not self.protection or protection is None or protection.value in self.protection
        return by_class and (not self.applied or applied is None or applied.value in self.applied)


class TestSheet(Base, Audited):
    """One version of a checklist, filled in at the device of a work order (R2, R4). Times are UTC.

    `attempt` counts the sheets of the same checklist at the order; earlier ones stay as they were. `instruments`: rows
    {"name", "number", "valid_until" (ISO day)}. `protection` and `applied` say what the rating plate says.
    """

    __test__ = False  # not a class of tests, whatever pytest thinks of its name
    __tablename__ = "test_sheet"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "version_id", "attempt"),
        sa.Index("ix_test_sheet_state_at", "state", "last_event_at", "id"),
        sa.Index("ix_test_sheet_dealer_id_at", "dealer_id", "last_event_at", "id"),
        sa.Index("ix_test_sheet_technician_id_at", "technician_id", "last_event_at", "id"),
    )
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
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("checklist_version.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    attempt: Mapped[int]
    state: Mapped[SheetState] = mapped_column(enum_type(SheetState, "state"))
    protection: Mapped[Protection | None] = mapped_column(enum_type(Protection, "protection"))
    applied: Mapped[AppliedPart | None] = mapped_column(enum_type(AppliedPart, "applied"))
    instruments: Mapped[list] = mapped_column(default=list)
    opened_at: Mapped[Utc]
    completed_at: Mapped[Utc | None]
    reviewed_at: Mapped[Utc | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    why_rejected: Mapped[str] = mapped_column(default="")
    last_event_at: Mapped[Utc]

    version: Mapped[ChecklistVersion] = relationship()
    technician: Mapped[Account] = relationship(foreign_keys=technician_id)
    reviewed_by: Mapped[Account | None] = relationship(foreign_keys=reviewed_by_id)
    readings: Mapped[list["Reading"]] = relationship(back_populates="sheet", cascade="all, delete-orphan")
    order = relationship("WorkOrder", back_populates="sheets")

    @property
    def checklist(self) -> Checklist:
        return self.version.checklist

    @property
    def items(self) -> list[ChecklistItem]:
        """The items that are tested on this device, test by test."""
        return self.version.items_for(self.protection, self.applied)

    def reading(self, item: ChecklistItem) -> "Reading | None":
        """What was written down for `item`."""
        return next((reading for reading in self.readings if reading.item_id == item.id), None)

    @property
    def rows(self) -> list[tuple[ChecklistItem, "Reading | None"]]:
        """Each item that is tested here with what was written down for it."""
        found = {reading.item_id: reading for reading in self.readings}
        return [(item, found.get(item.id)) for item in self.items]

    @property
    def missing(self) -> list[ChecklistItem]:
        """Required items without a result."""
        return [item for item, reading in self.rows if item.required and reading is None]

    @property
    def failed(self) -> list["Reading"]:
        """Readings outside their limits."""
        return [reading for _, reading in self.rows if reading and reading.outcome is Outcome.FAIL]

    @property
    def asks_plate(self) -> bool:
        """Whether it matters what the rating plate says."""
        return any(item.protection or item.applied for item in self.version.items)

    def verdict(self, group: Group) -> Outcome | None:
        """The outcome of one test; None where nothing of it was written down."""
        outcomes = {reading.outcome for item, reading in self.rows if reading and item.group is group}
        return next((o for o in (Outcome.FAIL, Outcome.WARNING, Outcome.PASS, *outcomes) if o in outcomes), None)


class Reading(Base):
    """What was written down for an item: `typed` as it was typed, its value where it is a number, what it means.

    `typed` is the number, "pass" or "fail", the place of the choice from 0, the remark; "" for a photo and for what
    does not apply, of which `reason` says why.
    """

    __tablename__ = "test_reading"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "item_id"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("test_sheet.id"), index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("checklist_item.id"))
    typed: Mapped[str] = mapped_column(default="")
    value: Mapped[Decimal | None] = mapped_column(Exact)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "outcome"))
    reason: Mapped[str] = mapped_column(default="")

    sheet: Mapped[TestSheet] = relationship(back_populates="readings")
    item: Mapped[ChecklistItem] = relationship()


def until(instrument: dict[str, Any]) -> date:
    """The last day on which an instrument of a sheet is calibrated."""
    return date.fromisoformat(instrument["valid_until"])
