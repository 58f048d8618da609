"""The repair plan on the tablet: drawn up, offered, and drawn up anew when more is found."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.forms import PlanForm
from portal.blueprints.technicians.orders import load
from portal.core import clock, figures
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.permissions import P
from portal.domain.plans import queries, service
from portal.domain.plans.lifecycle import AT_WORK, PLAN_LIFECYCLE
from portal.domain.plans.models import RepairPlan
from portal.domain.plans.words import PlanState
from portal.domain.servicing.models import WorkOrder
from portal.web.answers import render
from portal.web.cover import panel
from portal.web.forms import PortalForm, submit
from portal.web.papers import content
from portal.web.planning import beside
from portal.web.stale import compare


@door.page("/orders/<number>/plan", access=P.ORDER_WORK)
def plan(number: str):
    """The plan as it stands, and the form of the one in preparation."""
    return _page(load(number))


def _page(order: WorkOrder, status: int = 200, block: str | None = None, form: PlanForm | None = None):
    plans = queries.of_order(db.session, order)
    newest = plans[0] if plans else None
    paper = documents.of(db.session, REPAIR_PLAN, order)
    offered = paper is not None and newest is not None and newest.state is PlanState.OFFERED
    form = form or _form(order, newest)
    return render(
        "technicians/plan.html",
        block,
        status,
        order=order,
        plans=plans,
        newest=newest,
        form=form,
        conflict=compare(form, newest.content_version) if form.stale and newest else None,
        editable=order.state in AT_WORK,
        drafting=newest is not None and newest.state is PlanState.DRAFT,
        verbs={verb.name for verb in PLAN_LIFECYCLE.possible(newest, g.person)} if newest else set(),
        paper=paper,
        offered=content(paper.current) if offered else None,
        prices=queries.prices(db.session, order.company_id, _today(order)),
        S=PlanState,
        beside=beside(db.session(), newest, g.person) if newest else None,
        cover=panel(db.session(), g.person, order.request.device, order.request),
    )


def _today(order: WorkOrder) -> date:
    return clock.now().astimezone(ZoneInfo(order.company.zone)).date()


def _form(order: WorkOrder, newest: RepairPlan | None) -> PlanForm:
    """The plan in preparation, else an empty one that begins where the last one ended."""
    until = _today(order) + timedelta(days=figures.integer(db.session, "offer_days"))
    if newest is None:
        return PlanForm(valid_until=until)
    values: dict[str, Any] = {
        "steps": newest.steps,
        "hours": newest.minutes / 60 if newest.minutes is not None else None,
        "basis": newest.basis,
        "exclusion_reason": newest.exclusion_reason,
        "lines": [_row(line) for line in newest.lines],
        "valid_until": until,
    }
    if newest.state is PlanState.DRAFT:
        values |= {"why_again": newest.why_again, "valid_until": newest.valid_until}
        return PlanForm(version=newest.content_version, data=values)
    return PlanForm(data=values)


def _row(line: Any) -> dict[str, Any]:
    kept = {name: getattr(line, name) for name in ("code", "name", "kind", "quantity", "option")}
    return kept | {"price": line.unit_price / 100}


@door.verb("/orders/<number>/plan/save", access=P.ORDER_WORK, uploads=True)
def save_plan(number: str):
    """Keep the plan in preparation, or begin one."""
    order = load(number)
    newest = service.latest(db.session, order)
    drafting = newest is not None and newest.state is PlanState.DRAFT
    order_id, plan_id, form = order.id, newest.id if drafting else None, _form(order, newest)

    def act(session):
        said = {"evidence": form.received.get("evidence", ()), **form.content}
        if plan_id:
            one = session.get_one(RepairPlan, plan_id)
            service.change(session, one, g.person, form.version, form.asked, **said)
        else:
            service.draw_up(session, session.get_one(WorkOrder, order_id), g.person, form.asked, **said)
        return url_for("technicians.plan", number=number)

    again = lambda status: _page(load(number), status, "draft", form)  # noqa: E731
    return submit(form, act, again, done=_("Plan saved. It is not offered yet."))


@door.verb("/orders/<number>/plan/offer", access=P.ORDER_WORK)
def offer_plan(number: str):
    """Put the plan before the customer."""
    newest, form = service.latest(db.session, load(number)), PortalForm()
    if newest is None:
        raise NotYours()
    plan_id = newest.id

    def act(session):
        service.offer(session, session.get_one(RepairPlan, plan_id), g.person)
        return url_for("technicians.plan", number=number)

    again = lambda status: _page(load(number), status)  # noqa: E731
    return submit(form, act, again, done=_("Offered. The customer can consent here or in the own account."))
