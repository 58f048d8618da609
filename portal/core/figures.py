"""Figures that people may change: limits, terms and lifetimes, each with its source and version.

A module that needs a figure declares it once with `declare`; the installation copies the declarations into
the table, where staff edit them. Nothing of the kind is a constant in code.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from portal.core.audit import Audited
from portal.core.db import Base, BigId
from portal.core.once import forget, once


@dataclass(frozen=True)
class Declared:
    """A figure as shipped: `unit` is a plain English word ("hours"), `source` says who set it.

    `least` is the smallest value that makes sense: 0 for a switch, which is off then.
    """

    name: str
    value: int
    unit: str
    source: str
    least: int = 1


declared: dict[str, Declared] = {}


def declare(name: str, value: int, unit: str, source: str, least: int = 1) -> str:
    """Declare a figure and return its name."""
    declared[name] = Declared(name, value, unit, source, least)
    return name


class Figure(Base, Audited):
    """The figure in force. `figure_version` counts its edits; the trail keeps the earlier values."""

    __tablename__ = "figure"
    versioned = {"figure": ("value", "source")}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    value: Mapped[int]
    unit: Mapped[str] = mapped_column(sa.String(20))
    source: Mapped[str]
    figure_version: Mapped[int] = mapped_column(default=1)

    scope_columns: dict[str, str] = {}


def integer(session: Session, name: str) -> int:
    """The figure's value in force, or as shipped where the installation has no row for it yet.

    Raises KeyError for a name that nobody declared.
    """
    return integers(session, name)[0]


def integers(session: Session, *names: str) -> list[int]:
    """Several figures at once, in the order asked for."""
    shipped = [declared[name] for name in names]
    in_force = _in_force(session)
    return [in_force.get(each.name, each.value) for each in shipped]


def _in_force(session: Session) -> dict[str, int]:
    """Every figure's value, read once in a transaction: each page asks for a few of them, in several places."""
    return once(session, IN_FORCE, lambda: dict(session.execute(sa.select(Figure.name, Figure.value)).all()))


IN_FORCE = "figures in force"


@sa.event.listens_for(Figure, "after_update")
def _forget_edited(_mapper: object, _connection: object, edited: Figure) -> None:
    """What was edited holds at once, in the same transaction too."""
    forget(object_session(edited), IN_FORCE)


declare("claimed_time_hours", 72, "hours", "operating decision: a tablet may be without a network for a long weekend")
