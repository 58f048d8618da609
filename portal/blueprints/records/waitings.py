"""What a case waits for, and what happened to it that only people know: on the record, with proof."""

from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.records import door
from portal.blueprints.records.numbers import way_to_request
from portal.blueprints.records.promise_forms import CorrectForm, EndForm, HappenedForm, WaitForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.policies import waiting
from portal.domain.policies.models import Milestone, Waiting, WaitingReason, WaitingState
from portal.domain.policies.vocabulary import EVENTS, label
from portal.domain.servicing import clocks
from portal.domain.servicing.models import ServiceRequest
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.navigation import audience


def _request(number: str) -> ServiceRequest:
    return find(db.session, ServiceRequest, g.person, P.CLOCK_PAUSE, number=number)


def _of(model: Any, record: ServiceRequest) -> sa.Select:
    return sa.select(model).where(model.root_kind == record.__tablename__, model.root_id == record.id)


@door.form("/requests/<number>/wait", access=P.CLOCK_PAUSE)
def wait(number: str):
    """Let a case wait for a reason."""
    record, reasons = _request(number), _reasons()
    form = WaitForm().offer(reasons)
    if not form.is_submitted():
        return _wait_page(record, reasons, form)
    record_id, back = record.id, way_to_request(number)
    reason_id = next((reason.id for reason in reasons if reason.key == form.reason.data), None)

    def act(session):
        record, reason = session.get_one(ServiceRequest, record_id), session.get_one(WaitingReason, reason_id)
        clocks.wait(session, record, g.person, reason, form.evidence.data, form.occurred_at.data)
        return back

    again = lambda status: _wait_page(_request(number), _reasons(), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The case waits. Whoever it waits for is reminded."))


def _reasons() -> list[WaitingReason]:
    return list(db.session.scalars(sa.select(WaitingReason).where(WaitingReason.in_use).order_by(WaitingReason.id)))


def _wait_page(record: ServiceRequest, reasons: list[WaitingReason], form: WaitForm, status: int = 200) -> Any:
    over = _of(Waiting, record).where(Waiting.state == WaitingState.OVER).order_by(Waiting.began_at.desc()).limit(20)
    earlier, may_correct = list(db.session.scalars(over)), g.person.can(P.CLOCK_CORRECT, record)
    return _shown("wait", record, form, status, reasons=reasons, over=earlier, may_correct=may_correct)


def _shown(name: str, record: Any, form: PortalForm, status: int, **values: Any) -> Any:
    """A form page, or only its block for the page that it is fetched into."""
    number = getattr(record, "root_number", None) or record.number
    for field in form:
        field.id = f"{name}-{field.name}-{record.uid}"
    values |= {"record": record, "form": form, "number": number, "back": way_to_request(number)}
    return render(f"records/{name}.html", name, status, frame=audience(g.person), **values)


@door.form("/requests/<number>/happened", access=P.CLOCK_PAUSE)
def happened(number: str):
    """Record what starts or stops a promise and that no other step brings about."""
    record, form = _request(number), HappenedForm()
    if not form.is_submitted():
        return _happened_page(record, form)
    record_id, back = record.id, way_to_request(number)

    def act(session):
        record = session.get_one(ServiceRequest, record_id)
        clocks.record(session, record, g.person, form.event.data, form.evidence.data, form.occurred_at.data)
        return back

    again = lambda status: _happened_page(_request(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("It is on record."))


def _happened_page(record: ServiceRequest, form: HappenedForm, status: int = 200) -> Any:
    known = db.session.scalars(_of(Milestone, record).order_by(Milestone.occurred_at.desc()).limit(20))
    earlier = [(label(EVENTS, row.event), row.occurred_at, row.evidence) for row in known]
    action = url_for("records.happened", number=record.number)
    return _shown("happened", record, form, status, earlier=earlier, action=action)


@door.form("/waitings/<uid>/end", access=P.CLOCK_PAUSE)
def end_waiting(uid: str):
    """It is no longer waited for: what stood still runs on."""
    row, form = _waiting(uid), EndForm()
    if not form.is_submitted():
        return _shown("end_waiting", row, form, 200)
    row_id, back = row.id, way_to_request(row.root_number)

    def act(session):
        waiting.end(session, session.get_one(Waiting, row_id), g.person, form.occurred_at.data)
        return back

    again = lambda status: _shown("end_waiting", _waiting(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("No longer waiting. What stood still runs on."))


def _waiting(uid: str) -> Waiting:
    return find(db.session, Waiting, g.person, P.CLOCK_PAUSE, uid=uid)


@door.form("/waitings/<uid>/correct", access=P.CLOCK_CORRECT)
def correct_waiting(uid: str):
    """Set the times of a waiting right."""
    row = find(db.session, Waiting, g.person, P.CLOCK_CORRECT, uid=uid)
    form = CorrectForm(began_at=row.began_at, ended_at=row.ended_at)
    if not form.is_submitted():
        return _shown("correct_waiting", row, form, 200)
    row_id, back = row.id, way_to_request(row.root_number)

    def act(session):
        row = session.get_one(Waiting, row_id)
        waiting.correct(session, row, g.person, form.reason.data, form.began_at.data, form.ended_at.data)
        return back

    again = lambda status: _shown("correct_waiting", _waiting(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The times are corrected; open promises were counted again."))
