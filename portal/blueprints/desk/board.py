"""The board: every open work order under its state, with the promise that presses most (DSP-5)."""

from itertools import groupby
from typing import Any

from flask import g, request, url_for

from portal.blueprints.desk import door
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.policies.queries import soonest
from portal.domain.servicing import queries
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS
from portal.web.answers import render
from portal.web.filters import exact
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.promises import brief

MOST = 60
"""Cards on one page."""


@door.page("/board", access=P.ORDER_SEE)
def board():
    """Open work orders by state, within each the earliest appointment first."""
    found = queries.orders_of(db.session, g.person, P.ORDER_SEE, cursor=request.args.get("at"), size=MOST)
    coming = soonest(db.session, ServiceRequest, [order.request.number for order in found.rows])
    states = list(OPEN_ORDERS)
    orders = sorted(found.rows, key=lambda order: states.index(order.state))
    columns = [
        (state, [_card(order, brief(coming.get(order.request.number))) for order in group])
        for state, group in groupby(orders, key=lambda order: order.state)
    ]
    return render("desk/board.html", columns=columns, pager=pager(found))


def _card(order: WorkOrder, promise: dict[str, Any] | None) -> dict[str, Any]:
    asked = order.request
    when = exact(order.appointment_from) if order.appointment_from else ""
    return {
        "title": f"{order.technician.name} · {say(asked.device.product.name)} {asked.device.identity}",
        "text": f"{say(order.organisation.name)} · {say(order.site.name)}",
        "meta": " · ".join(filter(None, (when, order.number))),
        "href": url_for("desk.request", number=asked.number),
        "clock": promise,
    }
