"""The trail as rows: of one record, or across all of them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.audit import AuditEntry, AuditPersonal, AuditSeal
from portal.core.db import Base, Text2, Text2Type
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person
from portal.domain.permissions import P

E, PERSONAL, SEAL = (model.__table__ for model in (AuditEntry, AuditPersonal, AuditSeal))

TRAIL = Listing(
    columns=(
        E.c.id,
        E.c.root_kind,
        E.c.root_id,
        E.c.at,
        E.c.occurred_at,
        E.c.actor_id,
        E.c.verb,
        E.c.text,
        PERSONAL.c.data,
    ),
    source=E.outerjoin(PERSONAL, PERSONAL.c.entry_id == E.c.id),
    key=E.c.id,
    id=E.c.id,
)
"""The fields of `Entry`, newest first."""


class Entry(NamedTuple):
    """One act as the trail holds it; `personal` is None where the personal values were masked, or never were any."""

    id: int
    root_kind: str
    root_id: int
    at: Any
    occurred_at: Any
    actor_id: int | None
    verb: str
    text: str
    personal: dict[str, Any] | None

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads(self.text)


def entries(
    session: Session,
    person: Person,
    *,
    kind: str = "",
    verb: str = "",
    actor_id: int | None = None,
    cursor: str | None = None,
    size: int = 25,
) -> Page:
    """All entries, newest first, as `Entry`; nothing for who may not read the trail.

    `kind` is a table, `verb` a name such as "service_request:assess".
    """
    conditions = [E.c.root_kind == kind] if kind else []
    if verb:
        conditions.append(E.c.verb == verb)
    if actor_id is not None:
        conditions.append(E.c.actor_id == actor_id)
    arms = [sa.true()] if person.can(P.TRAIL_SEE) else []
    found = page(session, TRAIL, arms, conditions, cursor, size)
    return Page([Entry(*row) for row in found.rows], found.next, found.previous)


def of_records(session: Session, roots: Iterable[Any], limit: int = 200) -> list[Entry]:
    """The newest entries of these records together, newest first."""
    either = sa.or_(*(_about(root) for root in roots))
    statement = sa.select(*TRAIL.columns).select_from(TRAIL.source).where(either)
    return [Entry(*row) for row in session.execute(statement.order_by(E.c.id.desc()).limit(limit))]


def last(session: Session, root: Any, verb: str) -> Entry | None:
    """The newest entry of this verb on the record: who was first when two wanted the same."""
    statement = sa.select(*TRAIL.columns).select_from(TRAIL.source)
    statement = statement.where(_about(root), E.c.verb == f"{root.__tablename__}:{verb}")
    row = session.execute(statement.order_by(E.c.seq.desc()).limit(1)).first()
    return Entry(*row) if row else None


def _about(root: Any) -> sa.ColumnElement[bool]:
    return sa.and_(E.c.root_kind == root.__tablename__, E.c.root_id == root.id)


class Seals(NamedTuple):
    """How far the trail is sealed: when last, and how many entries (at most 1000 are counted) wait for the next."""

    at: Any
    unsealed: int


def seals(session: Session) -> Seals:
    newest = sa.select(SEAL.c.at, SEAL.c.last_entry_id).order_by(SEAL.c.id.desc()).limit(1).subquery()
    until = sa.func.coalesce(sa.select(newest.c.last_entry_id).scalar_subquery(), 0)
    waiting = sa.select(E.c.id).where(E.c.id > until).limit(1000).subquery()
    count = sa.select(sa.func.count()).select_from(waiting).scalar_subquery()
    row = session.execute(sa.select(sa.select(newest.c.at).scalar_subquery(), count)).one()
    return Seals(*row)


NAMED_BY = {
    "account": "name",
    "centre": "name",
    "company": "name",
    "complaint": "number",
    "contact": "name",
    "department": "name",
    "device": "number",
    "document": "number",
    "fault_code": "name",
    "figure": "name",
    "file": "display_name",
    "organisation": "name",
    "known_answer": "question",
    "product": "name",
    "product_family": "name",
    "service_request": "number",
    "site": "name",
    "work_order": "number",
}
"""Table → the column that people know its records by."""

PUBLIC_KEYS = dict.fromkeys(
    ("product", "organisation", "account", "document", "complaint", "fault_code", "known_answer"), "uid"
)
"""Tables whose pages are found by uid; the others by number."""


class Name(NamedTuple):
    """What a record is called, and the key of its page's address."""

    text: Text2 | str
    key: str


def names(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Name]:
    """(table, id) → name, for every record that is still there; one statement whatever the number of tables."""
    by_table: dict[str, set[int]] = {}
    for table, row_id in wanted:
        if table in NAMED_BY:
            by_table.setdefault(table, set()).add(row_id)
    if not by_table:
        return {}
    parts = [_names_of(table, ids) for table, ids in sorted(by_table.items())]
    rows = session.execute(sa.union_all(*parts))
    return {(table, row_id): Name(_plain(table, text), key or "") for table, row_id, text, key in rows}


def _names_of(table: str, ids: Sequence[int] | set[int]) -> sa.Select:
    columns = Base.metadata.tables[table].c
    key = columns.get(PUBLIC_KEYS.get(table, "number"))
    return sa.select(
        sa.literal(table).label("kind"),
        columns.id,
        sa.cast(columns[NAMED_BY[table]], sa.Text).label("name"),
        (sa.cast(key, sa.Text) if key is not None else sa.literal("")).label("key"),
    ).where(columns.id.in_(sorted(ids)))


def _plain(table: str, text: str | None) -> Text2 | str:
    is_text2 = isinstance(Base.metadata.tables[table].c[NAMED_BY[table]].type, Text2Type)
    return Text2(**json.loads(text)) if is_text2 else text or ""
