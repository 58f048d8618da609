"""The steps of the way, one route each; the time of most may be claimed."""

from collections.abc import Callable

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.forms import ReasonForm, StepForm
from portal.blueprints.technicians.orders import load, page
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.web.forms import submit


def _step(name: str, carry_out: Callable, *, claims: bool = True) -> None:
    """Open the route `name`, which does `carry_out` to the order; `claims` as the verb says."""

    def view(number: str):
        order_id, form = load(number).id, StepForm()

        def act(session):
            order = session.get_one(WorkOrder, order_id)
            carry_out(session, order, g.person, *((form.occurred_at.data,) if claims else ()))
            return url_for("technicians.order", number=number)

        return submit(form, act, lambda status: page(load(number), status, "bar", step_form=form))

    door.verb(f"/orders/<number>/{name}", access=P.ORDER_WORK, endpoint=name)(view)


_step("accept", service.accept)
_step("depart", service.depart)
_step("arrive", service.arrive)
_step("start_tests", service.start_tests)
_step("take_up", service.take_up)
_step("repair_again", service.repair_again, claims=False)


@door.verb("/orders/<number>/decline", access=P.ORDER_WORK)
def decline(number: str):
    """Hand the order back to dispatch, with a reason."""
    order_id, form = load(number).id, ReasonForm()

    def act(session):
        service.decline(session, session.get_one(WorkOrder, order_id), g.person, form.reason.data)
        return url_for("technicians.day")

    again = lambda status: page(load(number), status, "decline", reason_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Work order %(number)s was handed back.", number=number))


@door.verb("/orders/<number>/correct", access=P.ORDER_CORRECT)
def correct(number: str):
    """Open the report for a correction."""
    order_id, form = load(number).id, ReasonForm()

    def act(session):
        service.correct(session, session.get_one(WorkOrder, order_id), g.person, form.reason.data)
        return url_for("technicians.order", number=number)

    again = lambda status: page(load(number), status, "correct", reason_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The report is open for correction."))
