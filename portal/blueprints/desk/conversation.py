"""Talking with the customer, and notes that stay in the house."""

from typing import Any

from flask import g, url_for

from portal.blueprints.desk import door, request_page
from portal.blueprints.desk.forms import MessageForm, NoteForm
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.web.forms import submit


@door.verb("/requests/<number>/message", access=P.REQUEST_MESSAGE, uploads=True)
def message(number: str):
    """Write to the customer."""
    return _post(number, MessageForm(), "message", "conversation", internal=False)


@door.verb("/requests/<number>/note", access=P.REQUEST_NOTE, uploads=True)
def note(number: str):
    """Add an internal note."""
    return _post(number, NoteForm(), "note", "notes", internal=True)


def _post(number: str, form: Any, name: str, block: str, *, internal: bool) -> Any:
    record_id = request_page.load(number).id

    def act(session):
        record = session.get_one(ServiceRequest, record_id)
        files = form.received.get("files", ())
        service.post_message(session, record, g.person, form.body.data, internal=internal, files=files)
        return url_for("desk.request", number=number, _anchor=block)

    return submit(form, act, lambda status: request_page.show(number, status, block, **{name: form}))
