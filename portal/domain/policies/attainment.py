"""How many promises were kept (SLA-6): by policy, clock, customer, technician or month.

A promise counts on the day on which it was due, so that a month that is over does not change any more, however late
the work was done. What was decided not to count is told beside the share; what was not needed is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.deadlines import Clock, ClockState
from portal.core.errors import Message
from portal.core.permissions import Person, arms
from portal.domain.accounts.models import Account
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.policies.models import ServicePolicy
from portal.domain.policies.vocabulary import CLOCKS, label

C = Clock.__table__
COUNTED = (ClockState.MET, ClockState.BREACHED, ClockState.ANNULLED)
MOST_ROWS = 60


class By(StrEnum):
    """What the promises are counted by."""

    CLOCK = "clock"
    POLICY = "policy"
    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    MONTH = "month"

    @property
    def label(self) -> Message:
        return _BY[self]


_BY = {
    By.CLOCK: Message("Promise"),
    By.POLICY: Message("Policy"),
    By.CUSTOMER: Message("Customer"),
    By.TECHNICIAN: Message("Technician"),
    By.MONTH: Message("Month"),
}
COLUMNS = {
    By.CLOCK: C.c.name,
    By.POLICY: C.c.policy_id,
    By.CUSTOMER: C.c.organisation_id,
    By.TECHNICIAN: C.c.technician_id,
}


class Share(NamedTuple):
    """Promises of one row: `key` is what COLUMNS says, of months the place in `bounds`."""

    key: Any
    kept: int
    broken: int
    excused: int

    @property
    def counted(self) -> int:
        return self.kept + self.broken

    @property
    def percent(self) -> float | None:
        """How many of those that count were kept, of a hundred; None where none counts."""
        return 100 * self.kept / self.counted if self.counted else None


@dataclass(frozen=True)
class Narrowed:
    """Only the promises of one of each, where given."""

    policy_id: int | None = None
    clock: str | None = None
    organisation_id: int | None = None
    technician_id: int | None = None

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted = {
            C.c.policy_id: self.policy_id,
            C.c.name: self.clock,
            C.c.organisation_id: self.organisation_id,
            C.c.technician_id: self.technician_id,
        }
        return [column == value for column, value in wanted.items() if value is not None]


def attainment(
    session: Session, person: Person, by: By, bounds: Sequence[datetime], narrowed: Narrowed | None = None
) -> list[Share]:
    """What `person` may see of the promises due from the first of `bounds` until before the last, counted by `by`.

    `bounds` (aware, ascending) part the months. Months come in order, else what was broken most comes first.
    """
    reach = arms(person, Clock, P.CLOCK_SEE)
    if not reach:
        return []
    key = (_month(bounds) if by is By.MONTH else COLUMNS[by]).label("key")
    kept, broken, excused = (sa.func.sum(sa.case((C.c.state == state, 1), else_=0)) for state in COUNTED)
    statement = (
        sa.select(key, kept, broken, excused)
        .where(sa.or_(*reach), C.c.due_at >= bounds[0], C.c.due_at < bounds[-1], C.c.state.in_(COUNTED))
        .where(*(narrowed.conditions if narrowed else ()))
        .group_by(key)
        .order_by(*([key] if by is By.MONTH else [broken.desc(), kept.desc(), key]))
        .limit(MOST_ROWS)
    )
    return [Share(row[0], *map(int, row[1:])) for row in session.execute(statement)]


def _month(bounds: Sequence[datetime]) -> sa.ColumnElement[int]:
    """Which of the months a due time lies in, as literal numbers, so that it can be grouped by."""
    return sa.case(
        *((C.c.due_at < end, sa.literal_column(str(place))) for place, end in enumerate(bounds[1:])),
        else_=sa.literal_column(str(len(bounds) - 2)),
    )


class Named(NamedTuple):
    """What a row is called, and the word for it in an address; "" where there is none."""

    name: Any
    word: str


def names(session: Session, by: By, keys: Iterable[Any]) -> dict[Any, Named]:
    """Key → its name, for all but months."""
    keys = [key for key in keys if key is not None]
    if by is By.CLOCK:
        return {key: Named(label(CLOCKS, key), key) for key in keys}
    name, word, row_id = {
        By.POLICY: (ServicePolicy.name, ServicePolicy.key, ServicePolicy.id),
        By.CUSTOMER: (Organisation.name, Organisation.uid, Organisation.id),
        By.TECHNICIAN: (Account.name, Account.uid, Account.id),
    }[by]
    rows = session.execute(sa.select(row_id, name, word).where(row_id.in_(keys)))
    return {key: Named(called, known) for key, called, known in rows}
