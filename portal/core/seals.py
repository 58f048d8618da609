"""Seals across the trail, and its verification.

The tick seals the entries of finished transactions; each seal is chained to the one before and is also
written outside the database, so that neither a change nor a cut-off end goes unnoticed.
"""

import hmac
import json
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


def seal(session: Session) -> AuditSeal | None:
    """Seal every entry that no seal covers yet; None when there is none.

    On PostgreSQL only settled entries are sealed.
    """
    last = session.execute(sa.select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).scalar_one_or_none()
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
        hash=_seal_hash(previous, rows),
    )
    session.add(new)
    return new


def _sealable(since: int, dialect: str) -> sa.Select:
    statement = sa.select(AuditEntry.id, AuditEntry.hash).where(AuditEntry.id > since).order_by(AuditEntry.id)
    if dialect == "postgresql":
        statement = statement.where(AuditEntry.at <= clock.now() - timedelta(seconds=SETTLED_SECONDS))
    return statement.limit(50_000)


def _seal_hash(previous: str, rows: Any) -> str:
    return chain(previous, "".join(f"{row.id}:{row.hash};" for row in rows))


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


def _entries(session: Session, batch: int) -> Iterator[Any]:
    columns = (AuditEntry.id, AuditEntry.root_kind, AuditEntry.root_id, AuditEntry.seq, AuditEntry.at, AuditEntry.verb)
    columns += (AuditEntry.actor_id, AuditEntry.occurred_at, AuditEntry.text, AuditEntry.previous, AuditEntry.hash)
    after = 0
    while True:
        statement = sa.select(*columns).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(batch)
        rows = session.execute(statement).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].id


def _check_entry(row: Any, heads: dict[tuple[str, int], tuple[int, str]], verdict: Verdict) -> None:
    root = (row.root_kind, row.root_id)
    seq, head = heads.get(root, (0, GENESIS))
    name = f"{row.root_kind} {row.root_id} entry {row.seq}"
    if row.seq != seq + 1 or row.previous != head:
        verdict.faults.append(f"{name}: an entry before it is missing or out of place")
    if not hmac.compare_digest(chain(row.previous, row.text), row.hash):
        verdict.faults.append(f"{name}: its text does not match its hash")
    elif not _columns_match(row):
        verdict.faults.append(f"{name}: a column was changed apart from its text")
    heads[root] = (row.seq, row.hash)


def _columns_match(row: Any) -> bool:
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
        self.rows: list[Any] = []
        self.previous = GENESIS

    def take(self, row: Any) -> None:
        self.rows.append(row)
        if self.waiting and row.id >= self.waiting[-1].last_entry_id:
            self._close_seal(self.waiting.pop())

    def _close_seal(self, seal: AuditSeal) -> None:
        if seal.previous != self.previous or seal.hash != _seal_hash(seal.previous, self.rows):
            reach = f"{seal.first_entry_id} to {seal.last_entry_id}"
            self.verdict.faults.append(f"seal {seal.id}: entries {reach} were changed")
        self.previous, self.rows = seal.hash, []

    def close(self) -> None:
        self.verdict.unsealed = len(self.rows)
        for seal in reversed(self.waiting):
            self.verdict.faults.append(f"seal {seal.id}: its entries are missing")
