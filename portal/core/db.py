"""The database: types, the one base class, and the one way to write.

SQLite has a single writer, so a write transaction is opened only by `writing()`, late and
briefly; reading uses the session plainly. The same code runs on PostgreSQL.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from uuid6 import uuid7

from portal.core.errors import Busy

log = logging.getLogger(__name__)

SQLITE_BUSY_MS = 4500
POSTGRES_STATEMENT_TIMEOUT_MS = 5000
SLOW_WRITE_SECONDS = 0.05

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator):
    """An aware datetime, stored as UTC. A naive one is refused: its zone would be a guess."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: attach a zone first")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class Text2:
    """A catalogue text in Chinese and English. One of the two is required."""

    zh: str = ""
    en: str = ""

    def __post_init__(self) -> None:
        if not (self.zh or self.en):
            raise ValueError("a text needs at least one language")

    def in_(self, language: str) -> str:
        """The text in `language` ("zh" or "en"), or in the other one where it is missing."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def has(self, language: str) -> bool:
        """Whether `in_(language)` is really in that language, not the fallback."""
        return bool(self.en if language == "en" else self.zh)

    def __str__(self) -> str:
        return self.zh or self.en


JSON_TYPE = sa.JSON().with_variant(JSONB(), "postgresql")


class Text2Type(sa.types.TypeDecorator):
    """Stores a `Text2` as {"zh": …, "en": …}."""

    impl = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: Text2 | None, dialect: sa.Dialect) -> dict[str, str] | None:
        return None if value is None else {"zh": value.zh, "en": value.en}

    def process_result_value(self, value: dict[str, str] | None, dialect: sa.Dialect) -> Text2 | None:
        return None if value is None else Text2(**value)


def new_uid() -> str:
    """A fresh UUIDv7 as text."""
    return str(uuid7())


UID = sa.String(36)
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
BigId = Annotated[int, BIG]
Uid = Annotated[str, UID]
Utc = Annotated[datetime, UTC]
JsonDict = Annotated[dict, JSON_TYPE]


class Base(DeclarativeBase):
    """Every table. `machinery = True` marks those that are written outside verbs."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            BigId: BIG,
            int: BIG,
            Uid: UID,
            Utc: UtcDateTime(),
            datetime: UtcDateTime(),
            JsonDict: JSON_TYPE,
            dict: JSON_TYPE,
            list: JSON_TYPE,
            Text2: Text2Type(),
            str: sa.Text(),
        },
    )
    machinery = False


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def _values(enum: Any) -> list[str]:
    return [member.value for member in enum]


def enum_type(enum: type, name: str) -> sa.Enum:
    """A portable enumeration: text with a named check constraint, values as stored words."""
    return sa.Enum(enum, native_enum=False, create_constraint=True, name=name, length=32, values_callable=_values)


def prepare(engine: Engine) -> None:
    """Give every connection of `engine` the settings that the rest of the code relies on."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgres_connect)


def _sqlite_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for a safe read-then-write
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "cache_size=-65536",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")


def _postgres_connect(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {POSTGRES_STATEMENT_TIMEOUT_MS}")
        cursor.execute("SET lock_timeout = 4500")
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


after_commit: list[Callable[[Session], None]] = []
"""Called after each `writing()` that committed, outside the transaction; must not raise or write."""

slow_writes: list[tuple[str, float]] = []
"""Write transactions that held the lock longer than SLOW_WRITE_SECONDS (label, seconds); tests read it."""


@contextmanager
def writing(label: str = "write") -> Iterator[Session]:
    """Open the one write transaction: `with writing() as session: …`.

    Ends whatever was being read, takes SQLite's write lock at once (BEGIN IMMEDIATE), commits at
    the end and then calls `after_commit`. Reload records inside: what was read before is expired.
    Raises Busy when the database cannot give the lock in time. Cannot be nested.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("writing() inside writing(): pass the session on instead")
    session.rollback()
    _forget_loading(session)
    session.info["writing"] = True
    try:
        started = _begin(session)
        yield session
        session.commit()
        _note_slowness(label, time.monotonic() - started)
    except OperationalError as error:
        session.rollback()
        if is_busy(error):
            raise Busy() from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
    for callback in after_commit:
        callback(session)


def alone(session: Session) -> bool:
    """Whether nobody else can write while this transaction is open: SQLite's write lock was taken as it began."""
    return bool(session.info.get("writing")) and session.get_bind().dialect.name == "sqlite"


def _forget_loading(session: Session) -> None:
    """What a page asked to be loaded along with its records is not loaded again under the lock."""
    for instance in session.identity_map.values():
        sa.inspect(instance).load_options = ()


def _begin(session: Session) -> float:
    session.connection(execution_options={"writing": True})
    return time.monotonic()


def _note_slowness(label: str, seconds: float) -> None:
    if seconds > SLOW_WRITE_SECONDS:
        slow_writes.append((label, seconds))
        del slow_writes[:-100]
        log.warning("write lock held %.0f ms by %s", seconds * 1000, label)


def is_busy(error: OperationalError) -> bool:
    """Whether the database was locked, away or too slow, so that a retry makes sense."""
    text = str(error.orig).lower()
    signs = ("locked", "busy", "timeout", "timed out", "connection", "could not serialize", "deadlock", "starting up")
    return any(sign in text for sign in signs)


def only(session: Session, statement: sa.Select) -> Any | None:
    """The one row that the statement finds, or None."""
    return session.execute(statement).scalar_one_or_none()
