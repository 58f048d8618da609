"""What is written down of the work: the diagnosis, the log, the findings, the tests."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.forms import CodedForm, LogForm
from portal.blueprints.technicians.orders import diagnosis_form, findings_form, load, page, results_form
from portal.domain.faultcodes.models import FaultCode
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


@door.verb("/orders/<number>/diagnosis", access=P.ORDER_WORK)
def diagnosis(number: str):
    """Record what the technician makes of the fault, before travelling or at the device."""
    order = load(number)
    order_id, form = order.id, diagnosis_form(order)

    def act(session):
        order, values = session.get_one(WorkOrder, order_id), form.assessment | _codes(session, form)
        service.diagnose(session, order, g.person, form.version, **values)
        return url_for("technicians.order", number=number, _anchor="diagnosis")

    again = lambda status: page(load(number), status, "diagnosis", diagnosis_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Diagnosis saved."))


def _codes(session, form: CodedForm) -> dict[str, FaultCode | None]:
    return {name: session.get_one(FaultCode, n) if n else None for name, n in form.ids().items()}


@door.verb("/orders/<number>/findings", access=P.ORDER_WORK)
def findings(number: str):
    """Record what was found and done."""
    order = load(number)
    order_id, form = order.id, findings_form(order)
    if form.take():
        return page(order, 200, "findings", findings_form=form)

    def act(session):
        order, values = session.get_one(WorkOrder, order_id), form.findings | _codes(session, form)
        service.record_findings(session, order, g.person, form.version, **values)
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
