"""Versions of the release rules, their rules, and the reasons for releasing first."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.core.deadlines import VersionState
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import RiskClass
from portal.domain.releases.words import Review


@dataclass(frozen=True)
class Case:
    """What a rule is chosen by. `kind` is the kind of service request, as its word is stored."""

    risk_class: RiskClass
    life_support: bool
    kind: str


class ReleaseVersion(Base, Audited):
    """The release rules as they were agreed once. Never altered after they came into force. Times are UTC."""

    __tablename__ = "release_version"
    versioned = {"draft": ("source", "rules")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    version: Mapped[int] = mapped_column(unique=True)
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState, "state"))
    source: Mapped[str]
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[Utc | None]
    draft_version: Mapped[int] = mapped_column(default=1)

    approved_by: Mapped[Account | None] = relationship(foreign_keys=approved_by_id)
    rules: Mapped[list["ReleaseRule"]] = relationship(
        order_by="ReleaseRule.id", back_populates="version", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def in_order(self) -> list["ReleaseRule"]:
        """The rules as they are asked: the most particular first, the one for all others last."""
        return sorted(self.rules, key=lambda rule: rule.rank)

    @property
    def default(self) -> "ReleaseRule | None":
        """The rule for all that no other rule is for."""
        return next((rule for rule in self.rules if not rule.conditions), None)

    def holding(self, case: Case) -> "ReleaseRule | None":
        """The rule that holds for `case`; None where none fits."""
        return next((rule for rule in self.in_order if rule.fits(case)), None)


class ReleaseRule(Base):
    """Who must review such repairs. A condition that is None (`kind`: "") fits every case; `source` says who set it."""

    __tablename__ = "release_rule"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("release_version.id"), index=True)
    risk_class: Mapped[RiskClass | None] = mapped_column(enum_type(RiskClass, "risk_class"))
    life_support: Mapped[bool | None]
    kind: Mapped[str] = mapped_column(sa.String(20), default="")
    review: Mapped[Review] = mapped_column(enum_type(Review, "review"))
    source: Mapped[str]

    version: Mapped[ReleaseVersion] = relationship(back_populates="rules")

    @property
    def key(self) -> tuple[RiskClass | None, bool | None, str]:
        """Its conditions: two rules of one version never share them."""
        return self.risk_class, self.life_support, self.kind

    @property
    def conditions(self) -> int:
        """How many conditions it sets."""
        return sum((self.risk_class is not None, self.life_support is not None, bool(self.kind)))

    @property
    def rank(self) -> tuple[int, int, int]:
        """More conditions before fewer; of equals the stricter rule, for when in doubt nothing is waived."""
        return -self.conditions, self.review.leniency, self.id or 0

    def fits(self, case: Case) -> bool:
        """Whether `case` is one of those that it is for."""
        return (
            self.risk_class in (None, case.risk_class)
            and self.life_support in (None, case.life_support)
            and self.kind in ("", case.kind)
        )


class ReleaseReason(Base, Audited):
    """Why a device may be released before its review, such as a lone engineer at night."""

    __tablename__ = "release_reason"
    versioned = {"reason": ("name", "in_use")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    name: Mapped[Text2]
    in_use: Mapped[bool] = mapped_column(default=True)
    reason_version: Mapped[int] = mapped_column(default=1)
