"""Judging a request and sending somebody; two dispatchers at once get one winner."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door, request_page
from portal.blueprints.desk.forms import AssessForm, AssignForm, FirstAssessForm, ReasonForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.accounts.models import Account
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.candidates import candidates
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import Urgency
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.kit import to_take
from portal.web.safety import answered, as_sent


@door.verb("/requests/<number>/assess", access=P.REQUEST_ASSESS)
def assess(number: str):
    """Say how urgent it is and what comes next, and answer the safety questions where nobody has."""
    record = request_page.load(number)
    record_id, form = record.id, as_sent(record, AssessForm, FirstAssessForm)

    def act(session):
        record = session.get_one(ServiceRequest, record_id)
        values = {"urgency": Urgency(form.urgency.data), "next_step": form.next_step.data}
        service.assess(session, record, g.person, form.version, answers=answered(form), **values)
        return url_for("desk.request", number=number)

    again = lambda status: request_page.show(number, status, "assess", assess=form)  # noqa: E731
    return submit(form, act, again, done=_("The assessment is saved."))


@door.verb("/requests/<number>/assign", access=P.REQUEST_ASSIGN)
def assign(number: str):
    """Send a technician: the request goes into service, a work order is made."""
    record = request_page.load(number)
    form = AssignForm()
    people = candidates(db.session, record, form.appointment_from.data)
    record_id, form = record.id, request_page.offer(form, people)
    technician_id = next((each.account.id for each in people if each.account.uid == form.technician.data), None)

    def act(session):
        service.assign(
            session,
            session.get_one(ServiceRequest, record_id),
            g.person,
            session.get_one(Account, technician_id),
            **form.values("technician"),
        )
        return url_for("desk.request", number=number)

    again = lambda status: request_page.show(number, status, "assign", assign=form)  # noqa: E731
    return submit(form, act, again, done=_("The technician is assigned."))


@door.verb("/orders/<number>/cancel", access=P.ORDER_CANCEL)
def cancel_order(number: str):
    """Take a work order back: the request waits for somebody else."""
    order = find(db.session, WorkOrder, g.person, P.ORDER_SEE, number=number)
    order_id, request_number, form = order.id, order.request.number, ReasonForm()

    def act(session):
        service.cancel_order(session, session.get_one(WorkOrder, order_id), g.person, form.reason.data)
        return url_for("desk.request", number=request_number)

    again = lambda status: request_page.show(request_number, status, "orders", order=form)  # noqa: E731
    return submit(form, act, again, done=_("The work order is cancelled."))


@door.page("/requests/<number>/kit", access=P.REQUEST_ASSIGN)
def kit(number: str):
    """What to take along to the device, and what the technicians packed."""
    record = request_page.load(number)
    things = [name for _key, name in to_take(db.session(), record.device.product)]
    packed = [(order, [each["name"] for each in order.packed]) for order in record.orders if order.packed]
    return render("desk/kit.html", "kit", record=record, things=things, packed=packed)
