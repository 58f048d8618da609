"""Locks on records: taken in one order, once in a transaction."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import alone


def lock(session: Session, *records: Any) -> None:
    """Lock several records in (table, id) order, before a service carries out verbs on each.

    Reads the rows alone: a page may have joined much to them, which costs time under the lock and which PostgreSQL
    refuses to lock. What hangs on them is read anew when somebody asks for it. A record that this transaction holds
    already is left alone, for nobody else can have changed it; so is everything on SQLite, where the whole database is
    locked before anything is read.
    """
    if alone(session):
        return
    mine = held(session)
    for record in sorted(set(records) - mine, key=lambda r: (r.__tablename__, r.id)):
        mapper = sa.inspect(type(record))
        session.refresh(record, mapper.column_attrs.keys(), with_for_update=True)
        session.expire(record, mapper.relationships.keys())
        mine.add(record)


def held(session: Session) -> set[Any]:
    """The records that the session's transaction has locked; a new one starts with none."""
    transaction = session.get_transaction()
    if session.info.get("held", (None,))[0] is not transaction:
        session.info["held"] = (transaction, set())
    return session.info["held"][1]
