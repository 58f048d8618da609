"""All that ever happened to one of the hospital's devices."""

from flask import g, url_for

from portal.blueprints.customers import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.devices import queries
from portal.domain.devices.models import Device
from portal.domain.history.queries import Happened, What
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.history import history

SHOWN = tuple(what for what in What if what is not What.COMPLAINT)
"""What quality judges of a complaint is told in the conversation."""


@door.page("/devices/<number>/history", access=P.DEVICE_SEE)
def device_history(number: str):
    """Requests, visits, plans, parts, papers, and whether it might be used: newest first."""
    record = find(db.session, Device, g.person, P.DEVICE_SEE, *queries.whole(), number=number)
    return render("customers/device_history.html", record=record, **history(record, SHOWN, _page_of))


def _page_of(line: Happened) -> str:
    match line.what:
        case What.PAPER:
            return url_for("customers.document", uid=line.key)
        case What.USE:
            return url_for("customers.device", number=line.key)
        case _:
            return url_for("customers.request", number=line.request)
