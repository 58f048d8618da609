"""The desk's list of requests, and the page of one."""

from textwrap import shorten
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door, request_page
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.policies.queries import Pressing, soonest
from portal.domain.servicing import queries
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import OPEN_REQUESTS, RequestState, Urgency
from portal.web.answers import render
from portal.web.hospitals import chosen_hospital, hospital_chip
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.promises import brief

ALL, ME = "all", "me"
PRESSING = (Pressing.OVERDUE, Pressing.SOON, Pressing.PAUSED)


@door.page("/requests", access=P.REQUEST_SEE)
def requests():
    """Requests, newest first; without a choice those that are open."""
    hospital = chosen_hospital()
    found = queries.requests(
        db.session,
        g.person,
        states=_states(),
        urgency=_member(Urgency, "urgency"),
        organisation_id=hospital.id if hospital else None,
        first_handler_id=g.person.id if request.args.get("handler") == ME else None,
        pressing=_member(Pressing, "due"),
        cursor=request.args.get("at"),
    )
    chips = [
        chip(_("State"), "state", [("", _("Open")), (ALL, _("All")), *_options(RequestState)]),
        chip(_("Urgency"), "urgency", [("", _("Any")), *_options(Urgency)]),
        chip(_("Promised times"), "due", [("", _("Any")), *((each.value, say(each)) for each in PRESSING)]),
        chip(_("First handler"), "handler", [("", _("Anybody")), (ME, _("Me"))]),
        *hospital_chip(hospital),
    ]
    narrowed = any(request.args.get(name) for name in ("state", "urgency", "due", "handler", "hospital"))
    coming = soonest(db.session, ServiceRequest, [row[0] for row in found.rows])
    return render(
        "desk/requests.html",
        rows=[_row(row, brief(coming.get(row[0]))) for row in found.rows],
        chips=chips,
        pager=pager(found),
        clear=address(state=None, urgency=None, due=None, handler=None, hospital=None) if narrowed else None,
    )


def _states() -> tuple[RequestState, ...]:
    if request.args.get("state") == ALL:
        return ()
    chosen = _member(RequestState, "state")
    return (chosen,) if chosen else OPEN_REQUESTS


def _member(enum: Any, name: str) -> Any:
    """The member that the address names; None for any other word."""
    value = request.args.get(name)
    return enum(value) if value in {member.value for member in enum} else None


def _options(enum: Any) -> list[tuple[str, str]]:
    return [(member.value, say(member)) for member in enum]


def _row(row: Any, promise: dict[str, Any] | None) -> tuple:
    """A row of `queries.requests` with its address, the symptom cut short, and the promise that comes next."""
    number, state, urgency, symptom, reported_at, product, serial, organisation, technician = row
    href = url_for("desk.request", number=number)
    fault = shorten(symptom, 60, placeholder=" …")
    return number, href, fault, state, urgency, product, serial, organisation, technician, promise, reported_at


@door.page("/requests/<number>", access=P.REQUEST_SEE, endpoint="request")
def show(number: str):
    """One request: where it stands, what comes next, and everything said and done about it."""
    return request_page.show(number)
