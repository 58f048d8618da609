"""Taking a request down that reached us by telephone, letter or visit."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door
from portal.blueprints.desk.forms import IntakeForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.devices import queries as devices
from portal.domain.devices.models import Device
from portal.domain.permissions import P
from portal.domain.servicing import queries, service
from portal.domain.servicing.words import OPEN_REQUESTS, Channel, Urgency
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say


@door.form("/requests/new", access=P.REQUEST_CREATE, endpoint="intake", uploads=True)
def intake():
    """File a request for one device of the register, named by `?device=`."""
    number = request.args.get("device", "")
    if not number:
        return render("desk/intake_device.html")
    device_id, form = _device(number).id, IntakeForm()
    if not form.is_submitted():
        return _page(number, form, 200)

    def act(session):
        made = service.create_request(
            session,
            g.person,
            session.get_one(Device, device_id),
            photos=form.received.get("photos", ()),
            urgency=Urgency(form.urgency.data),
            channel=Channel(form.channel.data),
            **form.values("photos", "urgency", "channel"),
        )
        return url_for("desk.request", number=made.number)

    return submit(form, act, lambda status: _page(number, form, status), done=_("The request is filed."))


def _device(number: str) -> Device:
    return find(db.session, Device, g.person, P.DEVICE_SEE, *devices.whole(), number=number)


def _page(number: str, form: IntakeForm, status: int) -> Any:
    device = _device(number)
    known = queries.requests(db.session, g.person, states=OPEN_REQUESTS, device_id=device.id, size=5).rows
    return render("desk/intake.html", "intake", status, device=device, form=form, known=[_card(row) for row in known])


def _card(row: Any) -> dict[str, Any]:
    """An open request of the same device, so that it isn't filed twice."""
    number, state, _urgency, symptom, reported_at, *_rest = row
    href = url_for("desk.request", number=number)
    return {"title": number, "href": href, "text": symptom[:120], "at": reported_at, "badge": (say(state), state.tone)}
