"""One effect per form, however often it is sent.

The key comes with the form or the tablet's queue; the subject is the person or signed link. The hash is
over the parsed fields without token and key, files by their content hash: the raw body changes with
token and boundary. Kept: status and where the answer stands, never HTML.
"""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.audit import canonical
from portal.core.db import Base, BigId, Utc
from portal.core.errors import Message, NotValid


class IdempotencyKey(Base):
    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("subject", "key"), sa.Index("ix_idempotency_key_created_at", "created_at"))
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(80))
    key: Mapped[str] = mapped_column(sa.String(64))
    fields_hash: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int]
    location: Mapped[str]
    created_at: Mapped[Utc]


class Answer(NamedTuple):
    """What was answered the first time."""

    status: int
    location: str


def fields_hash(route: str, fields: dict[str, Any]) -> str:
    """Hash of what was asked: the route and the parsed fields."""
    return hashlib.sha256(canonical([route, fields]).encode()).hexdigest()


def answered(session: Session, subject: str, key: str, digest: str) -> Answer | None:
    """The kept answer for this key, None for a new key.

    Raises NotValid when the key came before with other content. Call inside `writing()`.
    """
    _wait_for_twin(session, subject, key)
    statement = sa.select(IdempotencyKey).where(IdempotencyKey.subject == subject, IdempotencyKey.key == key)
    row = session.execute(statement).scalar_one_or_none()
    if row is None:
        return None
    if row.fields_hash != digest:
        raise NotValid(Message("This form was sent before with other content. Please open it afresh and send again."))
    return Answer(row.status, row.location)


def _wait_for_twin(session: Session, subject: str, key: str) -> None:
    """Of two at the same moment the second waits: SQLite's writers do that anyway, PostgreSQL's would both begin."""
    if session.get_bind().dialect.name == "postgresql":
        twin = sa.func.hashtextextended(f"{subject} {key}", 0)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(twin)))


def keep(session: Session, subject: str, key: str, digest: str, answer: Answer) -> None:
    """Keep a 2xx or 3xx answer in the transaction of its effect."""
    session.add(
        IdempotencyKey(
            subject=subject,
            key=key,
            fields_hash=digest,
            status=answer.status,
            location=answer.location,
            created_at=clock.now(),
        )
    )
    session.flush()


def tidy(session: Session, before: datetime) -> int:
    """Forget the answers given before an aware time; returns how many. Tablets may be away for weeks."""
    return session.execute(sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < before)).rowcount
