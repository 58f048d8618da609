"""The safety questions before the report: it says whether it is a complaint and an adverse event."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.orders import load
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Asked
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.safety import SafetyForm


@door.form("/orders/<number>/safety", access=P.ORDER_WORK)
def safety(number: str):
    """Answer before submitting; a yes opens a complaint at once."""
    order = load(number)
    order_id, form = order.id, SafetyForm()
    if not form.is_submitted():
        return ask(order, form)

    def act(session):
        request = session.get_one(WorkOrder, order_id).request
        service.screen(session, request, g.person, Asked.CLOSING, form.answers())
        return url_for("technicians.submit", number=number)

    return submit(form, act, lambda status: ask(load(number), form, status), done=_("The answers are kept."))


def ask(order: WorkOrder, form: SafetyForm, status: int = 200):
    """The page with the questions; it stands in the place of the report until they are answered."""
    return render("technicians/safety.html", "safety", status, order=order, form=form)
