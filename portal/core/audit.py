"""The trail: who did what, when, from where, why, and what it was before.

Append-only. Each entry is hashed with the one before it of the same root record; finished entries are
sealed across records (`audit_seal`). The hashed text is stored exactly as hashed. Personal values stand
in a side row; the hashed text holds only their salted hashes, so that masking a person's data deletes
the side row and the chain still verifies. Sources: 21 CFR 11.10(e), 电子签名法 5.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.db import Base, BigId, JsonDict, Text2, Utc

GENESIS = "0" * 64


class Audited:
    """Mixin of every root record: the head of its chain, moved only by `append`."""

    audit_seq: Mapped[int] = mapped_column(default=0, info={"quiet": True})
    audit_head: Mapped[str] = mapped_column(sa.String(64), default=GENESIS, info={"quiet": True})


class AuditEntry(Base):
    """One act on one root record. `text` is the canonical JSON that `hash` covers."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.UniqueConstraint("root_kind", "root_id", "seq"),
        sa.Index("ix_audit_entry_actor", "actor_id", "id"),
    )
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    root_kind: Mapped[str] = mapped_column(sa.String(40))
    root_id: Mapped[int]
    seq: Mapped[int]
    at: Mapped[Utc]
    occurred_at: Mapped[Utc]
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str]
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    @property
    def facts(self) -> dict[str, Any]:
        """The entry's text, parsed."""
        return json.loads(self.text)


class AuditPersonal(Base):
    """The personal values of an entry, with the salt of their hashes. Deleting the row masks them."""

    __tablename__ = "audit_personal"
    machinery = True

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entry.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(32))
    data: Mapped[JsonDict]


class AuditSeal(Base):
    """Binds the entries up to `last_entry_id` across all records; each seal is chained to the one before."""

    __tablename__ = "audit_seal"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    at: Mapped[Utc]
    first_entry_id: Mapped[int]
    last_entry_id: Mapped[int]
    count: Mapped[int]
    previous: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64))


@dataclass
class Trace:
    """What an act did, as the trail will hold it. `changes`: one dict per touched row."""

    actor_id: int | None
    actor_name: str
    verb: str
    at: datetime
    occurred_at: datetime
    origin: str = ""
    reason: str = ""
    cause: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)
    personal: dict[str, Any] = field(default_factory=dict)


_key: bytes = b""


def use_key(key: bytes) -> None:
    """Set the installation's audit key (HMAC-SHA256). Called once at start."""
    global _key
    _key = key


def chain(previous: str, text: str) -> str:
    return hmac.digest(_key, previous.encode() + text.encode(), "sha256").hex()


def append(session: Session, root: Any, trace: Trace) -> AuditEntry:
    """Add `trace` to the chain of `root`, which the caller holds locked. Flushes nothing."""
    salt = secrets.token_hex(8)
    text = canonical(
        {
            "actor": [trace.actor_id, _actor(trace, salt)],
            "at": trace.at,
            "cause": trace.cause,
            "changes": [_without_personal(change, salt, trace.personal) for change in trace.changes],
            "occurred_at": trace.occurred_at,
            "origin": trace.origin,
            "reason": trace.reason,
            "root": [root.__tablename__, root.id, root.audit_seq + 1],
            "verb": trace.verb,
        }
    )
    entry = AuditEntry(
        root_kind=root.__tablename__,
        root_id=root.id,
        seq=root.audit_seq + 1,
        at=trace.at,
        occurred_at=trace.occurred_at,
        actor_id=trace.actor_id,
        verb=trace.verb,
        text=text,
        previous=root.audit_head,
        hash=chain(root.audit_head, text),
    )
    root.audit_seq, root.audit_head = entry.seq, entry.hash
    session.add(entry)
    if trace.personal:
        session.flush()
        session.add(AuditPersonal(entry_id=entry.id, salt=salt, data=trace.personal))
    return entry


def _actor(trace: Trace, salt: str) -> Any:
    """The actor's name: personal, unless it is the system."""
    if trace.actor_id is None:
        return trace.actor_name
    trace.personal["actor"] = trace.actor_name
    return _salted(salt, trace.actor_name)


def _without_personal(change: dict[str, Any], salt: str, personal: dict[str, Any]) -> dict[str, Any]:
    """Replace each (old, new) pair marked personal by salted hashes, keeping the values aside."""
    names = change.pop("personal", ())
    for name in names:
        values = [_plain(value) for value in change["set"][name]]
        personal[f"{change['table']}/{change['id']}/{name}"] = values
        change["set"][name] = [_salted(salt, value) for value in values]
    return change


def _salted(salt: str, value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    return {"sha256": hashlib.sha256(f"{salt}:{json.dumps(value, ensure_ascii=False)}".encode()).hexdigest()}


def canonical(value: Any) -> str:
    """Canonical JSON text: sorted keys, no blanks, plain values."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(v) for v in value]
        case datetime() | date():
            return value.isoformat()
        case Enum():
            return value.value
        case Text2():
            return {"zh": value.zh, "en": value.en}
        case Decimal():
            return str(value)
        case _:
            return value


def story(session: Session, root: Any, limit: int = 200) -> list[AuditEntry]:
    """The newest entries of one record, newest first."""
    statement = sa.select(AuditEntry).where(AuditEntry.root_kind == root.__tablename__, AuditEntry.root_id == root.id)
    return list(session.execute(statement.order_by(AuditEntry.seq.desc()).limit(limit)).scalars())


def mask(session: Session, entry_ids: list[int]) -> int:
    """Delete the personal values of these entries; the chain still verifies. Returns how many."""
    return session.execute(sa.delete(AuditPersonal).where(AuditPersonal.entry_id.in_(entry_ids))).rowcount
