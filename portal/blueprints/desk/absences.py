"""Absences: leave asked for, approved by somebody else, and the appointments and shifts that it meets."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.desk import door
from portal.core.db import db
from portal.core.permissions import find
from portal.core.weeks import Span, day_span
from portal.domain.absences import queries, service
from portal.domain.absences.lifecycle import ABSENCE_LIFECYCLE
from portal.domain.absences.models import Absence
from portal.domain.absences.words import AWAY_OR_ASKED, AbsenceKind
from portal.domain.accounts.models import Account
from portal.domain.duty.queries import shifts_of
from portal.domain.permissions import P
from portal.domain.servicing.queries import appointments
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.trail import lines
from portal.web.weeks import stretch, today


class AbsenceForm(PortalForm):
    """Who is away, why, and from when to when."""

    person = SelectField(_l("Who?"), choices=list, validators=[InputRequired()])
    kind = SelectField(_l("Kind"), choices=choices(AbsenceKind), validators=[InputRequired()])
    first_on = DateField(_l("First day"), validators=[InputRequired()])
    last_on = DateField(_l("Last day"), validators=[InputRequired()])
    note = StringField(_l("Note"), validators=[Length(max=300)])

    def offer(self, people: list[Account]) -> "AbsenceForm":
        """Let it choose among these; where there is one only, it is that one."""
        self.people = {each.uid: each.id for each in people}
        first = [] if len(people) == 1 else [("", _("Please choose"))]
        self.person.choices = [*first, *((each.uid, each.name) for each in people)]
        return self

    def validate_last_on(self, field: Any) -> None:
        if field.data and self.first_on.data and field.data < self.first_on.data:
            raise ValidationError(_("This day lies before the first."))


class RefuseForm(PortalForm):
    """Why leave is refused; the person reads it."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


@door.page("/absences", access=P.ABSENCE_SEE, endpoint="absences")
def absences():
    """Who is away, or asks to be: what is to be decided first."""
    found = queries.absences(db.session, g.person, today(g.person.zone))
    return render("desk/absences.html", rows=found, may_ask=g.person.can(P.ABSENCE_ASK))


@door.form("/absences/new", access=P.ABSENCE_ASK, endpoint="new_absence")
def new():
    """Ask for leave, for oneself or for somebody else."""
    form = AbsenceForm().offer(queries.whom(db.session, g.person))
    if not form.is_submitted():
        return _new_page(form)

    def act(session):
        account = session.get_one(Account, form.people[form.person.data])
        days = form.first_on.data, form.last_on.data
        made = service.ask(session, account, g.person, AbsenceKind(form.kind.data), *days, form.note.data or "")
        return url_for("desk.absence", uid=made.uid)

    return submit(form, act, lambda status: _new_page(form, status), done=_("The absence is noted."))


def _new_page(form: AbsenceForm, status: int = 200) -> Any:
    return render("desk/absence_new.html", "absence", status, form=form)


def _load(uid: str, permission: P = P.ABSENCE_SEE) -> Absence:
    people = joinedload(Absence.account), joinedload(Absence.decided_by)
    return find(db.session, Absence, g.person, permission, *people, uid=uid)


@door.page("/absences/<uid>", access=P.ABSENCE_SEE, endpoint="absence")
def one(uid: str):
    """One absence: what it meets, and what can be done to it."""
    return _page(_load(uid))


def _page(record: Absence, form: PortalForm | None = None, status: int = 200) -> Any:
    span, zone = _span(record), record.account.zone
    counts, verbs = record.state in AWAY_OR_ASKED, _verbs(record)
    return render(
        "desk/absence.html",
        None,
        status,
        record=record,
        orders=appointments(db.session, [record.account_id], span) if counts else [],
        shifts=[(s, stretch(s.span, zone)) for s in shifts_of(db.session, [record.account_id], span)] if counts else [],
        verbs=verbs,
        form=form if isinstance(form, RefuseForm) else RefuseForm(formdata=None),
        refusal=form.refusal if form else "",
        trail=lines(db.session, trail.of_records(db.session, [record])),
    )


def _span(record: Absence) -> Span:
    zone = record.account.zone
    return Span(day_span(zone, record.first_on).start, day_span(zone, record.last_on).end)


def _verbs(record: Absence) -> set[str]:
    """What the person may do to it: nobody decides on their own, and what is over stays."""
    found = {verb.name for verb in ABSENCE_LIFECYCLE.possible(record, g.person)}
    if record.last_on < today(record.account.zone):
        found.discard("cancel")
    return found - ({"approve", "refuse"} if record.account_id == g.person.id else set())


@door.verb("/absences/<uid>/approve", access=P.ABSENCE_DECIDE, endpoint="approve_absence")
def approve(uid: str):
    """Approve it: nobody can be sent to an appointment in it any more."""
    return _carry_out(uid, P.ABSENCE_DECIDE, PortalForm(), service.decide, _("The absence is approved."))


@door.verb("/absences/<uid>/refuse", access=P.ABSENCE_DECIDE, endpoint="refuse_absence")
def refuse(uid: str):
    """Refuse it, with the reason."""
    form = RefuseForm()
    decide = lambda session, record, person: service.decide(session, record, person, form.reason.data)  # noqa: E731
    return _carry_out(uid, P.ABSENCE_DECIDE, form, decide, _("The absence is refused; the person is told why."))


@door.verb("/absences/<uid>/cancel", access=P.ABSENCE_ASK, endpoint="cancel_absence")
def cancel(uid: str):
    """Take it back: the person is there after all."""
    return _carry_out(uid, P.ABSENCE_ASK, PortalForm(), service.cancel, _("The absence is taken back."))


def _carry_out(uid: str, permission: P, form: PortalForm, do: Any, done: str) -> Any:
    record_id = _load(uid, permission).id

    def act(session):
        do(session, session.get_one(Absence, record_id), g.person)
        return url_for("desk.absence", uid=uid)

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=done)
