"""Notices: telling people what happened, in their inbox and by the other ways they chose.

The domain declares the kinds and calls `notify` inside the transaction of what happened; that writes the inbox
entries, one delivery per person and way, and the outbox rows that jobs work off. Texts are made when they are
delivered or read, in the reader's language and zone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, outbox
from portal.core.db import Base, BigId, JsonDict, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.core.outbox import OutboxRow


class Channel(StrEnum):
    MAIL = "mail"
    WEBHOOK = "webhook"


BATCH = {Channel.MAIL: 200, Channel.WEBHOOK: 40}
"""Deliveries that one job works off."""


class Progress(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    NOT_SET_UP = "not set up"


class Notice(Base):
    """One person told of one thing. `person_id` is None for somebody without an account; they have no inbox."""

    __tablename__ = "notice"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    person_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(sa.String(64))
    root_kind: Mapped[str] = mapped_column(sa.String(40))
    root_id: Mapped[int]
    params: Mapped[JsonDict]
    cause_id: Mapped[int | None]
    in_inbox: Mapped[bool]
    created_at: Mapped[Utc] = mapped_column(default=clock.now)
    read_at: Mapped[Utc | None]

    @property
    def title(self) -> Message:
        """What the inbox says, still to be translated."""
        kind = KINDS[self.kind]
        return Message(kind.title.msgid, **self.params)


IN_INBOX = Notice.in_inbox.is_(sa.true())
UNREAD = sa.and_(IN_INBOX, Notice.read_at.is_(None))
sa.Index(
    "ix_notice_inbox",
    Notice.person_id,
    Notice.id,
    sqlite_where=sa.text("in_inbox IS 1"),
    postgresql_where=sa.text("in_inbox IS true"),
)
sa.Index(
    "ix_notice_unread",
    Notice.person_id,
    sqlite_where=sa.text("in_inbox IS 1 AND read_at IS NULL"),
    postgresql_where=sa.text("in_inbox IS true AND read_at IS NULL"),
)
sa.Index("ix_notice_root", Notice.root_kind, Notice.root_id, Notice.id)


class Delivery(Base):
    """One way of one notice. `message_id` is drawn once, so that the receiver knows a repeat for what it is."""

    __tablename__ = "delivery"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"), index=True)
    outbox_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    address: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(8))
    zone: Mapped[str] = mapped_column(sa.String(64))
    message_id: Mapped[Uid] = mapped_column(default=new_uid)
    state: Mapped[Progress] = mapped_column(enum_type(Progress, "progress"), default=Progress.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Utc | None]
    last_error: Mapped[str | None]


UNDELIVERED = Delivery.state == sa.literal_column("'dead'")
sa.Index("ix_delivery_undelivered", Delivery.id, sqlite_where=UNDELIVERED, postgresql_where=UNDELIVERED)


class NoticeChoice(Base):
    """A person's own choice for one kind and way, where it differs from the kind's default."""

    __tablename__ = "notice_choice"
    machinery = True

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"), primary_key=True)
    wanted: Mapped[bool]


class Context(Protocol):
    """Makes what a text needs beyond `params`, when it is delivered: a one-use link, the record itself."""

    def __call__(self, session: Session, notice: Notice) -> Mapping[str, Any]: ...


class Enclosure(NamedTuple):
    """A file that goes with a mail: what it is called there, and the blob (`size` in bytes) that holds it."""

    name: str
    media_type: str
    key: str
    size: int


class Attachments(Protocol):
    """Which files go with the mail to one recipient, asked when it is written. `language` is theirs."""

    def __call__(self, session: Session, notice: Notice, language: str) -> Sequence[Enclosure]: ...


@dataclass(frozen=True)
class NoticeKind:
    """What people may be told.

    `label` names it where people choose; `title` is the inbox line, its placeholders are the notice's params.
    The text stands in templates/notices/<name>.txt, its first line is the subject. `mandatory`: the default
    channels cannot be refused. A kind that is not for the `inbox` (a reset link) goes to the channels alone.
    `concerns` names the roles that can ever be told of it; empty: everybody.
    """

    name: str
    label: Message
    title: Message
    channels: tuple[Channel, ...] = (Channel.MAIL,)
    mandatory: bool = False
    inbox: bool = True
    context: Context | None = None
    concerns: frozenset[str] = frozenset()
    attachments: Attachments | None = None

    @property
    def template(self) -> str:
        return f"notices/{self.name}.txt"


KINDS: dict[str, NoticeKind] = {}


def declare(kind: NoticeKind) -> NoticeKind:
    """Make a kind known, at import of its domain."""
    if kind.name in KINDS:
        raise ValueError(f"two kinds of notice are called {kind.name}")
    KINDS[kind.name] = kind
    return kind


class Recipient(Protocol):
    """Who can be told. `id` and `email` may be None; `language` is "zh" or "en", `zone` an IANA name."""

    id: int | None
    email: str | None
    language: str
    zone: str


@dataclass(frozen=True)
class Addressee:
    """A recipient who is no account: a ward's contact, an address on a form."""

    email: str | None
    language: str
    zone: str
    id: int | None = None


def notify(
    session: Session,
    kind: NoticeKind,
    people: Iterable[Recipient],
    *,
    root: Any,
    params: Mapping[str, int | str] | None = None,
    cause_id: int | None = None,
) -> int:
    """Tell each of `people` once, in this transaction; returns how many.

    `root` is the record it is about, already flushed; `params` fill the title's and the text's placeholders;
    `cause_id` is the audit entry.
    """
    told = _each_once(people)
    if not told:
        return 0
    session.flush()
    common = {
        "kind": kind.name,
        "root_kind": root.__tablename__,
        "root_id": root.id,
        "params": dict(params or {}),
        "cause_id": cause_id,
        "created_at": clock.now(),
    }
    rows = [common | {"person_id": who.id, "in_inbox": kind.inbox and who.id is not None} for who in told]
    table = Notice.__table__
    ids = session.scalars(sa.insert(table).returning(table.c.id, sort_by_parameter_order=True), rows).all()
    _deliver(session, kind, list(zip(ids, told, strict=True)), cause_id)
    return len(told)


def _each_once(people: Iterable[Recipient]) -> list[Recipient]:
    return list({(who.id, None if who.id is not None else who.email): who for who in people}.values())


def _deliver(session: Session, kind: NoticeKind, told: Sequence[tuple[int, Recipient]], cause_id: int | None) -> None:
    choices = {} if kind.mandatory else _choices(session, kind, [who.id for _, who in told if who.id is not None])
    for channel in Channel:
        default = channel in kind.channels
        wanted = [(n, who) for n, who in told if who.email and choices.get((who.id, channel), default)]
        for batch in _batches(wanted, BATCH[channel]):
            row = outbox.put(session, f"notice.{channel}", {"deliveries": len(batch)}, cause_id=cause_id)
            session.flush()
            session.execute(sa.insert(Delivery.__table__), [_delivery(row, channel, n, who) for n, who in batch])


def _delivery(row: OutboxRow, channel: Channel, notice_id: int, who: Recipient) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "outbox_id": row.id,
        "channel": channel,
        "address": who.email,
        "language": who.language,
        "zone": who.zone,
    }


def _choices(session: Session, kind: NoticeKind, person_ids: Sequence[int]) -> dict[tuple[int | None, Channel], bool]:
    found = {}
    for ids in _batches(person_ids, 500):
        chosen = sa.select(NoticeChoice).where(NoticeChoice.kind == kind.name, NoticeChoice.person_id.in_(ids))
        found |= {(choice.person_id, choice.channel): choice.wanted for choice in session.scalars(chosen)}
    return found


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def inbox(session: Session, person_id: int, *, before_id: int | None = None, limit: int = 25) -> list[Notice]:
    """A person's notices, newest first, from below `before_id` on."""
    found = sa.select(Notice).where(IN_INBOX, Notice.person_id == person_id)
    if before_id is not None:
        found = found.where(Notice.id < before_id)
    return list(session.scalars(found.order_by(Notice.id.desc()).limit(limit)))


def unread(session: Session, person_id: int, at_most: int = 100) -> int:
    """How many notices the person has not read; counting stops at `at_most`."""
    some = sa.select(Notice.id).where(UNREAD, Notice.person_id == person_id).limit(at_most).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def mark_read(session: Session, person_id: int, ids: Sequence[int] | None = None) -> None:
    """Mark the person's notices as read: those with `ids`, or all."""
    mine = sa.update(Notice).where(UNREAD, Notice.person_id == person_id)
    if ids is not None:
        mine = mine.where(Notice.id.in_(ids))
    session.execute(mine.values(read_at=clock.now()))


def choose(session: Session, person_id: int, kind: NoticeKind, channel: Channel, wanted: bool) -> None:
    """Note a person's choice. A mandatory kind cannot be chosen away."""
    if kind.mandatory:
        raise ValueError(f"{kind.name} cannot be refused")
    session.merge(NoticeChoice(person_id=person_id, kind=kind.name, channel=channel, wanted=wanted))


def chosen(session: Session, person_id: int) -> dict[tuple[str, Channel], bool]:
    """What reaches the person: (kind, channel) → whether it does, for every kind that can be chosen."""
    own = {(c.kind, c.channel): c.wanted for c in session.scalars(_choices_of(person_id))}
    kinds = [kind for kind in KINDS.values() if not kind.mandatory]
    return {(k.name, c): own.get((k.name, c), c in k.channels) for k in kinds for c in Channel}


def _choices_of(person_id: int) -> sa.Select[tuple[NoticeChoice]]:
    return sa.select(NoticeChoice).where(NoticeChoice.person_id == person_id)


def undelivered(session: Session, limit: int = 100) -> list[tuple[Delivery, Notice]]:
    """What could not be delivered after every try, newest first."""
    found = sa.select(Delivery, Notice).join(Notice).where(UNDELIVERED).order_by(Delivery.id.desc()).limit(limit)
    return [tuple(row) for row in session.execute(found)]


def deliver_again(session: Session, delivery: Delivery) -> None:
    """Give a delivery that was given up a fresh start, with the same id. The caller leaves the trail of who asked."""
    if delivery.state != Progress.DEAD:
        return
    row = outbox.put(session, f"notice.{delivery.channel}", {"deliveries": 1})
    session.flush()
    delivery.outbox_id = row.id
    delivery.state = Progress.WAITING
