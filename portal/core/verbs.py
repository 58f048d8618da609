"""Verbs: what can be done to records, one row each, and what follows where one was done.

Every write to a business record (creating, editing, logging, attaching, as well as changing state) is a row
`Verb(…)`, carried out by `portal.core.perform`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.errors import Message
from portal.core.permissions import Person


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


def setting(values: dict[str, Any]) -> Effect:
    """A change that sets these attributes of the record."""

    def change(act: Act) -> None:
        for name, value in values.items():
            setattr(act.record, name, value)

    return change


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
