"""Questions to second line and to manufacturers: asked from a work order, answered in the own queue."""

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.records import door
from portal.blueprints.records.numbers import way_to_request
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find, visible_to
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.escalations import queries, service
from portal.domain.escalations.lifecycle import ESCALATION_LIFECYCLE
from portal.domain.escalations.models import Escalation, State
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.navigation import audience
from portal.web.talk import files_of

MAX_TEXT = 10_000
ALL = "all"


class AskForm(PortalForm):
    """A question, and to whom it goes."""

    to = SelectField(_l("Who shall answer?"), validators=[DataRequired()], choices=list)
    question = TextAreaField(_l("Question"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    files = MultipleFileField(_l("Photos or files"))


class AnswerForm(PortalForm):
    """The colleague's answer."""

    answer = TextAreaField(_l("Your answer"), validators=[DataRequired(), Length(max=MAX_TEXT)])


class RecordForm(PortalForm):
    """What the manufacturer answered."""

    answer = TextAreaField(_l("What was answered?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    answered_by = StringField(_l("Who answered?"), validators=[DataRequired(), Length(max=200)])


class WithdrawForm(PortalForm):
    """Why an answer is no longer needed."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


@door.page("/questions", access=P.ESCALATION_ANSWER)
def questions():
    """The questions put to this person, newest first: those to be answered unless others are chosen."""
    chosen = request.args.get("state", "")
    states = () if chosen == ALL else (State(chosen),) if chosen in set(State) else (State.OPEN,)
    found = queries.put_to(db.session, g.person, states, request.args.get("at"))
    others = [(state.value, say(state)) for state in State if state is not State.OPEN]
    return render(
        "records/questions.html",
        frame=audience(g.person),
        rows=[_row(row) for row in found.rows],
        chips=[chip(_("State"), "state", [("", say(State.OPEN)), *others, (ALL, _("All"))])],
        pager=pager(found),
        clear=address(state=None) if chosen else None,
    )


def _row(row: Any) -> tuple[Any, ...]:
    uid, number, state, question, at, asker, product, serial = row
    return number, url_for("records.question", uid=uid), question[:80], state, product, serial, asker, at


@door.form("/orders/<number>/ask", access=P.ESCALATION_ASK, uploads=True)
def ask(number: str):
    """Ask a colleague or the manufacturer from a work order."""
    order = _order(number)
    form, people = _offered(AskForm(), order)
    if not form.is_submitted():
        return _ask_page(order, form)
    order_id, back = order.id, way_to_request(order.request.number)

    def act(session):
        model, to_id, email = people[form.to.data]
        asked = session.get_one(WorkOrder, order_id), g.person, session.get_one(model, to_id), form.question.data
        service.ask(session, *asked, email=email, files=form.received.get("files", ()))
        return back

    again = lambda status: _ask_page(_order(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The question is on its way. The case waits for the answer."))


def _order(number: str) -> WorkOrder:
    device = joinedload(WorkOrder.request).joinedload(ServiceRequest.device).joinedload(Device.product)
    return find(db.session, WorkOrder, g.person, P.ESCALATION_ASK, device, number=number)


def _offered(form: AskForm, order: WorkOrder) -> tuple[AskForm, dict[str, tuple[type, int, str]]]:
    """The form with everybody who can be asked; and who stands behind each choice: model, id, mail address."""
    today = clock.now().astimezone(ZoneInfo(order.company.zone)).date()
    known, offered = {}, [("", _("Please choose"))]
    for each in queries.experts(db.session, order.request.device.product, today, g.person.id):
        known[each.account.uid] = (Account, each.account.id, "")
        note = _("certified for this model") if each.certified else _("no certificate for this model")
        offered.append((each.account.uid, f"{each.account.name} · {note}"))
    for organisation, contact in queries.makers(db.session):
        key = contact.uid if contact else organisation.uid
        known[key] = (Organisation, organisation.id, contact.email if contact else "")
        way = contact.email if contact else _("without a mail address: by telephone")
        offered.append((key, f"{_('Manufacturer')}: {say(organisation.name)} · {way}"))
    form.to.choices = offered
    return form, known


def _ask_page(order: WorkOrder, form: AskForm, status: int = 200) -> Any:
    values = {"order": order, "form": form, "back": way_to_request(order.request.number)}
    return render("records/ask.html", "ask", status, frame=audience(g.person), **values)


@door.page("/questions/<uid>", access=P.ESCALATION_SEE)
def question(uid: str):
    """One question with what it is about, and its answer."""
    return _page(_load(uid))


def _load(uid: str) -> Escalation:
    """A question that one may see, or that was put to oneself. Raises NotYours."""
    reach = sa.or_(*(visible_to(g.person, Escalation, p) for p in (P.ESCALATION_SEE, P.ESCALATION_ANSWER)))
    found = sa.select(Escalation).where(Escalation.uid == uid, reach).options(*queries.whole())
    record = db.session.execute(found).scalar_one_or_none()
    if record is None:
        raise NotYours()
    return record


def _page(record: Escalation, status: int = 200, **forms: PortalForm) -> Any:
    order = record.order
    sees_order = g.person.can(P.ORDER_SEE, order)
    return render(
        "records/question.html",
        "answering" if forms else None,
        status,
        frame=audience(g.person),
        record=record,
        order=order,
        files=files_of(db.session, record, "question", with_internal=True),
        back=way_to_request(order.request.number) if sees_order else url_for("records.questions"),
        sees_order=sees_order,
        verbs={verb.name for verb in ESCALATION_LIFECYCLE.possible(record, g.person)},
        answer_form=forms.get("answer_form") or AnswerForm(),
        record_form=forms.get("record_form") or RecordForm(),
        withdraw_form=forms.get("withdraw_form") or WithdrawForm(),
    )


@door.verb("/questions/<uid>/answer", access=P.ESCALATION_ANSWER, endpoint="answer_question")
def answer(uid: str):
    """Answer a question that was put to oneself."""
    record_id, form = find(db.session, Escalation, g.person, P.ESCALATION_ANSWER, uid=uid).id, AnswerForm()

    def act(session):
        service.answer(session, session.get_one(Escalation, record_id), g.person, form.answer.data)
        return url_for("records.question", uid=uid)

    again = lambda status: _page(_load(uid), status, answer_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Answered. Whoever asked has been told."))


@door.verb("/questions/<uid>/record", access=P.ESCALATION_RECORD, endpoint="record_answer")
def record(uid: str):
    """Write down what the manufacturer answered."""
    record_id, form = find(db.session, Escalation, g.person, P.ESCALATION_RECORD, uid=uid).id, RecordForm()

    def act(session):
        one = session.get_one(Escalation, record_id)
        service.record_answer(session, one, g.person, form.answer.data, form.answered_by.data)
        return url_for("records.question", uid=uid)

    again = lambda status: _page(_load(uid), status, record_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The answer is on record."))


@door.verb("/questions/<uid>/withdraw", access=P.ESCALATION_ASK, endpoint="withdraw_question")
def withdraw(uid: str):
    """The answer is no longer needed."""
    record_id, form = find(db.session, Escalation, g.person, P.ESCALATION_ASK, uid=uid).id, WithdrawForm()

    def act(session):
        service.withdraw(session, session.get_one(Escalation, record_id), g.person, form.reason.data)
        return url_for("records.question", uid=uid)

    again = lambda status: _page(_load(uid), status, withdraw_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The question is withdrawn."))
