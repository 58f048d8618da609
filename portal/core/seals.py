"""Seals across the trail, and its verification.

The tick seals the entries of finished transactions; each seal is chained to the one before and is also
written outside the database, so that neither a change nor a cut-off end goes unnoticed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.audit import GENESIS, Audited, AuditEntry, AuditSeal, chain
from portal.core.db import Base

SETTLED_SECONDS = 30
"""On PostgreSQL an id may appear after a later one while its transaction is open; none is open this long."""


def newest(session: Session) -> AuditSeal | None:
    """The last seal that was made; None before the first."""
    return session.execute(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).scalar_one_or_none()


def seal(session: Session) -> AuditSeal | None:
    """Seal every entry that no seal covers yet; None when there is none.

    On PostgreSQL only settled entries are sealed.
    """
    last = newest(session)
    since = last.last_entry_id if last else 0
    rows = session.execute(_sealable(since, session.get_bind().dialect.name)).all()
    if not rows:
        return None
    previous = last.hash if last else GENESIS
    new = AuditSeal(
        at=clock.now(),
        first_entry_id=rows[0].id,
        last_entry_id=rows[-1].id,
        count=len(rows),
        previous=previous,
        hash=chain(previous, "".join(_sealed_line(row.id, row.hash) for row in rows)),
    )
    session.add(new)
    session.flush()
    return new


def stands(session: Session, number: int, digest: str) -> bool:
    """Whether the seal of that number is still the one whose hash somebody kept outside."""
    found = session.get(AuditSeal, number)
    return found is not None and found.hash == digest.strip().lower()


def _sealable(since: int, dialect: str) -> sa.Select:
    statement = sa.select(AuditEntry.id, AuditEntry.hash).where(AuditEntry.id > since).order_by(AuditEntry.id)
    if dialect == "postgresql":
        statement = statement.where(AuditEntry.at <= clock.now() - timedelta(seconds=SETTLED_SECONDS))
    return statement.limit(50_000)


def _sealed_line(entry_id: int, digest: str) -> str:
    return f"{entry_id}:{digest};"


@dataclass
class Verdict:
    """What a check of the trail found. `faults` is empty when all is well."""

    entries: int = 0
    roots: int = 0
    seals: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)


def verify(session: Session, batch: int = 20_000) -> Verdict:
    """Check every entry, every chain's end against its root, and every seal.

    Streams by id; the heads of all chains are held in memory (about 200 bytes a root).
    """
    verdict, heads = Verdict(), {}
    seals = session.execute(sa.select(AuditSeal).order_by(AuditSeal.id)).scalars().all()
    checker = _SealChecker(seals, verdict)
    for row in _entries(session, batch):
        _check_entry(row, heads, verdict)
        checker.take(row)
        verdict.entries += 1
    checker.close()
    _check_heads(session, heads, verdict)
    verdict.roots, verdict.seals = len(heads), len(seals)
    return verdict


_COLUMNS = ("id", "root_kind", "root_id", "seq", "at", "verb", "actor_id", "occurred_at", "text", "previous", "hash")


def _entries(session: Session, batch: int) -> Iterator[Any]:
    """All entries in order, as rows without the ORM: there may be millions."""
    table = AuditEntry.__table__
    columns = [table.c[name] for name in _COLUMNS]
    after = 0
    while True:
        statement = sa.select(*columns).where(table.c.id > after).order_by(table.c.id).limit(batch)
        rows = session.connection().execute(statement).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].id


def _check_entry(row: Any, heads: dict[tuple[str, int], tuple[int, str]], verdict: Verdict) -> None:
    _, kind, root_id, seq, *_, text, previous, digest = row
    before, head = heads.get((kind, root_id), (0, GENESIS))
    if seq != before + 1 or previous != head:
        verdict.faults.append(f"{kind} {root_id} entry {seq}: an entry before it is missing or out of place")
    if chain(previous, text) != digest:
        verdict.faults.append(f"{kind} {root_id} entry {seq}: its text does not match its hash")
    elif not _columns_match(row):
        verdict.faults.append(f"{kind} {root_id} entry {seq}: a column was changed apart from its text")
    heads[kind, root_id] = (seq, digest)


_OPENING = re.compile(r'\{"actor":\[(null|\d+),(?:"[^"\\]*"|\{"sha256":"\w+"\})\],"at":"([^"]+)","cause":')
"""How the canonical text begins; what follows the cause may be long, and is not needed to compare the columns."""


def _columns_match(row: Any) -> bool:
    """Whether the columns say what the hashed text says; it is parsed only when its two ends do not show it."""
    return _ends_match(row) or _facts_match(row)


def _ends_match(row: Any) -> bool:
    _, kind, root_id, seq, at, verb, actor_id, occurred_at, text, _, _ = row
    opening = _OPENING.match(text)
    middle = text.rfind(',"occurred_at":"')
    if opening is None or middle < 0:
        return False
    actor, said_at = opening.groups()
    return (
        actor == ("null" if actor_id is None else str(actor_id))
        and said_at == at.isoformat()
        and text.startswith(f',"occurred_at":"{occurred_at.isoformat()}","origin":"', middle)
        and text.endswith(f',"root":["{kind}",{root_id},{seq}],"verb":"{verb}"}}')
    )


def _facts_match(row: Any) -> bool:
    facts = json.loads(row.text)
    return (
        facts["root"] == [row.root_kind, row.root_id, row.seq]
        and facts["verb"] == row.verb
        and facts["actor"][0] == row.actor_id
        and facts["at"] == row.at.isoformat()
        and facts["occurred_at"] == row.occurred_at.isoformat()
    )


def _check_heads(session: Session, heads: dict[tuple[str, int], tuple[int, str]], verdict: Verdict) -> None:
    """The newest entries of a chain cannot be cut off unnoticed: the root remembers its head."""
    for mapper in Base.registry.mappers:
        model = mapper.class_
        if not issubclass(model, Audited):
            continue
        for row in session.execute(sa.select(model.id, model.audit_seq, model.audit_head)):
            if heads.get((model.__tablename__, row.id), (0, GENESIS)) != (row.audit_seq, row.audit_head):
                verdict.faults.append(f"{model.__tablename__} {row.id}: the end of its trail is missing")


class _SealChecker:
    """Walks the seals alongside the entries."""

    def __init__(self, seals: list[AuditSeal], verdict: Verdict) -> None:
        self.waiting, self.verdict = list(reversed(seals)), verdict
        self.lines: list[str] = []
        self.previous = GENESIS

    def take(self, row: Any) -> None:
        self.lines.append(_sealed_line(row.id, row.hash))
        if self.waiting and row.id >= self.waiting[-1].last_entry_id:
            self._close_seal(self.waiting.pop())

    def _close_seal(self, seal: AuditSeal) -> None:
        if seal.previous != self.previous or seal.hash != chain(seal.previous, "".join(self.lines)):
            reach = f"{seal.first_entry_id} to {seal.last_entry_id}"
            self.verdict.faults.append(f"seal {seal.id}: entries {reach} were changed")
        self.previous, self.lines = seal.hash, []

    def close(self) -> None:
        self.verdict.unsealed = len(self.lines)
        for seal in reversed(self.waiting):
            self.verdict.faults.append(f"seal {seal.id}: its entries are missing")
