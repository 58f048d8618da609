"""Calendars, service policies with their versions and rules, contracts, and what cases wait for."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, JsonDict, Text2, Uid, Utc, enum_type, new_uid
from portal.core.deadlines import VersionState
from portal.core.errors import Message
from portal.core.working_time import Unit
from portal.domain.permissions import Role, Scope


class WorkCalendar(Base, Audited):
    """A calendar by name: of one centre, or of the house (`centre_id` None). Its versions hold the working time."""

    __tablename__ = "work_calendar"
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    centre_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centre.id"), unique=True)
    name: Mapped[Text2]
    holidays: Mapped[str] = mapped_column(sa.String(2), default="")
    """Country whose public holidays it follows, as a code; "" for none."""


class Subject(StrEnum):
    """What a policy promises times for."""

    SERVICE = "service"
    COMPLAINT = "complaint"
    REGULATORY = "regulatory"
    RELEASE = "release"

    @property
    def label(self) -> Message:
        return _SUBJECTS[self]


_SUBJECTS = {
    Subject.SERVICE: Message("Service requests"),
    Subject.COMPLAINT: Message("Complaints"),
    Subject.REGULATORY: Message("Law"),
    Subject.RELEASE: Message("Releases before the review"),
}


class ServicePolicy(Base, Audited):
    """A named set of promises. `applies_to`: rows {"basis", "value"} that choose it, see `choosing`."""

    __tablename__ = "service_policy"
    versioned = {"choice": ("applies_to",)}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    subject: Mapped[Subject] = mapped_column(enum_type(Subject, "subject"), default=Subject.SERVICE)
    name: Mapped[Text2]
    applies_to: Mapped[list] = mapped_column(default=list)
    choice_version: Mapped[int] = mapped_column(default=1)

    versions: Mapped[list["PolicyVersion"]] = relationship(order_by="PolicyVersion.version", back_populates="policy")


class PolicyVersion(Base, Audited):
    """What a policy promises, as it was agreed once. Never altered after it came into force."""

    __tablename__ = "policy_version"
    __table_args__ = (
        sa.UniqueConstraint("policy_id", "version"),
        sa.Index("ix_policy_version_state", "state", "policy_id"),
    )
    versioned = {"draft": ("source", "note", "rules")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("service_policy.id"))
    version: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState, "state"))
    source: Mapped[str]
    note: Mapped[Text2 | None]
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[Utc | None]
    draft_version: Mapped[int] = mapped_column(default=1)

    policy: Mapped[ServicePolicy] = relationship(back_populates="versions")
    rules: Mapped[list["PolicyRule"]] = relationship(
        order_by="PolicyRule.position", back_populates="version", lazy="selectin", cascade="all, delete-orphan"
    )


class PolicyRule(Base):
    """One promise. Of the rules with the same `clock`, the first whose `when` fits the case holds.

    `amount` is in seconds for hours and in days for days; None is a word of time in the source that is still to be
    given a figure. `when`: fact → allowed values. `words` is what the source says. `steps`: [percent, [whom to tell]].
    """

    __tablename__ = "policy_rule"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_version.id"), index=True)
    position: Mapped[int]
    clock: Mapped[str] = mapped_column(sa.String(40))
    when: Mapped[JsonDict] = mapped_column(default=dict)
    unit: Mapped[Unit] = mapped_column(enum_type(Unit, "unit"))
    amount: Mapped[int | None]
    starts_on: Mapped[str] = mapped_column(sa.String(40))
    stops_on: Mapped[list]
    ends_on: Mapped[list]
    steps: Mapped[list]
    pausable: Mapped[bool] = mapped_column(default=True)
    regulatory: Mapped[bool] = mapped_column(default=False)
    words: Mapped[Text2 | None]

    version: Mapped[PolicyVersion] = relationship(back_populates="rules")


class Rate(StrEnum):
    """What is charged for labour, parts or travel where cover does not pay."""

    LIST = "list"
    COST = "cost"
    FREE = "free"

    @property
    def label(self) -> Message:
        return _RATES[self]


_RATES = {
    Rate.LIST: Message("list price"),
    Rate.COST: Message("at cost"),
    Rate.FREE: Message("not charged"),
}


class PriceTerms(Base, Audited):
    """What is charged where cover does not pay (forms-and-rules 2.4, W1–W5; part 3, 12). One of them `is_default`."""

    __tablename__ = "price_terms"
    versioned = {"terms": ("name", "source", "parts", "labour", "travel")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[Text2]
    source: Mapped[str]
    parts: Mapped[Rate] = mapped_column(enum_type(Rate, "parts"))
    labour: Mapped[Rate] = mapped_column(enum_type(Rate, "labour"))
    travel: Mapped[Rate] = mapped_column(enum_type(Rate, "travel"))
    is_default: Mapped[bool] = mapped_column(default=False)
    terms_version: Mapped[int] = mapped_column(default=1)


class ServiceContract(Base, Audited):
    """What a contract says: which policy, by which calendar, where and from when to when, and what it pays.

    The shares are what it pays of labour, parts and travel, in percent. `standing_limit` is the amount with tax, in
    minor units of the company's currency, up to which each repair is consented to beforehand where `standing_consent`
    is given (RPR-3); 0 is free work alone. `standing_clause` is the wording of the contract.
    """

    __tablename__ = "service_contract"
    versioned = {
        "terms": (
            *("policy_id", "calendar_id", "site_id", "starts_on", "ends_on", "labour_share", "parts_share"),
            *("travel_share", "lends_device", "visits_a_year", "price_terms_id"),
            *("standing_consent", "standing_limit", "standing_clause"),
        )
    }
    scope_columns = {Scope.ORGANISATION: "organisation_id"}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("service_policy.id"))
    calendar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("work_calendar.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    labour_share: Mapped[int] = mapped_column(default=0)
    parts_share: Mapped[int] = mapped_column(default=0)
    travel_share: Mapped[int] = mapped_column(default=0)
    lends_device: Mapped[bool] = mapped_column(default=False)
    visits_a_year: Mapped[int | None]
    price_terms_id: Mapped[int | None] = mapped_column(sa.ForeignKey("price_terms.id"))
    standing_consent: Mapped[bool] = mapped_column(default=False)
    standing_limit: Mapped[int] = mapped_column(default=0)
    standing_clause: Mapped[str] = mapped_column(default="")
    terms_version: Mapped[int] = mapped_column(default=1)

    policy: Mapped[ServicePolicy] = relationship()
    price_terms: Mapped[PriceTerms | None] = relationship()

    def holds(self, on: date) -> bool:
        """Whether it is in force on the day `on`."""
        return self.starts_on <= on <= self.ends_on


class Chased(StrEnum):
    """Who is reminded while a case waits."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    DESK = "desk"
    STORES = "stores"
    FINANCE = "finance"
    QUALITY = "quality"
    MANAGER = "manager"

    @property
    def label(self) -> Message:
        return Role(self.value).label


class WaitingReason(Base, Audited):
    """Why a case waits: whom we chase, every how many working days, when it goes up, and whether clocks stop."""

    __tablename__ = "waiting_reason"
    versioned = {"rule": ("name", "chases", "every_days", "reminders", "goes_up_to", "stops_clocks", "in_use")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[Text2]
    chases: Mapped[Chased] = mapped_column(enum_type(Chased, "chases"))
    every_days: Mapped[int]
    reminders: Mapped[int]
    goes_up_to: Mapped[Chased] = mapped_column(enum_type(Chased, "goes_up_to"))
    stops_clocks: Mapped[bool]
    in_use: Mapped[bool] = mapped_column(default=True)
    rule_version: Mapped[int] = mapped_column(default=1)


class WaitingState(StrEnum):
    OPEN = "open"
    OVER = "over"

    @property
    def label(self) -> Message:
        return Message("Waiting") if self is WaitingState.OPEN else Message("Over")


_REMINDED = sa.text("next_reminder_at IS NOT NULL")
CASE_SCOPES = {
    Scope.SITE: "site_id",
    Scope.ORGANISATION: "organisation_id",
    Scope.DEALER: "dealer_id",
    Scope.CENTRE: "centre_id",
    Scope.ASSIGNED: "technician_id",
}


class _OfACase:
    """Columns of what belongs to a case: which one, and who may see it."""

    root_kind: Mapped[str] = mapped_column(sa.String(40))
    root_id: Mapped[int]
    root_number: Mapped[str] = mapped_column(sa.String(40))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Waiting(_OfACase, Base, Audited):
    """A case waits from `began_at` on for `reason`. `evidence` says how we know."""

    __tablename__ = "waiting"
    __table_args__ = (
        sa.Index("ix_waiting_root", "root_kind", "root_id", "id"),
        sa.Index("ix_waiting_next_reminder", "next_reminder_at", sqlite_where=_REMINDED, postgresql_where=_REMINDED),
    )
    scope_columns = CASE_SCOPES

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    state: Mapped[WaitingState] = mapped_column(enum_type(WaitingState, "state"))
    reason_id: Mapped[int] = mapped_column(sa.ForeignKey("waiting_reason.id"))
    evidence: Mapped[str]
    began_at: Mapped[Utc]
    ended_at: Mapped[Utc | None]
    begun_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reminders_sent: Mapped[int] = mapped_column(default=0, info={"quiet": True})
    next_reminder_at: Mapped[Utc | None] = mapped_column(info={"quiet": True})

    reason: Mapped[WaitingReason] = relationship(lazy="joined")


class Milestone(_OfACase, Base, Audited):
    """Something happened to a case that starts or stops clocks and that nothing else in the portal records."""

    __tablename__ = "milestone"
    __table_args__ = (sa.Index("ix_milestone_root", "root_kind", "root_id", "id"),)
    scope_columns = CASE_SCOPES

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    event: Mapped[str] = mapped_column(sa.String(40))
    evidence: Mapped[str]
    occurred_at: Mapped[Utc]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
