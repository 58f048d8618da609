"""Nonconformities: what failed and was put before quality, and how it ended."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.quality import door
from portal.blueprints.quality.forms import ReasonForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.nonconformities import queries, service
from portal.domain.nonconformities.lifecycle import NONCONFORMITY_LIFECYCLE
from portal.domain.nonconformities.models import Nonconformity, State
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.trail import lines


@door.page("/nonconformities", access=P.NONCONFORMITY_SEE)
def nonconformities():
    """Nonconformities, newest first; without a choice those that are open."""
    chosen = request.args.get("state", "")
    state = None if chosen == "all" else State.CLOSED if chosen == State.CLOSED else State.OPEN
    found = queries.nonconformities(db.session, g.person, state, request.args.get("at"))
    options = [("", say(State.OPEN)), (State.CLOSED.value, say(State.CLOSED)), ("all", _("All"))]
    return render(
        "quality/nonconformities.html",
        rows=found.rows,
        chips=[chip(_("State"), "state", options)],
        pager=pager(found),
        clear=address(state=None) if chosen else None,
    )


@door.page("/nonconformities/<uid>", access=P.NONCONFORMITY_SEE)
def nonconformity(uid: str):
    """One nonconformity: what was read, on which sheet, and how it ended."""
    return _page(uid)


def _page(uid: str, status: int = 200, form: ReasonForm | None = None) -> Any:
    record = find(db.session, Nonconformity, g.person, P.NONCONFORMITY_SEE, *queries.whole(), uid=uid)
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "quality/nonconformity.html",
        "closing" if form else None,
        status,
        record=record,
        sheet=record.reading.sheet,
        verbs={verb.name for verb in NONCONFORMITY_LIFECYCLE.possible(record, g.person)},
        form=form or ReasonForm(formdata=None),
        trail=lines(db.session, history),
    )


@door.verb("/nonconformities/<uid>/close", access=P.NONCONFORMITY_CLOSE, endpoint="close_nonconformity")
def close(uid: str):
    """Close it, with the reason."""
    found = find(db.session, Nonconformity, g.person, P.NONCONFORMITY_SEE, uid=uid)
    record_id, form = found.id, ReasonForm()

    def act(session):
        service.close(session, session.get_one(Nonconformity, record_id), g.person, form.reason.data)
        return url_for("quality.nonconformity", uid=uid)

    return submit(form, act, lambda status: _page(uid, status, form), done=_("The nonconformity is closed."))
