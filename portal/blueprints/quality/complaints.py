"""Complaints: what waits to be judged, and the judgement."""

from textwrap import shorten
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.blueprints.quality import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.complaints import queries, service
from portal.domain.complaints.lifecycle import COMPLAINT_LIFECYCLE
from portal.domain.complaints.models import Complaint, Outcome, State
from portal.domain.permissions import P
from portal.domain.policies.vocabulary import EVENTS, NOTED_BY_HAND, label
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.fields import MomentField
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.promises import standing
from portal.web.safety import YES, as_rows, yes_or_no
from portal.web.stale import conflict
from portal.web.trail import lines


class JudgementForm(PortalForm):
    """Quality's judgement of a complaint (F21): both questions answered, with the reason."""

    is_substantiated = RadioField(_l("Is it substantiated?"), choices=yes_or_no, validators=[DataRequired()])
    is_reportable = RadioField(
        _l("Must it be reported as an adverse event?"), choices=yes_or_no, validators=[DataRequired()]
    )
    outcome = RadioField(
        _l("What did the event do?"),
        choices=lambda: [(each.value, say(each)) for each in Outcome],
        validators=[Optional()],
        description=_l("Only where it must be reported."),
    )
    is_group = BooleanField(_l("A group event: the same product harmed several people, in one place or at one time"))
    opinion = TextAreaField(_l("Why"), validators=[DataRequired(), Length(max=4000)])


class HappenedForm(PortalForm):
    """Something happened to a complaint that nothing else in the portal records."""

    event = SelectField(
        _l("What happened?"),
        choices=lambda: [("", _("Choose")), *((key, say(label(EVENTS, key))) for key in NOTED_BY_HAND)],
        validators=[DataRequired()],
    )
    evidence = TextAreaField(_l("How do we know?"), validators=[DataRequired(), Length(max=2000)])
    occurred_at = MomentField(_l("When, if earlier than now"), validators=[Optional()])


@door.page("/complaints", access=P.COMPLAINT_SEE)
def complaints():
    """Complaints, newest first; without a choice those that wait."""
    chosen = request.args.get("state", "")
    states = () if chosen == "all" else (State(chosen),) if chosen in set(State) else (State.OPEN,)
    found = queries.complaints(db.session, g.person, states, request.args.get("at"))
    options = [("", _("To be assessed")), ("all", _("All")), (State.ASSESSED.value, say(State.ASSESSED))]
    return render(
        "quality/complaints.html",
        rows=[_row(row) for row in found.rows],
        chips=[chip(_("State"), "state", options)],
        pager=pager(found),
        clear=address(state=None) if chosen else None,
    )


def _row(row: Any) -> tuple:
    uid, number, state, harm, is_event, content, opened_at, product, serial, organisation = row
    href, brief = url_for("quality.complaint", uid=uid), shorten(content, 60, placeholder=" …")
    return number, href, brief, state, harm, is_event, product, serial, organisation, opened_at


@door.page("/complaints/<uid>", access=P.COMPLAINT_SEE)
def complaint(uid: str):
    """One complaint: what was said, the answers to the safety questions, and the judgement."""
    return _page(uid)


@door.form("/complaints/<uid>/happened", access=P.COMPLAINT_ASSESS, endpoint="complaint_happened")
def happened(uid: str):
    """Record what starts or stops its promised times."""
    record, form = find(db.session, Complaint, g.person, P.COMPLAINT_ASSESS, uid=uid), HappenedForm()
    record_id = record.id
    if not form.is_submitted():
        return _happened_page(uid, form)

    def act(session):
        record = session.get_one(Complaint, record_id)
        service.note(session, record, g.person, form.event.data, form.evidence.data, form.occurred_at.data)
        return url_for("quality.complaint", uid=uid)

    return submit(form, act, lambda status: _happened_page(uid, form, status), done=_("It is on record."))


def _happened_page(uid: str, form: HappenedForm, status: int = 200) -> Any:
    record = find(db.session, Complaint, g.person, P.COMPLAINT_ASSESS, uid=uid)
    for field in form:  # it is fetched into a page that has a form of its own
        field.id = f"happened-{field.name}"
    earlier = [(label(EVENTS, row.event), row.occurred_at, row.evidence) for row in queries.noted(db.session, record)]
    return render(
        "records/happened.html",
        "happened",
        status,
        frame="staff",
        record=record,
        number=record.number,
        back=url_for("quality.complaint", uid=uid),
        action=url_for("quality.complaint_happened", uid=uid),
        form=form,
        earlier=earlier,
    )


@door.verb("/complaints/<uid>/assess", access=P.COMPLAINT_ASSESS, endpoint="assess_complaint")
def assess(uid: str):
    """Judge it."""
    record_id, form = _load(uid).id, JudgementForm()

    def act(session):
        record = session.get_one(Complaint, record_id)
        values = {name: form[name].data == YES for name in ("is_substantiated", "is_reportable")}
        values |= {"outcome": form.outcome.data and Outcome(form.outcome.data), "is_group": form.is_group.data}
        service.assess(session, record, g.person, form.version, opinion=form.opinion.data, **values)
        return url_for("quality.complaint", uid=uid)

    return submit(form, act, lambda status: _page(uid, status, form), done=_("The judgement is kept."))


def _load(uid: str) -> Complaint:
    return find(db.session, Complaint, g.person, P.COMPLAINT_SEE, *queries.whole(), uid=uid)


def _page(uid: str, status: int = 200, form: JudgementForm | None = None) -> Any:
    record = _load(uid)
    faces, over = standing(db.session, record)
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "quality/complaint.html",
        "judgement" if form else None,
        status,
        record=record,
        faces=faces,
        over=over,
        answers=as_rows(record.request.screens),
        verbs={verb.name for verb in COMPLAINT_LIFECYCLE.possible(record, g.person)},
        form=form or _form(record),
        stale=conflict(form, record, "assessment"),
        trail=lines(db.session, history),
    )


def _form(record: Complaint) -> JudgementForm:
    judged = {True: "yes", False: "no", None: None}
    form = JudgementForm(
        formdata=None,
        is_substantiated=judged[record.is_substantiated],
        is_reportable=judged[record.is_reportable],
        outcome=record.outcome and record.outcome.value,
        is_group=record.is_group,
        opinion=record.opinion,
    )
    form.base_version.data = str(record.assessment_version)
    return form
