"""Lists: filter, sort, keyset pages.

A page is cut by the last row's (sort key, id), never by counting from the start, so that page 4,000 of a
million rows costs what page 1 costs. Each arm of the reader's scope runs by itself on its own index and the
bounded results are merged; a list never counts its total.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotValid

PAGE = 25


@dataclass(frozen=True)
class Listing:
    """What a list shows: `columns` of `source` (a table or join), sorted by (`key`, `id`).

    `key` must be NOT NULL, and (scope column, key, id) indexed for every scope that readers have. Without columns
    the rows are bare ids, for who loads records.
    """

    columns: Sequence[Any]
    source: Any
    key: Any
    id: Any
    newest_first: bool = True


@dataclass(frozen=True)
class Page:
    """One page of rows with the cursors of its neighbours, None where there are none."""

    rows: list[Any]
    next: str | None
    previous: str | None


def page(
    session: Session,
    listing: Listing,
    arms: Sequence[sa.ColumnElement[bool]],
    conditions: Sequence[sa.ColumnElement[bool]] = (),
    cursor: str | None = None,
    size: int = PAGE,
) -> Page:
    """The page at `cursor` of what the arms reach; the first one without a cursor. Raises NotValid."""
    if not arms:
        return Page([], None, None)
    position = _read(cursor) if cursor else None
    backwards = position is not None and position.backwards
    descending = listing.newest_first != backwards
    keys = _keys(listing, arms, conditions, position, descending, size + 1)
    found = [tuple(row) for row in session.execute(keys)]
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    rows = _rows(session, listing, [row_id for _, row_id in found])
    return Page(rows, *_neighbours(found, more, position, backwards))


@dataclass(frozen=True)
class _Position:
    key: Any
    id: int
    backwards: bool


def _keys(
    listing: Listing, arms: Any, conditions: Any, position: _Position | None, descending: bool, limit: int
) -> sa.Select:
    """(key, id) of the wanted rows: each arm bounded, then merged."""
    pair = (listing.key.label("key"), listing.id.label("id"))
    bounded = []
    for arm in arms:
        statement = sa.select(*pair).select_from(listing.source).where(arm, *conditions)
        if position is not None:
            mark = sa.tuple_(sa.literal(position.key, listing.key.type), sa.literal(position.id))
            here = sa.tuple_(listing.key, listing.id)
            statement = statement.where(here < mark if descending else here > mark)
        order = (listing.key.desc(), listing.id.desc()) if descending else (listing.key, listing.id)
        bounded.append(statement.order_by(*order).limit(limit))
    if len(bounded) == 1:
        return bounded[0]
    merged = sa.union(*(sa.select(s.subquery()) for s in bounded)).subquery()
    order = (merged.c.key.desc(), merged.c.id.desc()) if descending else (merged.c.key, merged.c.id)
    return sa.select(merged.c.key, merged.c.id).order_by(*order).limit(limit)


def _rows(session: Session, listing: Listing, ids: list[int]) -> list[Any]:
    if not (ids and listing.columns):
        return ids
    statement = sa.select(listing.id.label("_id"), *listing.columns).select_from(listing.source)
    by_id = {row._id: row[1:] for row in session.execute(statement.where(listing.id.in_(ids)))}
    return [by_id[row_id] for row_id in ids if row_id in by_id]


def _neighbours(
    found: list[tuple[Any, int]], more: bool, position: _Position | None, backwards: bool
) -> tuple[str | None, str | None]:
    if not found:
        return None, None
    has_next = backwards or more
    has_previous = more if backwards else position is not None
    following = _write(*found[-1], backwards=False) if has_next else None
    preceding = _write(*found[0], backwards=True) if has_previous else None
    return following, preceding


def _write(key: Any, row_id: int, *, backwards: bool) -> str:
    plain = {"t": key.isoformat()} if isinstance(key, datetime) else {"v": key}
    text = json.dumps(plain | {"i": row_id, "b": backwards}, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> _Position:
    try:
        text = base64.urlsafe_b64decode(cursor[:500] + "=" * (-len(cursor) % 4))
        plain = json.loads(text)
        key = datetime.fromisoformat(plain["t"]) if "t" in plain else plain["v"]
        if not isinstance(plain["i"], int) or not 0 <= plain["i"] < 2**63 or not isinstance(plain["b"], bool):
            raise ValueError("cursor")
        return _Position(key, plain["i"], plain["b"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotValid(Message("This page address is incomplete. Please open the list afresh.")) from error
