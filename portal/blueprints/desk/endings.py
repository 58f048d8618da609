"""How a request ends before or after the work: cancelled, refused, closed."""

from collections.abc import Callable
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door, request_page
from portal.blueprints.desk.forms import FirstReasonForm, ReasonForm
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.web.forms import PortalForm, submit
from portal.web.safety import answered, as_sent


@door.verb("/requests/<number>/cancel", access=P.REQUEST_CANCEL)
def cancel(number: str):
    """The customer no longer wants it."""
    form = _reason(number)

    def act(session, record):
        service.cancel_request(session, record, g.person, form.reason.data, answers=answered(form))

    return _end(number, "cancel", form, act, _("The request was cancelled."))


@door.verb("/requests/<number>/refuse", access=P.REQUEST_REFUSE)
def refuse(number: str):
    """We can't do it; the customer is told why."""
    form = _reason(number)

    def act(session, record):
        service.refuse_request(session, record, g.person, form.reason.data, answers=answered(form))

    return _end(number, "refuse", form, act, _("The request was refused."))


@door.verb("/requests/<number>/close", access=P.REQUEST_CLOSE)
def close(number: str):
    """Nothing is left to do."""

    def act(session, record):
        service.close_request(session, record, g.person)

    return _end(number, "close", PortalForm(), act, _("The request is closed."))


def _reason(number: str) -> PortalForm:
    return as_sent(request_page.load(number), ReasonForm, FirstReasonForm)


def _end(number: str, name: str, form: PortalForm, end: Callable[[Any, ServiceRequest], Any], done: str) -> Any:
    record_id = request_page.load(number).id

    def act(session):
        end(session, session.get_one(ServiceRequest, record_id))
        return url_for("desk.request", number=number)

    return submit(form, act, lambda status: request_page.show(number, status, "endings", **{name: form}), done=done)
