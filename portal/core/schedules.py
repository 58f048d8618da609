"""Work by the clock: periodic jobs that fire once for each slot, and signs of life.

A periodic job becomes one outbox row for each of its slots, however many ticks run, and one for the latest slot
after a time when none ran.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from croniter import croniter
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, outbox
from portal.core.db import Base, Utc

CLOCK_WAS_WRONG = timedelta(hours=1)
SILENT = timedelta(seconds=30)


@dataclass(frozen=True)
class Periodic:
    """A job that comes by the clock: `cron` (minute hour day month weekday) is read in `zone`, an IANA name."""

    name: str
    cron: str
    zone: str
    kind: str

    def latest_slot(self, at: datetime) -> datetime:
        """The last slot up to and including the aware time `at`, UTC."""
        local = at.astimezone(ZoneInfo(self.zone)) + timedelta(seconds=1)
        return croniter(self.cron, local).get_prev(datetime).astimezone(UTC)


class ScheduleSlot(Base):
    """The last slot of a periodic job that has been put into the outbox."""

    __tablename__ = "schedule_slot"
    machinery = True

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    last_slot: Mapped[Utc]


class SignOfLife(Base):
    """When a process that runs by itself was last at work."""

    __tablename__ = "sign_of_life"
    machinery = True

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[Utc]


def fire(session: Session, periodic: Periodic, at: datetime) -> bool:
    """Put the job of the latest slot into the outbox, unless that was done; returns whether it did.

    A job that is new to this installation waits for its first slot to come.
    """
    slot = periodic.latest_slot(at)
    last = ScheduleSlot.last_slot
    known = sa.update(ScheduleSlot).where(
        ScheduleSlot.name == periodic.name,
        sa.or_(last < slot, last > at + CLOCK_WAS_WRONG),  # a slot far ahead was noted under a wrong clock
    )
    moved = session.execute(known.values(last_slot=slot).execution_options(synchronize_session=False))
    if moved.rowcount == 1:
        outbox.put(session, periodic.kind, {"slot": slot.strftime("%Y-%m-%dT%H:%M:%SZ")}, bulk=True)
        return True
    _add(session, ScheduleSlot, name=periodic.name, last_slot=slot)
    return False


def sign(session: Session, name: str) -> None:
    """Note that the process `name` is at work."""
    _add(session, SignOfLife, name=name, at=clock.now())
    session.execute(
        sa.update(SignOfLife)
        .where(SignOfLife.name == name)
        .values(at=clock.now())
        .execution_options(synchronize_session=False)
    )


def silent(session: Session, name: str, at: datetime) -> bool:
    """Whether the process `name` has given no sign of life lately."""
    last = session.scalar(sa.select(SignOfLife.at).where(SignOfLife.name == name))
    return last is None or abs(at - last) > SILENT


def _add(session: Session, table: type[Base], **values: object) -> None:
    """Insert the row unless another process has done so."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing())
