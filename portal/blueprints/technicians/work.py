"""What is written down on site: the log, the findings, the tests."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.forms import LogForm
from portal.blueprints.technicians.orders import findings_form, load, page, results_form
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.web.forms import submit


@door.verb("/orders/<number>/log", access=P.ORDER_WORK, endpoint="log")
def add_to_log(number: str):
    """Add a line to the work log, with photos."""
    order_id, form = load(number).id, LogForm()

    def act(session):
        order, photos = session.get_one(WorkOrder, order_id), form.received.get("photos", ())
        service.log(session, order, g.person, form.text.data, photos=photos, occurred_at=form.occurred_at.data)
        return url_for("technicians.order", number=number, _anchor="log")

    return submit(form, act, lambda status: page(load(number), status, "log", log_form=form))


@door.verb("/orders/<number>/findings", access=P.ORDER_WORK)
def findings(number: str):
    """Record what was found and done."""
    order = load(number)
    order_id, form = order.id, findings_form(order)

    def act(session):
        order = session.get_one(WorkOrder, order_id)
        service.record_findings(session, order, g.person, form.version, **form.findings)
        return url_for("technicians.order", number=number, _anchor="findings")

    again = lambda status: page(load(number), status, "findings", findings_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Findings saved."))


@door.verb("/orders/<number>/tests", access=P.ORDER_WORK)
def tests(number: str):
    """Record the tests after the repair."""
    order = load(number)
    order_id, form = order.id, results_form(order)

    def act(session):
        order = session.get_one(WorkOrder, order_id)
        service.record_tests(session, order, g.person, form.version, **form.results)
        return url_for("technicians.order", number=number, _anchor="tests")

    again = lambda status: page(load(number), status, "tests", results_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Tests saved."))
