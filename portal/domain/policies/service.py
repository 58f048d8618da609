"""Setting figures."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotYours, Stale
from portal.core.figures import Declared, Figure, declared
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.policies import lifecycle

NOT_SET = 0
"""The version of a figure that stands as shipped."""


class InForce(NamedTuple):
    """A figure as it holds now, with what was shipped. `version` is NOT_SET while nobody has set it."""

    shipped: Declared
    value: int
    source: str
    version: int


def in_force(session: Session) -> list[InForce]:
    """Every declared figure, by name."""
    rows = {row.name: row for row in session.execute(sa.select(Figure)).scalars()}
    return [_standing(declared[name], rows.get(name)) for name in sorted(declared)]


def one(session: Session, name: str) -> InForce:
    """The figure of this name. Raises NotYours for a name that nobody declared."""
    if name not in declared:
        raise NotYours()
    return _standing(declared[name], _row(session, name))


def _standing(shipped: Declared, row: Figure | None) -> InForce:
    if row is None:
        return InForce(shipped, shipped.value, shipped.source, NOT_SET)
    return InForce(shipped, row.value, row.source, row.figure_version)


def _row(session: Session, name: str) -> Figure | None:
    return session.execute(sa.select(Figure).where(Figure.name == name)).scalar_one_or_none()


def set_figure(session: Session, person: Person, name: str, base_version: int, value: int, source: str) -> Act:
    """Set a figure, naming who or what says so. Raises Stale when it was set since `base_version`, NotYours."""
    shipped, row = one(session, name).shipped, _row(session, name)
    if row is not None:
        change = setting({"value": value, "source": source})
        return perform(session, lifecycle.CHANGE, row, person, change, base_version=base_version)
    row = Figure(name=name, unit=shipped.unit, value=value, source=source)
    try:
        return perform(session, lifecycle.SET, row, person)
    except IntegrityError as error:  # two set it for the first time at the same moment
        raise Stale(Message("Somebody else set this figure at the same moment. Please open it again.")) from error
