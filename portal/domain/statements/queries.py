"""Lists of statements, and the money of one customer in one month."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person
from portal.core.permissions import arms as reach_of
from portal.domain.charges.models import Charge, ChargePayment
from portal.domain.charges.words import OWED, ChargeState
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import P
from portal.domain.servicing.models import WorkOrder
from portal.domain.statements.models import Statement, StatementRun
from portal.domain.statements.words import StatementState

S, O = Statement.__table__, Organisation.__table__  # noqa: E741
OWED_IN_ALL = Charge.gross - Charge.discount

STATEMENTS = Listing(
    columns=(S.c.uid, S.c.month, O.c.name, S.c.state, S.c.closing, S.c.overdue, S.c.last_event_at),
    source=S.join(O, O.c.id == S.c.organisation_id),
    key=S.c.last_event_at,
    id=S.c.id,
)
"""uid, month, organisation name, state, closing, overdue, last event."""


def statements(
    session: Session,
    person: Person,
    *,
    month: date | None = None,
    states: Sequence[StatementState] = (),
    cursor: str | None = None,
) -> Page:
    """Statements that `person` may see, newest first; rows as STATEMENTS says."""
    conditions = [S.c.month == month] if month else []
    if states:
        conditions.append(S.c.state.in_(list(states)))
    return page(session, STATEMENTS, reach_of(person, Statement, P.STATEMENT_SEE), conditions, cursor)


def of_month(session: Session, company_id: int, organisation_id: int, month: date) -> Statement | None:
    """The statement of a customer towards a company, if it was drawn up."""
    mine = sa.select(Statement).where(Statement.company_id == company_id, Statement.month == month)
    return session.scalars(mine.where(Statement.organisation_id == organisation_id)).one_or_none()


def drawn_up_by(session: Session, run: StatementRun) -> int:
    """How many statements a run has drawn up so far."""
    return session.scalar(sa.select(sa.func.count(Statement.id)).where(Statement.run_id == run.id)) or 0


def last_run(session: Session) -> StatementRun | None:
    return session.scalars(sa.select(StatementRun).order_by(StatementRun.id.desc()).limit(1)).first()


def months(today: date, count: int = 12) -> list[date]:
    """The first days of the months that have ended, the last one first."""
    found = [(today.replace(day=1) - timedelta(days=1)).replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def bounds(company: Company, month: date) -> tuple[datetime, datetime]:
    """The moments at which a month begins and ends in the company's zone."""
    zone, following = ZoneInfo(company.zone), (month + timedelta(days=31)).replace(day=1)
    return datetime.combine(month, time(), zone), datetime.combine(following, time(), zone)


def companies(session: Session) -> list[Company]:
    return list(session.scalars(sa.select(Company).order_by(Company.id)))


def customers(session: Session) -> list[Organisation]:
    """The customers that were ever charged, by name."""
    charged = sa.select(Charge.organisation_id)
    return list(session.scalars(sa.select(Organisation).where(Organisation.id.in_(charged)).order_by(O.c.sort_key)))


def due(session: Session, company: Company, month: date) -> list[int]:
    """The ids of the customers that owed something in the month, or paid, and have no statement of it yet."""
    start, end = bounds(company, month)
    moved = sa.or_(Charge.state.in_(OWED), Charge.opened_at >= start, Charge.last_event_at >= start)
    made = sa.select(Statement.organisation_id).where(Statement.company_id == company.id, Statement.month == month)
    mine = sa.select(Charge.organisation_id).where(Charge.company_id == company.id, Charge.opened_at < end, moved)
    mine = mine.where(Charge.organisation_id.not_in(made)).distinct()
    return list(session.scalars(mine.order_by(Charge.organisation_id)))


class Ledger:
    """The charges and payments of one customer towards one company in one month."""

    def __init__(self, session: Session, statement: Statement) -> None:
        self.session, self.statement = session, statement
        self.start, self.end = bounds(statement.company, statement.month)

    def opening(self) -> int:
        """What was owed when the month began."""
        charged = self._sum(OWED_IN_ALL, Charge, Charge.opened_at < self.start, self._counted_at(self.start))
        return charged - self._sum(ChargePayment.amount, ChargePayment, ChargePayment.paid_on < self.statement.month)

    def stated_before(self) -> int | None:
        """The closing balance of the statement of the month before; None where none was issued."""
        own = self.statement
        before = of_month(self.session, own.company_id, own.organisation_id, _month_before(own.month))
        return before.closing if before and before.state is StatementState.ISSUED else None

    def charges(self) -> list[Charge]:
        """Opened in the month, oldest first."""
        opened = (Charge.opened_at >= self.start, Charge.opened_at < self.end)
        return self._charges(*opened, self._counted_at(self.end))

    def cancelled(self) -> list[Charge]:
        """Opened before the month, and cancelled in it. Nothing follows on a cancelled charge."""
        given_up = (Charge.state == ChargeState.CANCELLED, Charge.opened_at < self.start)
        return self._charges(*given_up, Charge.last_event_at >= self.start, Charge.last_event_at < self.end)

    def payments(self) -> list[ChargePayment]:
        """Money that came in the month, cash on its way to finance too."""
        came = ChargePayment.paid_on.between(self.statement.month, self.statement.until)
        mine = sa.select(ChargePayment).where(*self._own(ChargePayment), came)
        mine = mine.options(joinedload(ChargePayment.charge)).order_by(ChargePayment.paid_on, ChargePayment.id)
        return list(self.session.scalars(mine))

    def open_charges(self) -> list[tuple[Charge, int]]:
        """What was not paid in full when the month ended, oldest first, each with what had been paid for it."""
        paid = sa.select(sa.func.coalesce(sa.func.sum(ChargePayment.amount), 0)).where(
            ChargePayment.charge_id == Charge.id, ChargePayment.paid_on <= self.statement.until
        )
        paid = paid.scalar_subquery()
        mine = sa.select(Charge, paid).where(*self._own(Charge), Charge.opened_at < self.end)
        mine = mine.where(self._counted_at(self.end), paid < OWED_IN_ALL).options(*_WITH_ORDER)
        return [(charge, int(sum_)) for charge, sum_ in self.session.execute(mine.order_by(Charge.opened_at))]

    def _charges(self, *conditions: Any) -> list[Charge]:
        mine = sa.select(Charge).where(*self._own(Charge), *conditions).options(*_WITH_ORDER)
        return list(self.session.scalars(mine.order_by(Charge.opened_at, Charge.id)))

    def _counted_at(self, at: datetime) -> sa.ColumnElement[bool]:
        """Not cancelled before that moment."""
        return sa.or_(Charge.state != ChargeState.CANCELLED, Charge.last_event_at >= at)

    def _own(self, model: Any) -> tuple[sa.ColumnElement[bool], ...]:
        own = self.statement
        return model.company_id == own.company_id, model.organisation_id == own.organisation_id

    def _sum(self, amount: Any, model: Any, *conditions: Any) -> int:
        return int(self.session.scalar(sa.select(sa.func.sum(amount)).where(*self._own(model), *conditions)) or 0)


_WITH_ORDER = (joinedload(Charge.order).joinedload(WorkOrder.request),)


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
