"""Another appointment: agreed on by the desk or by the technician, the customer is told why."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.records import door
from portal.blueprints.records.numbers import way_to_request
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.orders import RESCHEDULE
from portal.web.answers import render
from portal.web.appointments import RescheduleForm, reschedule_form
from portal.web.forms import submit
from portal.web.navigation import audience
from portal.web.stale import conflict


def _load(number: str) -> WorkOrder:
    options = joinedload(WorkOrder.request), joinedload(WorkOrder.technician)
    return find(db.session, WorkOrder, g.person, P.ORDER_SCHEDULE, *options, number=number)


@door.form("/orders/<number>/appointment", access=P.ORDER_SCHEDULE, endpoint="reschedule")
def reschedule(number: str):
    """Move the appointment of a work order, or agree on its first one."""
    order = _load(number)
    form, order_id, back = reschedule_form(order), order.id, way_to_request(order.request.number)
    if not form.is_submitted():
        return _page(order, form)

    def act(session):
        order = session.get_one(WorkOrder, order_id)
        service.reschedule(session, order, g.person, form.reason.data, form.version, **form.values("reason"))
        return back

    again = lambda status: _page(_load(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The appointment is agreed; the hospital is told."))


def _page(order: WorkOrder, form: RescheduleForm, status: int = 200) -> Any:
    stale = conflict(form, order, "appointment", RESCHEDULE.name)
    values = {"order": order, "form": form, "stale": stale, "back": way_to_request(order.request.number)}
    return render("records/reschedule.html", "reschedule", status, frame=audience(g.person), **values)
