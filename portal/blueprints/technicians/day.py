"""My day: the technician's open orders, by what they wait for."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.core import clock
from portal.core.db import db
from portal.core.listing import PAGE, Page
from portal.domain.duty import queries as duty
from portal.domain.permissions import P
from portal.domain.policies.queries import Soonest, soonest
from portal.domain.servicing import queries
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS, OrderState
from portal.web.answers import render
from portal.web.day_tabs import day_tabs
from portal.web.filters import exact
from portal.web.languages import say, zone
from portal.web.lists import address, pager
from portal.web.promises import brief, missed

AT_OTHERS = (OrderState.TO_RELEASE, OrderState.TO_SIGN)
IN_HAND = tuple(state for state in OPEN_ORDERS if state not in AT_OTHERS)
FEW = 8
"""Orders at others that stand under the day's own work; all of them have a list of their own."""


@door.page("/", access=P.ORDER_WORK)
def day():
    """What is overdue, what is to be done today, what later, and what waits for a release or a signature."""
    only_waiting, cursor = request.args.get("show") == "waiting", request.args.get("at")
    found = _orders(AT_OTHERS if only_waiting else IN_HAND, cursor)
    at_others = Page([], None, None) if only_waiting or cursor else _orders(AT_OTHERS, size=FEW)
    return render(
        "technicians/day.html",
        tabs=day_tabs(),
        now=clock.now(),
        pager=pager(found),
        only_waiting=only_waiting,
        ringing=duty.ringing_for(db.session, g.person.id),
        all_waiting=address(show="waiting") if at_others.next else None,
        **_grouped(found.rows + at_others.rows),
    )


def _orders(states: Sequence[OrderState], cursor: str | None = None, size: int | None = None) -> Page:
    return queries.orders_of(db.session, g.person, P.ORDER_WORK, states=states, cursor=cursor, size=size or PAGE)


def _grouped(orders: Sequence[WorkOrder]) -> dict[str, list[dict[str, Any]]]:
    """The orders as cards, by what they wait for."""
    groups: dict[str, list[dict[str, Any]]] = {"overdue": [], "today": [], "later": [], "waiting": []}
    coming = soonest(db.session, ServiceRequest, [order.request.number for order in orders])
    for order in orders:
        promise = coming.get(order.request.number)
        groups[_group(order, promise)].append(_card(order) | {"clock": _pressing(order, promise)})
    return groups


def _group(order: WorkOrder, promise: Soonest | None) -> str:
    if order.state in AT_OTHERS:
        return "waiting"
    if (promise and promise.overdue) or _missed(order):
        return "overdue"
    return "later" if order.appointment_from and _day_of(order.appointment_from) > _day_of(clock.now()) else "today"


def _missed(order: WorkOrder) -> datetime | None:
    """When the appointment was over, if it is and nobody has arrived."""
    until = order.appointment_to or order.appointment_from
    return until if order.arrived_at is None and until is not None and until < clock.now() else None


def _pressing(order: WorkOrder, promise: Soonest | None) -> dict[str, Any] | None:
    """What the card says of time: the promise that presses most, or the appointment that was missed."""
    until = _missed(order)
    if until and order.state not in AT_OTHERS and not (promise and promise.overdue):
        return missed(_("Appointment"), until)
    return brief(promise)


def _day_of(at):
    return at.astimezone(ZoneInfo(zone())).date()


def _card(order: WorkOrder) -> dict[str, Any]:
    request = order.request
    device = f"{say(request.device.product.name)} {request.device.identity}"
    where = f"{say(order.organisation.name)} · {say(order.site.name)}"
    return {
        "title": where,
        "href": url_for("technicians.order", number=order.number),
        "text": _("%(kind)s: %(name)s", kind=device, name=shorten(request.symptom, 90, placeholder="…")),
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
