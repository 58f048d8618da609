"""What a device's label leads to (INT-10): the device for everybody, their own page of it for who is signed in.

Nobody finds a label by trying: its code has 65 random bits, and an address that asks for too many unknown ones must
wait. The page says nothing of people, and nothing of other devices.
"""

from typing import Any

from flask import g, make_response, redirect, request, url_for
from werkzeug import Response

from portal.blueprints.public import door
from portal.core import clock, codes
from portal.core.db import db, writing
from portal.core.errors import Message, NotYours
from portal.domain.accounts import throttle
from portal.domain.accounts.throttle import Gate
from portal.domain.devices.models import LABEL_SIGNS, Device, State
from portal.domain.duty.queries import duty_number
from portal.domain.permissions import P
from portal.domain.wards import queries
from portal.domain.wards.words import Route
from portal.web.answers import render
from portal.web.navigation import audience
from portal.web.pages import PUBLIC

UNKNOWN = Message("This label leads nowhere. It may have been replaced by a newer one on the device.")


@door.page("/d/<code>", access=PUBLIC)
def label(code: str) -> Any:
    """The device: whether it may be used, what is reported already, whom to call, and the way to report."""
    device = labelled(code)
    if (way := _own_page(device)) is not None:
        return redirect(way, 303)
    return unlisted(render("public/device.html", **shown(device)))


def labelled(code: str) -> Device:
    """The device of a label. Raises NotYours, TooManyTries."""
    found = among_known(code, LABEL_SIGNS, queries.by_label)
    if found is None:
        raise NotYours(UNKNOWN)
    return found


def among_known(typed: str, signs: int, find: Any, gate: Gate = Gate.LABEL) -> Any:
    """What `find(session, code)` knows of a code from an address; None after counting that it knows nothing.

    Raises TooManyTries for who asked for too many unknown ones.
    """
    address = request.remote_addr or ""
    throttle.look(db.session, gate, typed, address)
    code = codes.read(typed[:100], signs)
    found = find(db.session, code) if code else None
    if found is None:
        with writing("count an unknown code") as session:
            throttle.take(session, gate, typed, address)
    return found


def _own_page(device: Device) -> str | None:
    """Where somebody who is signed in and sees the device goes on: hospitals to a request half filled."""
    if g.person is None or not g.person.can(P.DEVICE_SEE, device):
        return None
    if audience(g.person) != "customer":
        return url_for("desk.device", number=device.number)
    endpoint = "customers.report" if g.person.can(P.REQUEST_CREATE, device) else "customers.device"
    return url_for(endpoint, number=device.number)


def shown(device: Device) -> dict[str, Any]:
    """What the public pages of a device say of it."""
    desk = queries.desk_of(db.session, device.site_id)
    return {
        "device": device,
        "duty_phone": duty_number(db.session, device.centre, clock.now()).phone,
        "is_stopped": device.state is State.DO_NOT_USE,
        "can_report": desk is not None and desk.route is not Route.CLOSED,
        "requests": queries.open_requests_of(db.session, device.id),
        "waiting": queries.waiting_reports_of(db.session, device.id),
    }


def unlisted(answer: tuple[str, int] | Response) -> Response:
    """An answer that search engines leave out: who holds the label or badge may read it, nobody else find it."""
    response = make_response(answer)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
