"""Verbs, and the one way to carry them out.

Every write to a business record (creating, editing, logging, attaching, as well as changing state)
is a row `Verb(…)` and goes through `perform()`: lock, permission, state, guards, change, reactions,
numbers, audit, notices, outbox, all in the caller's transaction. Whatever tries to write another way
is refused by `portal.core.guard`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import audit, clock, figures, numbering
from portal.core.db import alone
from portal.core.errors import Message, NotAllowed, NotNow, NotValid, Stale
from portal.core.permissions import SYSTEM, Person

MAX_DEPTH = 3


class On(Enum):
    """When a verb is possible, where it is not a list of states."""

    NEW = "new"
    ANY = "any"


NEW, ANY = On.NEW, On.ANY

Guard = Callable[["Act"], Message | None]
Effect = Callable[["Act"], None]


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to one kind of record.

    `on`: the states it is possible in, NEW for making the record, ANY for every state.
    `to`: the state it leads to, None where it leaves the state alone.
    `needs`: guards, each giving a Message when it refuses.
    `edits`: the group of fields whose version the form carries (column `<group>_version`).
    `numbered`: the number series the record takes from, e.g. "SR", or a function of the record.
    `claims`: whether the doer may say that it happened earlier.
    `asks_reason`: whether a reason must be given.
    `also_locks`: other records that its reactions will change.
    `effects`: notices and jobs, called in the same transaction when everything else stands.
    """

    name: str
    on: On | tuple[StrEnum, ...]
    permission: StrEnum
    label: Message
    to: StrEnum | None = None
    needs: tuple[Guard, ...] = ()
    edits: str | None = None
    numbered: str | Callable[[Any], str] | None = None
    claims: bool = False
    asks_reason: bool = False
    also_locks: Callable[[Any], Iterable[Any]] | None = None
    effects: tuple[Effect, ...] = ()

    def possible_in(self, state: StrEnum | None) -> bool:
        """Whether the record's state allows the verb."""
        if isinstance(self.on, On):
            return self.on is ANY
        return state in self.on


@dataclass
class Act:
    """One verb being carried out. Guards, changes, effects and reactions all receive it."""

    session: Session
    verb: Verb
    record: Any
    actor: Person
    at: datetime
    occurred_at: datetime
    reason: str = ""
    claimed: bool = False
    cause: "Act | None" = None
    before: StrEnum | None = None
    changes: dict[Any, dict[str, Any]] = field(default_factory=dict)
    entry: audit.AuditEntry | None = None

    @property
    def name(self) -> str:
        """Permission-like name of the act, e.g. "service_request:assess"."""
        return f"{self.record.__tablename__}:{self.verb.name}"

    @property
    def depth(self) -> int:
        return 0 if self.cause is None else self.cause.depth + 1


Reaction = Callable[[Act], None]


@dataclass
class Lifecycle:
    """All verbs of one model, by name. Made once per domain; registers itself."""

    model: Any
    states: type[StrEnum] | None
    verbs: Sequence[Verb]

    def __post_init__(self) -> None:
        self.by_name = {verb.name: verb for verb in self.verbs}
        if len(self.by_name) != len(self.verbs):
            raise ValueError(f"two verbs of {self.model.__name__} share a name")
        lifecycles[self.model.__tablename__] = self

    def possible(self, record: Any, person: Person) -> list[Verb]:
        """The verbs that `person` could do to `record` as it stands, guards aside."""
        found = []
        for verb in self.verbs:
            if verb.possible_in(getattr(record, "state", None)) and person.can(verb.permission, record):
                found.append(verb)
        return found


lifecycles: dict[str, Lifecycle] = {}
reactions: dict[str, list[Reaction]] = {}
"""Act name ("work_order:finish") → what follows elsewhere. Filled by `portal.domain.reactions`."""

observers: list[Effect] = []
"""Called for every act when all acts stand and have their numbers: what they change belongs to the act and stands in
its trail (clocks that start and stop). They carry out no verbs. Filled by `portal.domain.reactions`."""

origin: ContextVar[str] = ContextVar("origin", default="")
"""Where the present request or job comes from (address, or the job's name); the door sets it."""

_current: ContextVar[Act | None] = ContextVar("act", default=None)
_batch: ContextVar["_Batch | None"] = ContextVar("batch", default=None)


def acting(instance: Any = None) -> Act | None:
    """The act being carried out in this context; None outside `perform`.

    With `instance`: the act that this new record belongs to, where many are made in one flush.
    """
    act, batch = _current.get(), _batch.get()
    if act is None or batch is None or instance is None:
        return act
    return batch.makers.get(instance, act)


@dataclass
class _Batch:
    """The acts of one outermost `perform`, with the reactions still to run."""

    acts: list[Act] = field(default_factory=list)
    pending: deque[tuple[Reaction, Act]] = field(default_factory=deque)
    makers: dict[Any, Act] = field(default_factory=dict)


def perform(
    session: Session,
    verb: Verb,
    record: Any,
    actor: Person,
    change: Effect | None = None,
    *,
    reason: str = "",
    occurred_at: datetime | None = None,
    base_version: int | None = None,
    cause: Act | None = None,
) -> Act:
    """Carry out `verb` on `record` as `actor`, inside the caller's `writing()`.

    `change(act)` applies the data. `occurred_at` (aware) claims an earlier time where the verb allows it.
    `base_version` is the version of the edited group that the person saw. Raises NotAllowed, NotNow,
    NotValid or Stale, and leaves nothing behind: the caller's transaction must then be rolled back.
    """
    _refuse_leftovers(session)
    now = clock.now()
    when = cause.occurred_at if cause else occurred_at or now
    act = Act(session, verb, record, actor, now, when, reason.strip(), occurred_at is not None, cause)
    with _batched() as (batch, outermost):
        _lock(act)
        _check(act, base_version)
        with _signing(act):
            _apply(act, change)
            session.flush()
        batch.acts.append(act)
        batch.pending.extend((reaction, act) for reaction in reactions.get(act.name, ()))
        if outermost:
            _run_reactions(batch)
            _finish(session, batch)
    return act


def perform_many(
    session: Session, verb: Verb, records: Sequence[Any], actor: Person, change: Effect | None = None
) -> int:
    """`perform` for many new records at once: one flush, numbers in one take, an audit entry each.

    For imports and fan-outs. All or nothing; reactions and effects run per record. Returns the count.
    """
    if verb.on is not NEW:
        raise ValueError("perform_many makes new records only")
    _refuse_leftovers(session)
    now = clock.now()
    with _batched() as (batch, outermost):
        for record in records:
            act = batch.makers[record] = Act(session, verb, record, actor, now, now)
            _check(act, None)
            with session.no_autoflush, _signing(act):
                _apply(act, change)
            batch.acts.append(act)
            batch.pending.extend((reaction, act) for reaction in reactions.get(act.name, ()))
        with _signing(batch.acts[-1] if batch.acts else None):
            session.flush()
        if outermost:
            _run_reactions(batch)
            _finish(session, batch)
    return len(records)


def _refuse_leftovers(session: Session) -> None:
    """Changes made before `perform` would slip in unsigned with its flush."""
    if acting() is None and (session.new or session.deleted or any(map(session.is_modified, session.dirty))):
        raise RuntimeError("records were changed outside perform()")


@contextmanager
def _batched() -> Iterator[tuple[_Batch, bool]]:
    batch = _batch.get()
    if batch is not None:
        yield batch, False
        return
    batch = _Batch()
    token = _batch.set(batch)
    try:
        yield batch, True
    finally:
        _batch.reset(token)


@contextmanager
def _signing(act: Act | None) -> Iterator[None]:
    token = _current.set(act)
    try:
        yield
    finally:
        _current.reset(token)


def _lock(act: Act) -> None:
    """Lock the record and all that its reactions will change, in (table, id) order."""
    if act.verb.on is NEW:
        _held(act.session).add(act.record)
        return
    others = act.verb.also_locks(act.record) if act.verb.also_locks else ()
    lock(act.session, act.record, *others)


def _check(act: Act, base_version: int | None) -> None:
    verb, record = act.verb, act.record
    if verb.on is NEW:
        _check_claim(act)
        return
    if not act.actor.can(verb.permission, record):
        raise NotAllowed()
    act.before = getattr(record, "state", None)
    if not verb.possible_in(act.before):
        raise NotNow(Message("“%(action)s” is no longer possible: the record is now %(state)s.", **_where(act)))
    if verb.asks_reason and not act.reason:
        raise NotValid(reason=Message("Please give a reason."))
    if verb.edits and base_version is not None:
        _check_version(act, base_version)
    _check_claim(act)
    _check_guards(act)


def _where(act: Act) -> dict[str, Any]:
    return {"action": act.verb.label, "state": getattr(act.before, "label", act.before)}


def _check_guards(act: Act) -> None:
    for guard in act.verb.needs:
        refusal = guard(act)
        if refusal is not None:
            raise NotNow(refusal)


def _check_version(act: Act, base_version: int) -> None:
    if getattr(act.record, f"{act.verb.edits}_version") != base_version:
        names = act.record.versioned[act.verb.edits]
        raise Stale(
            Message("Somebody else changed this while you were writing. Your text is kept below; please compare."),
            {name: getattr(act.record, name) for name in names},
        )


def _check_claim(act: Act) -> None:
    """A claimed time lies not after now, not too far back, and for a step not before the step before it.

    A line of a log may arrive after the steps that followed it: tablets work without a network.
    """
    if not act.claimed:
        return
    if not act.verb.claims:
        raise NotValid(occurred_at=Message("The time of this step is the time it is received."))
    if act.occurred_at > act.at:
        raise NotValid(occurred_at=Message("This time lies in the future."))
    hours = figures.integer(act.session, "claimed_time_hours")
    if act.at - act.occurred_at > timedelta(hours=hours):
        raise NotValid(occurred_at=Message("This time lies more than %(hours)s hours back.", hours=hours))
    last = getattr(act.record, "last_event_at", None)
    if act.verb.to is not None and last and act.occurred_at < last.replace(second=0, microsecond=0):
        raise NotValid(occurred_at=Message("This time lies before the step that came before it."))


def _apply(act: Act, change: Effect | None) -> None:
    record, verb = act.record, act.verb
    if verb.to is not None:
        record.state = verb.to
    if (verb.to is not None or verb.on is NEW) and hasattr(record, "last_event_at"):
        record.last_event_at = act.occurred_at
    if verb.edits:
        name = f"{verb.edits}_version"
        setattr(record, name, (getattr(record, name) or 0) + 1)
    if change:
        change(act)
    if verb.on is NEW:
        act.session.add(record)
        if not act.actor.can(verb.permission, record):
            raise NotAllowed()
        _check_guards(act)


def _run_reactions(batch: _Batch) -> None:
    """First in, first out; each act at most once per record; never deeper than MAX_DEPTH."""
    done = {(act.name, id(act.record)) for act in batch.acts}
    while batch.pending:
        reaction, act = batch.pending.popleft()
        if act.depth >= MAX_DEPTH:
            raise RuntimeError(f"reactions to {act.name} go too deep")
        known = len(batch.acts)
        reaction(act)
        for new in batch.acts[known:]:
            key = (new.name, id(new.record))
            if key in done:
                raise RuntimeError(f"{new.name} was caused twice for one record")
            done.add(key)


def react(act: Act, verb: Verb, record: Any, change: Effect | None = None, *, reason: str = "") -> Act:
    """Carry out a consequence of `act`: as the system, caused by it, at the same time."""
    return perform(act.session, verb, record, SYSTEM, change, reason=reason, cause=act)


def _finish(session: Session, batch: _Batch) -> None:
    """Numbers, what observers add, the trail, then notices and jobs, which may name all of it."""
    _give_numbers(session, batch)
    for act in batch.acts:
        with _signing(act):
            for observe in observers:
                observe(act)
            session.flush()
    for act in batch.acts:
        _write_entry(session, act)
    for act in batch.acts:
        for effect in act.verb.effects:
            effect(act)
    session.flush()


def _give_numbers(session: Session, batch: _Batch) -> None:
    wanted: dict[numbering.Series, list[Act]] = {}
    for act in batch.acts:
        if act.verb.numbered and act.record.number is None:
            wanted.setdefault(_series(act), []).append(act)
    for series in sorted(wanted):
        acts = wanted[series]
        for act, n in zip(acts, numbering.take(session, series, len(acts)), strict=True):
            with _signing(act):
                act.record.number = numbering.spell(act.record.company.code, series, n)
                session.flush()


def _series(act: Act) -> numbering.Series:
    kind, company = act.verb.numbered, act.record.company
    return numbering.series(company.id, company.zone, kind(act.record) if callable(kind) else kind, act.at)


def _write_entry(session: Session, act: Act) -> None:
    with _signing(act):
        trace = audit.Trace(
            actor_id=act.actor.id,
            actor_name=act.actor.name,
            verb=act.name,
            at=act.at,
            occurred_at=act.occurred_at,
            origin=origin.get(),
            reason=act.reason,
            cause=f"{act.cause.entry.root_kind}/{act.cause.entry.root_id}/{act.cause.entry.seq}" if act.cause else "",
            changes=list(act.changes.values()),
        )
        act.entry = audit.append(session, act.record, trace)
        session.flush()


def setting(values: dict[str, Any]) -> Effect:
    """A change that sets these attributes of the record."""

    def change(act: Act) -> None:
        for name, value in values.items():
            setattr(act.record, name, value)

    return change


def lock(session: Session, *records: Any) -> None:
    """Lock several records in (table, id) order, before a service carries out verbs on each.

    Reads the rows alone: a page may have joined much to them, which costs time under the lock and which PostgreSQL
    refuses to lock. What hangs on them is read anew when somebody asks for it. A record that this transaction holds
    already is left alone, for nobody else can have changed it; so is everything on SQLite, where the whole database is
    locked before anything is read.
    """
    if alone(session):
        return
    held = _held(session)
    for record in sorted(set(records) - held, key=lambda r: (r.__tablename__, r.id)):
        mapper = sa.inspect(type(record))
        session.refresh(record, mapper.column_attrs.keys(), with_for_update=True)
        session.expire(record, mapper.relationships.keys())
        held.add(record)


def _held(session: Session) -> set[Any]:
    """The records that the session's transaction has locked; a new one starts with none."""
    transaction = session.get_transaction()
    if session.info.get("held", (None,))[0] is not transaction:
        session.info["held"] = (transaction, set())
    return session.info["held"][1]


def last_act_of(session: Session, record: Any, verb: Verb) -> audit.AuditEntry | None:
    """The newest entry of `verb` on `record`: who did it, and when."""
    statement = (
        sa.select(audit.AuditEntry)
        .where(
            audit.AuditEntry.root_kind == record.__tablename__,
            audit.AuditEntry.root_id == record.id,
            audit.AuditEntry.verb == f"{record.__tablename__}:{verb.name}",
        )
        .order_by(audit.AuditEntry.seq.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()
