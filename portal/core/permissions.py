"""Who may do what, to which records.

A rule table (in the domain) maps permission × role to a scope. A person's grants supply the ids
behind a scope. A model says which of its columns answers for which scope (`scope_columns`). From
these three come both the check of one record (`can`) and the SQL of a list (`arms`), so a list never
shows what a page would refuse.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import NotAllowed, NotYours

ALL = "all"

Rules = Mapping[StrEnum, Mapping[StrEnum, StrEnum]]
"""permission → role → scope."""


@dataclass(frozen=True)
class Grant:
    """A role held by a person, with the ids that each scope reaches through it."""

    role: StrEnum
    reach: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Who acts: a signed-in person, the holder of a signed link, or the system.

    `language` is "zh" or "en", `zone` an IANA name. `subject` is the stable key of this actor for
    idempotency ("person:7", "link:…").
    """

    id: int | None
    name: str
    language: str = "zh"
    zone: str = "Asia/Shanghai"
    grants: tuple[Grant, ...] = ()
    rules: Rules = field(default_factory=dict, repr=False)
    subject: str = ""
    is_system: bool = False

    @property
    def roles(self) -> frozenset[StrEnum]:
        return frozenset(grant.role for grant in self.grants)

    def reach(self, permission: StrEnum) -> dict[str, frozenset[int]]:
        """Scope → ids within which this person holds `permission`; empty when nowhere."""
        if self.is_system:
            return {ALL: frozenset()}
        found: dict[str, frozenset[int]] = {}
        by_role = self.rules.get(permission, {})
        for grant in self.grants:
            scope = by_role.get(grant.role)
            if scope is not None:
                found[scope] = found.get(scope, frozenset()) | grant.reach.get(scope, frozenset())
        return found

    def can(self, permission: StrEnum, record: Any = None) -> bool:
        """Whether the person holds `permission`, for `record` if one is given, else anywhere."""
        reach = self.reach(permission)
        if record is None:
            return bool(reach)
        return any(_covers(scope, ids, record) for scope, ids in reach.items())

    def require(self, permission: StrEnum, record: Any = None) -> None:
        """Raise NotAllowed unless `can`."""
        if not self.can(permission, record):
            raise NotAllowed()


SYSTEM = Person(id=None, name="system", subject="system", is_system=True)


def _covers(scope: str, ids: frozenset[int], record: Any) -> bool:
    if scope == ALL:
        return True
    column = record.scope_columns.get(scope)
    return column is not None and getattr(record, column) in ids


def arms(person: Person, model: Any, permission: StrEnum) -> list[sa.ColumnElement[bool]]:
    """What `person` may see of `model` under `permission`, as alternatives for WHERE.

    Each arm is an equality or an IN on one indexed column of the model, so that a list can run
    each by itself and merge; an empty list means: nothing.
    """
    reach = person.reach(permission)
    if ALL in reach:
        return [sa.true()]
    found = []
    for scope, ids in sorted(reach.items()):
        column = model.scope_columns.get(scope)
        if column is not None and ids:
            found.append(_among(getattr(model, column), ids))
    return found


def _among(column: Any, ids: Iterable[int]) -> sa.ColumnElement[bool]:
    ids = sorted(ids)
    return column == ids[0] if len(ids) == 1 else column.in_(ids)


def visible_to(person: Person, model: Any, permission: StrEnum) -> sa.ColumnElement[bool]:
    """The arms joined by OR: for loading one record, not for lists."""
    found = arms(person, model, permission)
    return sa.or_(*found) if found else sa.false()


def find(session: Session, model: Any, person: Person, permission: StrEnum, *options: Any, **by: Any) -> Any:
    """The only loader: the record of `model` with the given column values that `person` may see.

    Raises NotYours when there is none, or when it is not theirs: the two answers are the same.
    """
    conditions = [getattr(model, name) == value for name, value in by.items()]
    statement = sa.select(model).where(*conditions, visible_to(person, model, permission)).options(*options)
    record = session.execute(statement).unique().scalar_one_or_none()
    if record is None:
        raise NotYours()
    return record
