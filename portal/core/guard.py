"""Refuses writes to business tables outside `perform()`, and notes what each act changed.

Two listeners: one sees every INSERT, UPDATE and DELETE that SQLAlchemy sends, whether from the ORM or
from Core; the other reads the old and new values of an act's flush for the trail.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from portal.core.db import Base
from portal.core.perform import acting


class UnsignedWrite(RuntimeError):
    """Code tried to write a business table without a verb."""


def install(engine: Engine, session_factory: Any = Session) -> None:
    """Watch `engine` and the sessions of `session_factory`."""
    event.listen(engine, "before_execute", _refuse_unsigned)
    if not event.contains(session_factory, "after_flush", _note_changes):
        event.listen(session_factory, "after_flush", _note_changes)


@cache
def business_tables() -> frozenset[str]:
    """Names of all tables that only verbs may write."""
    return frozenset(m.local_table.name for m in Base.registry.mappers if not m.class_.machinery)


def _refuse_unsigned(connection: Any, clause: Any, multiparams: Any, params: Any, options: Any) -> None:
    if not getattr(clause, "is_dml", False):
        return
    if clause.table.name in business_tables() and acting() is None:
        raise UnsignedWrite(f"{clause.table.name} is written only by verbs, through perform()")


def _note_changes(session: Session, flush_context: Any) -> None:
    if acting() is None:
        return
    for instance in session.new:
        _note(instance, _created(instance))
    for instance in session.dirty:
        _note(instance, _updated(instance))
    for instance in session.deleted:
        _note(instance, _deleted(instance))


def _note(instance: Any, values: dict[str, list[Any]]) -> None:
    if instance.machinery or not values:
        return
    act = acting(instance)
    personal = {c.key for c in sa.inspect(type(instance)).columns if c.info.get("personal")}
    change = act.changes.setdefault(
        instance, {"table": instance.__tablename__, "id": instance.id, "set": {}, "personal": ()}
    )
    for name, (old, new) in values.items():
        first = change["set"].get(name)
        change["set"][name] = [first[0] if first else old, new]
    change["personal"] = tuple(sorted(personal & change["set"].keys()))


def _columns(instance: Any) -> list[Any]:
    state = sa.inspect(instance)
    return [state.attrs[a.key] for a in state.mapper.column_attrs if not a.columns[0].info.get("quiet")]


def _created(instance: Any) -> dict[str, list[Any]]:
    return {a.key: [None, a.value] for a in _columns(instance) if a.key != "id" and a.value is not None}


def _updated(instance: Any) -> dict[str, list[Any]]:
    found = {}
    for attribute in _columns(instance):
        history = attribute.history
        if history.has_changes():
            found[attribute.key] = [history.deleted[0] if history.deleted else None, attribute.value]
    return found


def _deleted(instance: Any) -> dict[str, list[Any]]:
    return {a.key: [a.value, None] for a in _columns(instance) if a.value is not None}
