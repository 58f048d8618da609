"""The one way to carry out a verb.

`perform()` does it all in the caller's transaction: lock, permission, state, guards, change, reactions, numbers,
audit, notices, outbox. Whatever tries to write another way is refused by `portal.core.guard`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.core import audit, clock, figures, numbering
from portal.core.errors import Message, NotAllowed, NotNow, NotValid, Stale
from portal.core.locks import held, lock
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import NEW, Act, Effect, Reaction, Verb, observers, reactions

MAX_DEPTH = 3

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
        held(act.session).add(act.record)
        return
    others = act.verb.also_locks(act.record) if act.verb.also_locks else ()
    lock(act.session, act.record, *others)


def _check(act: Act, base_version: int | None) -> None:
    verb, record = act.verb, act.record
    if verb.on is NEW:
        _check_reason(act)
        _check_claim(act)
        return
    if not act.actor.can(verb.permission, record):
        raise NotAllowed()
    act.before = getattr(record, "state", None)
    if not verb.possible_in(act.before):
        raise NotNow(Message("“%(action)s” is no longer possible: the record is now %(state)s.", **_where(act)))
    _check_reason(act)
    if verb.edits and base_version is not None:
        require_version(record, verb.edits, base_version)
    _check_claim(act)
    _check_guards(act)


def _check_reason(act: Act) -> None:
    if act.verb.asks_reason and not act.reason:
        raise NotValid(reason=Message("Please give a reason."))


def _where(act: Act) -> dict[str, Any]:
    return {"action": act.verb.label, "state": getattr(act.before, "label", act.before)}


def _check_guards(act: Act) -> None:
    for guard in act.verb.needs:
        refusal = guard(act)
        if refusal is not None:
            raise NotNow(refusal)


def require_version(record: Any, group: str, seen: int) -> None:
    """Raises Stale where the group of fields is no longer at the version that the person saw.

    `perform` asks it of the record; a change asks it of a child with fields of its own that people edit.
    """
    if getattr(record, f"{group}_version") != seen:
        raise Stale(
            Message("Somebody else changed this while you were writing. Your text is kept below; please compare."),
            {name: getattr(record, name) for name in record.versioned[group]},
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
