"""Who pays for a request: decided by the desk, kept with name and time."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door, request_page
from portal.blueprints.desk.forms import CoverForm
from portal.domain.cover import service
from portal.domain.cover.models import Choice
from portal.domain.permissions import P
from portal.domain.servicing.models import ServiceRequest
from portal.web.forms import submit


@door.verb("/requests/<number>/cover", access=P.COVER_DECIDE)
def decide_cover(number: str):
    """Say by what the request is charged."""
    record_id, form = request_page.load(number).id, CoverForm()

    def act(session):
        record = session.get_one(ServiceRequest, record_id)
        service.decide(session, record, g.person, form.version, Choice(form.choice.data), form.grounds.data)
        return url_for("desk.request", number=number)

    again = lambda status: request_page.show(number, status, "cover", cover=form)  # noqa: E731
    return submit(form, act, again, done=_("It is kept who pays. The next plan follows it."))
