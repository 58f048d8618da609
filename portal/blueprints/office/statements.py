"""Monthly statements for finance: drawn up for one customer or for all, read, issued, corrected."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.office import door
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import STATEMENT
from portal.domain.organisations import queries as organisations
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import P
from portal.domain.statements import queries, service
from portal.domain.statements.content import payload
from portal.domain.statements.lifecycle import STATEMENT_LIFECYCLE
from portal.domain.statements.models import Statement, StatementRun
from portal.domain.statements.words import RunState, StatementState
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.papers import content


class MonthForm(PortalForm):
    """For all customers that owed or paid something."""

    month = SelectField(_l("Month"), validators=[InputRequired()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.month.choices = [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in _months()]

    @property
    def first_day(self) -> date:
        return _first_day(self.month.data)


class StatementForm(MonthForm):
    """For one customer, towards one of our companies."""

    organisation = SelectField(_l("Customer"), validators=[InputRequired()])
    company = SelectField(_l("Company"), validators=[InputRequired()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation.choices = [(each.uid, say(each.name)) for each in queries.customers(db.session())]
        self.company.choices = [(each.code, say(each.name)) for each in queries.companies(db.session())]


class CorrectForm(PortalForm):
    """Why the statement is issued anew."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


def _months() -> list[date]:
    company = organisations.first_company(db.session)
    return queries.months(clock.now().astimezone(ZoneInfo(company.zone)).date())


def _first_day(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


@door.page("/statements", access=P.STATEMENT_SEE)
def statements():
    """All statements, newest first; above them, how far those of a month are drawn up."""
    months = [f"{month:%Y-%m}" for month in _months()]
    month, state = request.args.get("month", ""), request.args.get("state", "")
    found = queries.statements(
        db.session(),
        g.person,
        month=_first_day(month) if month in months else None,
        states=(StatementState(state),) if state in set(StatementState) else (),
        cursor=request.args.get("at"),
    )
    chips = [
        chip(_("Month"), "month", [("", _("All")), *((each, each) for each in months)]),
        chip(_("State"), "state", [("", _("All")), *((each.value, say(each)) for each in StatementState)]),
    ]
    run = queries.last_run(db.session())
    return render(
        "office/statements.html",
        rows=[_row(each) for each in found.rows],
        currency=organisations.currency(db.session),
        pager=pager(found),
        chips=chips,
        clear=address(month=None, state=None) if month or state else None,
        run=run if run and run.state is RunState.RUNNING else None,
    )


def _row(found: Any) -> dict[str, Any]:
    uid, month, organisation, state, closing, overdue, at = found
    return {
        "href": url_for("office.statement", uid=uid),
        "month": f"{month:%Y-%m}",
        "organisation": organisation,
        "state": state,
        "closing": closing,
        "overdue": overdue,
        "at": at,
    }


@door.form("/statements/new", access=P.STATEMENT_EDIT)
def new_statement():
    """Draw up the statement of one customer."""
    form = StatementForm()
    if not form.is_submitted():
        return _new(form)

    def act(session):
        organisation = session.query(Organisation).filter_by(uid=form.organisation.data).one()
        company = session.query(Company).filter_by(code=form.company.data).one()
        made = service.draw_up(session, g.person, company, organisation, form.first_day)
        return url_for("office.statement", uid=made.uid)

    return submit(form, act, lambda status: _new(form, status), done=_("The draft is here: read it, then issue it."))


def _new(form: StatementForm, status: int = 200) -> Any:
    return render("office/statement_new.html", "statement", status, form=form)


@door.form("/statements/all", access=P.STATEMENT_EDIT)
def all_statements():
    """Draw up those of a month for all customers that owed or paid something."""
    form = MonthForm()
    if not form.is_submitted():
        return _all(form)

    def act(session):
        return url_for("office.statement_run", uid=service.ask_for_all(session, g.person, form.first_day).uid)

    return submit(form, act, lambda status: _all(form, status))


def _all(form: MonthForm, status: int = 200) -> Any:
    return render("office/statements_all.html", "statements", status, form=form)


@door.page("/statements/runs/<uid>", access=P.STATEMENT_SEE)
def statement_run(uid: str):
    """How far the statements of a month are drawn up."""
    run = find(db.session, StatementRun, g.person, P.STATEMENT_SEE, uid=uid)
    return render(
        "office/statement_run.html",
        "run" if request.headers.get("HX-Request") else None,
        run=run,
        made=queries.drawn_up_by(db.session(), run),
        waits=run.state is RunState.RUNNING,
    )


@door.page("/statements/<uid>", access=P.STATEMENT_SEE)
def statement(uid: str):
    """One statement: what it would say now as a draft, what it said when it was issued."""
    return _page(uid)


def _load(uid: str) -> Statement:
    whole = (joinedload(Statement.company), joinedload(Statement.organisation))
    return find(db.session, Statement, g.person, P.STATEMENT_SEE, *whole, uid=uid)


def _page(uid: str, status: int = 200, block: str | None = None, **forms: PortalForm) -> Any:
    record = _load(uid)
    paper = documents.of(db.session, STATEMENT, record)
    revision = paper.in_force if paper else None
    return render(
        "office/statement.html",
        block,
        status,
        record=record,
        paper=paper,
        payload=content(revision) if revision else payload(db.session(), record, g.person.name),
        signatures=revision.signatures if revision else [],
        form_kind=STATEMENT,
        verbs={verb.name for verb in STATEMENT_LIFECYCLE.possible(record, g.person)},
        issue_form=forms.get("issue") or PortalForm(formdata=None),
        correct_form=forms.get("correct") or CorrectForm(formdata=None),
    )


def _carry_out(uid: str, name: str, form: PortalForm, act: Any, done: str) -> Any:
    record_id = _load(uid).id

    def write(session):
        act(session, session.get_one(Statement, record_id))
        return url_for("office.statement", uid=uid)

    return submit(form, write, lambda status: _page(uid, status, "acts", **{name: form}), done=done)


@door.verb("/statements/<uid>/issue", access=P.STATEMENT_EDIT)
def issue_statement(uid: str):
    """Issue it: it is frozen, and the customer is told when its PDFs are ready."""
    act = lambda session, record: service.issue(session, record, g.person)  # noqa: E731
    return _carry_out(uid, "issue", PortalForm(), act, _("Issued. The customer is told when the PDFs are ready."))


@door.verb("/statements/<uid>/correct", access=P.STATEMENT_EDIT)
def correct_statement(uid: str):
    """Issue it anew, with what is known now."""
    form = CorrectForm()

    def act(session, record):
        service.correct(session, record, g.person, form.reason.data)

    return _carry_out(uid, "correct", form, act, _("The corrected statement is issued as a new revision."))
