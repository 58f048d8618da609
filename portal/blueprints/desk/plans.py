"""Repair plans as the desk reads them, and the second person who confirms that cover is excluded."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.desk import door
from portal.blueprints.desk.forms import DisputeForm
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.permissions import P
from portal.domain.plans import queries, service
from portal.domain.plans.content import payload
from portal.domain.plans.lifecycle import PLAN_LIFECYCLE
from portal.domain.plans.models import RepairPlan
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.web.answers import render
from portal.web.cover import panel
from portal.web.forms import PortalForm, submit
from portal.web.planning import beside


@door.page("/orders/<number>/plan", access=P.PLAN_SEE)
def plan(number: str):
    """All plans of a work order, the newest in full."""
    return _page(_load(number))


def _load(number: str) -> WorkOrder:
    request = joinedload(WorkOrder.request)
    device = request.joinedload(ServiceRequest.device)
    return find(db.session, WorkOrder, g.person, P.ORDER_SEE, request, device, number=number)


def _page(order: WorkOrder, status: int = 200, form: PortalForm | None = None) -> Any:
    plans = queries.of_order(db.session, order)
    newest = plans[0] if plans else None
    return render(
        "desk/plan.html",
        None,
        status,
        order=order,
        plans=plans,
        newest=newest,
        payload=payload(newest) if newest else None,
        verbs={verb.name for verb in PLAN_LIFECYCLE.possible(newest, g.person)} if newest else set(),
        form=form if form and not isinstance(form, DisputeForm) else PortalForm(),
        dispute_form=form if isinstance(form, DisputeForm) else DisputeForm(),
        kind=REPAIR_PLAN,
        beside=beside(db.session(), newest, g.person) if newest else None,
        cover=panel(db.session(), g.person, order.request.device, order.request),
    )


@door.verb("/orders/<number>/plan/confirm", access=P.PLAN_CONFIRM)
def confirm_exclusion(number: str):
    """Confirm, as the second person, that cover is excluded."""
    order, form = _load(number), PortalForm()
    newest = service.latest(db.session, order)
    if newest is None:
        raise NotYours()
    plan_id = newest.id

    def act(session):
        service.confirm_exclusion(session, session.get_one(RepairPlan, plan_id), g.person)
        return url_for("desk.plan", number=number)

    done = _("Confirmed. The technician can offer the plan.")
    return submit(form, act, lambda status: _page(_load(number), status, form), done=done)


@door.verb("/orders/<number>/plan/objection", access=P.PLAN_CONFIRM)
def decide_dispute(number: str):
    """Decide, as another person than who drew up the plan, the hospital's objection to who pays."""
    order, form = _load(number), DisputeForm()
    newest = service.latest(db.session, order)
    if newest is None:
        raise NotYours()
    plan_id = newest.id

    def act(session):
        plan = session.get_one(RepairPlan, plan_id)
        service.decide_dispute(session, plan, g.person, form.answer.data, stands=form.stands)
        return url_for("desk.plan", number=number)

    done = _("Decided. The hospital and the technician are told.")
    return submit(form, act, lambda status: _page(_load(number), status, form), done=done)
