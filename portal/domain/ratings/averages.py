"""What ratings come to (SRV-2): averages by technician, product, customer or month.

A rating counts in the month in which it was given. Only what `person` may see is counted.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.errors import Message
from portal.core.permissions import Person, arms
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.ratings.models import ServiceRating
from portal.domain.ratings.service import LOW
from portal.domain.ratings.words import RATED

R = ServiceRating.__table__
MOST_ROWS = 60


class By(StrEnum):
    """What ratings are counted by."""

    TECHNICIAN = "technician"
    CUSTOMER = "customer"
    PRODUCT = "product"
    MONTH = "month"

    @property
    def label(self) -> Message:
        return _BY[self]


_BY = {
    By.TECHNICIAN: Message("Technician"),
    By.CUSTOMER: Message("Customer"),
    By.PRODUCT: Message("Product"),
    By.MONTH: Message("Month"),
}
COLUMNS = {By.TECHNICIAN: R.c.technician_id, By.CUSTOMER: R.c.organisation_id, By.PRODUCT: R.c.product_id}
NAMES = {By.TECHNICIAN: Account, By.CUSTOMER: Organisation, By.PRODUCT: Product}


class Average(NamedTuple):
    """Ratings of one row: `key` is what COLUMNS says, of months the place in `bounds`; `total` the sum of scores."""

    key: Any
    count: int
    total: int
    low: int

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None


def averages(session: Session, person: Person, by: By, bounds: Sequence[datetime]) -> list[Average]:
    """Ratings given from the first of `bounds` until before the last (aware, ascending: they part the months).

    Months come in order, else what was rated most often comes first.
    """
    reach = arms(person, ServiceRating, P.RATING_SEE)
    if not reach:
        return []
    key = (_month(bounds) if by is By.MONTH else COLUMNS[by]).label("key")
    is_low = R.c.score <= figures.integer(session, LOW)
    count, low = sa.func.count(), sa.func.sum(sa.case((is_low, 1), else_=0))
    statement = (
        sa.select(key, count, sa.func.sum(R.c.score), low)
        .where(sa.or_(*reach), R.c.state.in_(list(RATED)), R.c.given_at >= bounds[0], R.c.given_at < bounds[-1])
        .group_by(key)
        .order_by(*([key] if by is By.MONTH else [count.desc(), key]))
        .limit(MOST_ROWS)
    )
    return [Average(row[0], *map(int, row[1:])) for row in session.execute(statement)]


def _month(bounds: Sequence[datetime]) -> sa.ColumnElement[int]:
    """Which of the months a time lies in, as literal numbers, so that it can be grouped by."""
    return sa.case(
        *((R.c.given_at < end, sa.literal_column(str(place))) for place, end in enumerate(bounds[1:])),
        else_=sa.literal_column(str(len(bounds) - 2)),
    )


def names(session: Session, by: By, keys: Iterable[int]) -> dict[int, tuple[Any, str]]:
    """Key → (its name, its uid), for all but months."""
    model = NAMES[by]
    found = sa.select(model.id, model.name, model.uid).where(model.id.in_(list(keys)))
    return {key: (name, uid) for key, name, uid in session.execute(found)}
