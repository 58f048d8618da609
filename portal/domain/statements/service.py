"""Drawing up statements, for one customer or for all, and issuing them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core import clock, figures
from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, Verb
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import STATEMENT
from portal.domain.organisations.models import Company, Organisation
from portal.domain.statements import lifecycle, queries
from portal.domain.statements.content import dealer_of, payload
from portal.domain.statements.models import Statement, StatementRun
from portal.domain.statements.words import RunState

figures.declare(
    "statement_day",
    3,
    "days",
    "operating decision: statements of a month are drawn up on the third of the next, when its payments are entered",
)

EVERY_MONTH_HAS = 28
"""Days."""


def draw_up(
    session: Session,
    person: Person,
    company: Company,
    organisation: Organisation,
    month: date,
    run: StatementRun | None = None,
) -> Statement:
    """A draft of one customer's statement. `month`: its first day. Raises NotValid before its end, and for a second."""
    lock(session, organisation)
    if month >= this_month(company, clock.now()):
        raise NotValid(month=Message("A statement is drawn up when its month has ended."))
    if queries.of_month(session, company.id, organisation.id, month):
        raise NotValid(organisation=Message("The statement of this month is drawn up already."))
    place = {"company_id": company.id, "organisation_id": organisation.id, "run_id": run.id if run else None}
    statement = Statement(company=company, organisation=organisation, month=month, **place)
    dealer_id, sums = dealer_of(session, statement), payload(session, statement, "")["statement"]

    def change(act: Act) -> None:
        statement.dealer_id, statement.closing, statement.overdue = dealer_id, sums["closing"], sums["overdue"]

    return perform(session, lifecycle.DRAW_UP, statement, person, change).record


def issue(session: Session, statement: Statement, person: Person) -> Act:
    """Freeze what the draft says, and send it to the customer."""
    return _publish(session, lifecycle.ISSUE, statement, person)


def correct(session: Session, statement: Statement, person: Person, reason: str) -> Act:
    """Issue it anew with what is known now: a new revision, which names its reason; the old one is superseded."""
    return _publish(session, lifecycle.CORRECT, statement, person, reason)


def _publish(session: Session, verb: Verb, statement: Statement, person: Person, reason: str = "") -> Act:
    document = documents.of(session, STATEMENT, statement)
    lock(session, statement, *([document] if document else ()))
    values, dealer_id = payload(session, statement, person.name), dealer_of(session, statement)
    sums = values["statement"]

    def change(act: Act) -> None:
        statement.dealer_id, statement.closing, statement.overdue = dealer_id, sums["closing"], sums["overdue"]

    act = perform(session, verb, statement, person, change, reason=reason)
    document = documents.freeze(session, act, STATEMENT, statement, values, subject=sums["month"], reason=act.reason)
    documents.issue_unsigned(act, document)
    return act


def this_month(company: Company, at: datetime) -> date:
    """The first day of the month of `at` in the company's zone."""
    return at.astimezone(ZoneInfo(company.zone)).date().replace(day=1)


def ask_for_all(session: Session, person: Person, month: date) -> StatementRun:
    """Have the statements of all customers drawn up that owed or paid something. Raises NotValid where none is due."""
    companies = queries.companies(session)
    if not all(month < this_month(company, clock.now()) for company in companies):
        raise NotValid(month=Message("A statement is drawn up when its month has ended."))
    total = sum(len(queries.due(session, company, month)) for company in companies)
    if not total:
        raise NotValid(month=Message("All statements of this month are drawn up."))
    if (last := queries.last_run(session)) and last.state is RunState.RUNNING:
        raise NotNow(Message("Statements are being drawn up just now: wait until they are done."))
    run = StatementRun(month=month, total=total, asked_by_id=person.id)

    def change(act: Act) -> None:
        run.asked_at = act.at

    return perform(session, lifecycle.ASK, run, person, change).record


def ask_by_the_clock(session: Session, at: datetime) -> StatementRun | None:
    """Once the day of the figure has come, have the statements of the month before drawn up, where some are due."""
    company = queries.companies(session)[0]
    today = at.astimezone(ZoneInfo(company.zone)).date()
    month = queries.months(today, 1)[0]
    waits = (last := queries.last_run(session)) and last.state is RunState.RUNNING
    if today.day < min(figures.integer(session, "statement_day"), EVERY_MONTH_HAS) or waits:
        return None
    if not any(queries.due(session, each, month) for each in queries.companies(session)):
        return None
    return ask_for_all(session, SYSTEM, month)


def go_on(session: Session, run: StatementRun, limit: int) -> bool:
    """Draw up some more statements of a run, at most `limit`; ends it, and gives False, when none is left."""
    if run.state is not RunState.RUNNING:
        return False
    left = limit
    for company in queries.companies(session):
        for organisation_id in queries.due(session, company, run.month)[:left]:
            draw_up(session, SYSTEM, company, session.get_one(Organisation, organisation_id), run.month, run)
            left -= 1
    if left == limit:
        perform(session, lifecycle.FINISH, run, SYSTEM)
    return left < limit
