"""The same fault reported twice: the later request goes on in the other."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired

from portal.blueprints.desk import door, request_page
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing import queries, service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import OPEN_REQUESTS
from portal.web.answers import render
from portal.web.filters import exact
from portal.web.forms import PortalForm, submit
from portal.web.safety import SafetyQuestions, answered, as_sent


class MergeForm(PortalForm):
    """Which request it goes on in."""

    into = RadioField(_l("It goes on in"), validators=[DataRequired()])


class FirstMergeForm(SafetyQuestions, MergeForm):
    """The same for a request that came without the safety questions: no complaint vanishes with it (INT-11)."""


@door.form("/requests/<number>/merge", access=P.REQUEST_MERGE)
def merge(number: str):
    """Merge the request into another open one of the same device."""
    record = request_page.load(number)
    form = _offer(as_sent(record, MergeForm, FirstMergeForm), record)
    if not form.is_submitted():
        return _page(record, form, 200)
    record_id = record.id

    def act(session):
        into = find(session, ServiceRequest, g.person, P.REQUEST_SEE, number=form.into.data)
        record = session.get_one(ServiceRequest, record_id)
        service.merge(session, record, g.person, into, answers=answered(form))
        return url_for("desk.request", number=into.number)

    again = lambda status: _page(request_page.load(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The request is merged. Its words stand in the conversation."))


def _offer(form: MergeForm, record: ServiceRequest) -> MergeForm:
    """The other open requests of the device, newest first."""
    found = queries.requests(db.session, g.person, states=OPEN_REQUESTS, device_id=record.device_id)
    others = [row for row in found.rows if row[0] != record.number]
    form.into.choices = [(row[0], f"{row[0]} · {exact(row[4])} · {row[3][:60]}") for row in others]
    return form


def _page(record: ServiceRequest, form: MergeForm, status: int):
    return render("desk/merge.html", "merge", status, record=record, form=form)
