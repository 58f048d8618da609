"""A call to the people on duty: what it is about, whom it rang, and the one thing to do: take care of it."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.duty import calls, queries
from portal.domain.duty.lifecycle import CALL_LIFECYCLE
from portal.domain.duty.models import DutyCall
from portal.domain.permissions import P
from portal.domain.servicing.models import ServiceRequest
from portal.web.answers import render
from portal.web.duty import whom_it_rang
from portal.web.forms import PortalForm, submit
from portal.web.navigation import audience


def _load(uid: str, permission: P = P.DUTY_SEE) -> DutyCall:
    about = joinedload(DutyCall.request)
    parts = about.joinedload(ServiceRequest.device), about.joinedload(ServiceRequest.organisation)
    return find(db.session, DutyCall, g.person, permission, *queries.with_rings(), *parts, uid=uid)


@door.page("/duty/calls/<uid>", access=P.DUTY_SEE, endpoint="duty_call")
def call(uid: str):
    """For whom it rings: also for somebody who is not at the request yet."""
    return _page(_load(uid))


def _page(record: DutyCall, form: PortalForm | None = None, status: int = 200) -> Any:
    asked = record.request
    return render(
        "records/duty_call.html",
        None,
        status,
        frame=audience(g.person),
        call=record,
        asked=asked,
        rang=whom_it_rang(record),
        verbs={verb.name for verb in CALL_LIFECYCLE.possible(record, g.person)},
        request_url=url_for("desk.request", number=asked.number) if g.person.can(P.REQUEST_SEE, asked) else "",
        form=form,
    )


@door.verb("/duty/calls/<uid>/answer", access=P.DUTY_ANSWER, endpoint="answer_call")
def answer(uid: str):
    """Take care of it: nobody else is called."""
    record = _load(uid, P.DUTY_ANSWER)
    call_id, form = record.id, PortalForm()

    def act(session):
        calls.answer(session, session.get_one(DutyCall, call_id), g.person)
        return url_for("records.duty_call", uid=uid)

    return submit(
        form, act, lambda status: _page(_load(uid), form, status), done=_("Thank you. Nobody else is called.")
    )
