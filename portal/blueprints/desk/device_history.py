"""All that ever happened to one device."""

from flask import g, url_for

from portal.blueprints.desk import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.devices import queries
from portal.domain.devices.models import Device
from portal.domain.history.queries import Happened, What
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.history import history


@door.page("/devices/<number>/history", access=P.DEVICE_SEE)
def device_history(number: str):
    """Requests, work, plans, parts, papers, complaints, and whether it might be used: newest first."""
    record = find(db.session, Device, g.person, P.DEVICE_SEE, *queries.whole(), number=number)
    return render("desk/device_history.html", record=record, **history(record, tuple(What), _page_of))


PAGES = {
    What.REQUEST: ("desk.request", "number"),
    What.VISIT: ("quality.order", "number"),
    What.PART: ("quality.order", "number"),
    What.PLAN: ("desk.plan", "number"),
    What.PAPER: ("quality.document", "uid"),
    What.USE: ("desk.device", "number"),
    What.COMPLAINT: ("quality.complaint", "uid"),
}
SEES = {What.REQUEST: P.REQUEST_SEE, What.VISIT: P.ORDER_SEE, What.PART: P.ORDER_SEE, What.PLAN: P.PLAN_SEE}
"""What opens the page of a line, where seeing the line does not."""


def _page_of(line: Happened) -> str:
    if line.what in SEES and not g.person.can(SEES[line.what]):
        return ""
    endpoint, name = PAGES[line.what]
    return url_for(endpoint, **{name: line.key})
