"""Clocks, their pauses, and the versions of the calendars that they are counted by."""

import json
from datetime import date
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, JsonDict, Text2, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.core.working_time import Calendar, Pause, Unit, Window, Windows


class VersionState(StrEnum):
    """Where a version of a calendar or a policy stands."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"

    @property
    def label(self) -> Message:
        return _VERSION_STATES[self][0]

    @property
    def tone(self) -> str:
        return _VERSION_STATES[self][1]


_VERSION_STATES = {
    VersionState.DRAFT: (Message("Draft"), "hold"),
    VersionState.IN_FORCE: (Message("In force"), "good"),
    VersionState.SUPERSEDED: (Message("Superseded"), "neutral"),
    VersionState.DISCARDED: (Message("Discarded"), "neutral"),
}


class CalendarVersion(Base, Audited):
    """The working time of one calendar as it was agreed once. Never altered after it came into force.

    `week`: from Monday to Sunday, each a list of windows like "09:00-12:00". `days`: date → {"hours": windows, "zh",
    "en"} where a date differs; no windows is a day off. `years`: those whose public holidays are in `days`.
    """

    __tablename__ = "calendar_version"
    __table_args__ = (
        sa.UniqueConstraint("calendar_id", "version"),
        sa.Index("ix_calendar_version_state", "state", "calendar_id"),
    )
    versioned = {"draft": ("zone", "week", "days", "years", "note")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    calendar_id: Mapped[int] = mapped_column(sa.ForeignKey("work_calendar.id"))
    version: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState, "state"))
    zone: Mapped[str] = mapped_column(sa.String(40))
    week: Mapped[list]
    days: Mapped[JsonDict] = mapped_column(default=dict)
    years: Mapped[list] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    drafted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[Utc | None]
    draft_version: Mapped[int] = mapped_column(default=1)

    @property
    def working_time(self) -> Calendar:
        """The value to count with. Raises ValueError for windows that cannot be."""
        return _working_time(self.zone, json.dumps(self.week), json.dumps(self.days))

    def name_of(self, day: date) -> Text2 | None:
        """What the exception of this date is called."""
        entry = self.days.get(day.isoformat(), {})
        zh, en = entry.get("zh", ""), entry.get("en", "")
        return Text2(zh, en) if zh or en else None


@lru_cache(maxsize=64)
def _working_time(zone: str, week: str, days: str) -> Calendar:
    """Kept by content, because a page of clocks asks for the same few calendars again and again."""
    exceptions = {date.fromisoformat(day): _read(entry["hours"]) for day, entry in json.loads(days).items()}
    return Calendar(zone, tuple(_read(windows) for windows in json.loads(week)), exceptions)


def _read(windows: list[str]) -> Windows:
    return tuple(map(Window.read, windows))


class ClockState(StrEnum):
    """running · paused · met: stopped in time · breached: overdue, stopped or not · annulled: a breach or a promise
    that does not count, with reason and approver · cancelled: what was promised is not needed any more.
    """

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    ANNULLED = "annulled"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        return _CLOCK_STATES[self][0]

    @property
    def tone(self) -> str:
        return _CLOCK_STATES[self][1]


_CLOCK_STATES = {
    ClockState.RUNNING: (Message("Running"), "accent"),
    ClockState.PAUSED: (Message("Paused"), "hold"),
    ClockState.MET: (Message("Kept"), "good"),
    ClockState.BREACHED: (Message("Broken"), "bad"),
    ClockState.ANNULLED: (Message("Does not count"), "neutral"),
    ClockState.CANCELLED: (Message("Not needed"), "neutral"),
}

WAITING_FOR_ITS_TIME = sa.text("next_event_at IS NOT NULL")
UNSETTLED = sa.text("settled_at IS NULL")
BROKEN_WITHOUT_CAUSE = sa.text("breached_at IS NOT NULL AND breach_code = ''")
TO_DECIDE = sa.text("plea_at IS NOT NULL AND plea_decided_at IS NULL")

COUNTED_BY = ("name", "policy_id", "organisation_id", "technician_id", "dealer_id")
"""What attainment is grouped by and narrowed to: with due time and state all that it reads stands in the index."""


def _of_the_open(name: str, *columns: str) -> sa.Index:
    """An index that leaves out the settled clocks, of which there are millions."""
    return _of_some(name, UNSETTLED, *columns)


def _of_some(name: str, some: sa.TextClause, *columns: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=some, postgresql_where=some)


class Clock(Base, Audited):
    """One promise of one record. Its terms are pinned when it starts and change only by `reapply`.

    `amount` is in seconds for hours and in days for days. `steps` are pairs (percent of the amount, whom to tell);
    `fired` is the last percent told of, `next_event_at` when the next one comes. `due_at` of a paused clock is what
    it would be if it ran on now. `settled_at` is when it was over for good: nothing recomputes it afterwards.
    """

    __tablename__ = "clock"
    __table_args__ = (
        sa.UniqueConstraint("root_kind", "root_id", "name"),
        _of_some("ix_clock_next_event", WAITING_FOR_ITS_TIME, "next_event_at", "id"),
        sa.Index("ix_clock_attainment", "due_at", "state", *COUNTED_BY),
        _of_some("ix_clock_no_cause", BROKEN_WITHOUT_CAUSE, "due_at", "id"),
        _of_some("ix_clock_to_decide", TO_DECIDE, "due_at", "id"),
        _of_the_open("ix_clock_open", "due_at", "id"),
        _of_the_open("ix_clock_open_dealer", "dealer_id", "due_at", "id"),
        _of_the_open("ix_clock_open_centre", "centre_id", "due_at", "id"),
        _of_the_open("ix_clock_open_technician", "technician_id", "due_at", "id"),
        _of_the_open("ix_clock_open_policy", "policy_id", "root_id", "id"),
    )
    scope_columns = {
        "site": "site_id",
        "organisation": "organisation_id",
        "dealer": "dealer_id",
        "centre": "centre_id",
        "assigned": "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    root_kind: Mapped[str] = mapped_column(sa.String(40))
    root_id: Mapped[int]
    root_number: Mapped[str] = mapped_column(sa.String(40))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[ClockState] = mapped_column(enum_type(ClockState, "state"))
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("service_policy.id"))
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_rule.id"))
    rule_version: Mapped[int]
    calendar_version_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar_version.id"))
    unit: Mapped[Unit] = mapped_column(enum_type(Unit, "unit"))
    amount: Mapped[int]
    regulatory: Mapped[bool]
    pausable: Mapped[bool]
    steps: Mapped[list]
    stops_on: Mapped[list]
    ends_on: Mapped[list]
    start_event: Mapped[str] = mapped_column(sa.String(40))
    started_at: Mapped[Utc]
    due_at: Mapped[Utc]
    stop_event: Mapped[str] = mapped_column(sa.String(40), default="")
    stopped_at: Mapped[Utc | None]
    elapsed: Mapped[int | None]
    settled_at: Mapped[Utc | None]
    breached_at: Mapped[Utc | None]
    breach_code: Mapped[str] = mapped_column(sa.String(40), default="")
    breach_reason: Mapped[str] = mapped_column(default="")
    plea_code: Mapped[str] = mapped_column(sa.String(40), default="")
    plea_reason: Mapped[str] = mapped_column(default="")
    plea_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    plea_at: Mapped[Utc | None]
    plea_decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    plea_decided_at: Mapped[Utc | None]
    fired: Mapped[int] = mapped_column(default=0, info={"quiet": True})
    next_event_at: Mapped[Utc | None] = mapped_column(info={"quiet": True})

    calendar: Mapped[CalendarVersion] = relationship()
    pauses: Mapped[list["ClockPause"]] = relationship(
        order_by="ClockPause.began_at, ClockPause.id", back_populates="clock", lazy="selectin"
    )

    @property
    def open(self) -> bool:
        """Whether something can still happen to it."""
        return self.settled_at is None

    @property
    def standstill(self) -> list[Pause]:
        return [Pause(pause.began_at, pause.ended_at) for pause in self.pauses]

    @property
    def open_pause(self) -> "ClockPause | None":
        return next((pause for pause in self.pauses if pause.ended_at is None), None)


class ClockPause(Base):
    """The clock stood still from `began_at` to `ended_at`, for a reason and with evidence of it."""

    __tablename__ = "clock_pause"

    id: Mapped[BigId] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("clock.id"), index=True)
    waiting_id: Mapped[int] = mapped_column(sa.ForeignKey("waiting.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(40))
    evidence: Mapped[str] = mapped_column(default="")
    began_at: Mapped[Utc]
    ended_at: Mapped[Utc | None]

    clock: Mapped[Clock] = relationship(back_populates="pauses")
