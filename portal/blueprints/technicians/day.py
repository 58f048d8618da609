"""My day: the technician's open orders, by what they wait for."""

from textwrap import shorten
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, url_for

from portal.blueprints.technicians import door
from portal.core import clock
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.servicing import queries
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState
from portal.web.answers import render
from portal.web.filters import exact
from portal.web.languages import say, zone

AT_OTHERS = (OrderState.TO_RELEASE, OrderState.TO_SIGN)


@door.page("/", access=P.ORDER_WORK)
def day():
    """What is to be done today, what later, and what waits for a release or a signature."""
    groups: dict[str, list[dict[str, Any]]] = {"today": [], "later": [], "waiting": []}
    for order in queries.orders_of(db.session, g.person, P.ORDER_WORK):
        groups[_group(order)].append(_card(order))
    return render("technicians/day.html", now=clock.now(), **groups)


def _group(order: WorkOrder) -> str:
    if order.state in AT_OTHERS:
        return "waiting"
    return "later" if order.appointment_from and _day_of(order.appointment_from) > _day_of(clock.now()) else "today"


def _day_of(at):
    return at.astimezone(ZoneInfo(zone())).date()


def _card(order: WorkOrder) -> dict[str, Any]:
    request = order.request
    device = f"{say(request.device.product.name)} {request.device.serial}"
    where = f"{say(order.organisation.name)} · {say(order.site.name)}"
    return {
        "title": where,
        "href": url_for("technicians.order", number=order.number),
        "text": f"{device}: {shorten(request.symptom, 90, placeholder='…')}",
        "meta": " · ".join(filter(None, (appointment(order), order.site.address, order.number))),
        "badge": (say(order.state), order.state.tone),
    }


def appointment(order: WorkOrder) -> str:
    """From when to when, in the reader's zone; of today only the hours. Empty without an appointment."""
    start, end = order.appointment_from, order.appointment_to
    if start is None:
        return ""
    spelled = _hour(start) if _day_of(start) == _day_of(clock.now()) else exact(start)
    return f"{spelled}–{_hour(end)}" if end and _day_of(end) == _day_of(start) else spelled


def _hour(at) -> str:
    return f"{at.astimezone(ZoneInfo(zone())):%H:%M}"
