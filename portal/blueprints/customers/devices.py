"""The hospital's own devices, each with its history."""

from flask import g, request, url_for

from portal.blueprints.customers import door
from portal.blueprints.customers.requests import request_card
from portal.core import clock
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.devices import queries
from portal.domain.devices.models import Device, State
from portal.domain.duty.queries import duty_number
from portal.domain.permissions import P
from portal.domain.servicing import parts
from portal.domain.servicing import queries as servicing
from portal.web.answers import render
from portal.web.cover import panel
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.lots import expired_now


@door.page("/devices", access=P.DEVICE_SEE)
def devices():
    """All devices of the hospital, by name."""
    found = queries.devices(db.session, g.person, cursor=request.args.get("at"))
    return render("customers/devices.html", cards=[_card(row) for row in found.rows], pager=pager(found))


def _card(row) -> dict:
    number, serial, state, product, model, _organisation, site, department = row
    place = " · ".join(say(part) for part in (site, department) if part)
    return {
        "title": say(product),
        "href": url_for("customers.device", number=number),
        "text": f"{model} · {serial}",
        "meta": place,
        "badge": (say(state), state.tone) if state is not State.IN_USE else None,
    }


@door.page("/devices/<number>", access=P.DEVICE_SEE)
def device(number: str):
    """One device: what it is, whether it is covered, and everything that was done to it."""
    record = find(db.session, Device, g.person, P.DEVICE_SEE, *queries.whole(), number=number)
    history = servicing.requests(db.session, g.person, device_id=record.id, cursor=request.args.get("at"))
    return render(
        "customers/device.html",
        record=record,
        duty=duty_number(db.session, record.centre, clock.now()),
        tone=record.state.tone,
        expired=expired_now(record),
        covered=record.in_warranty(clock.now().date()),
        cover=panel(db.session(), g.person, record),
        history=[request_card(row, name_device=False) for row in history.rows],
        pager=pager(history),
        fitted=parts.fitted(db.session, record.id),
    )
