"""Running numbers: one series per company, kind and year of the company's zone."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.db import Base


class Series(NamedTuple):
    """Names one series; sorts, so that several are always locked in the same order."""

    company_id: int
    kind: str
    year: int


class NumberSeries(Base):
    """The last number given in a series."""

    __tablename__ = "number_series"
    machinery = True

    company_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def series(company_id: int, zone: str, kind: str, at: datetime) -> Series:
    """The series for a record of `kind` made at the aware time `at`."""
    return Series(company_id, kind, at.astimezone(ZoneInfo(zone)).year)


def take(session: Session, wanted: Series, count: int = 1) -> list[int]:
    """The next `count` numbers of the series, in order. Holds the series until the commit.

    Call it last, series sorted: two transactions taking in opposite orders deadlock on PostgreSQL.
    """
    table = NumberSeries.__table__
    condition = sa.and_(*(table.c[name] == value for name, value in wanted._asdict().items()))
    raise_by = sa.update(table).where(condition).values(last=table.c.last + count).returning(table.c.last)
    last = session.execute(raise_by).scalar_one_or_none()
    if last is None:
        _open(session, wanted)
        last = session.execute(raise_by).scalar_one()
    return list(range(last - count + 1, last + 1))


def _open(session: Session, wanted: Series) -> None:
    insert = _insert_for(session.get_bind().dialect.name)
    session.execute(insert(NumberSeries).values(**wanted._asdict(), last=0).on_conflict_do_nothing())


def _insert_for(dialect: str):
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    return insert


def spell(code: str, wanted: Series, n: int) -> str:
    """A number as people read it, e.g. RK-SR-2026-00042."""
    return f"{code}-{wanted.kind}-{wanted.year}-{n:05d}"
