"""What stands beside a technician's day, as tabs: their week, who is on duty, their ratings, their badge."""

from typing import Any

from flask import g, request, url_for
from flask_login import current_user

from portal.core.errors import Message
from portal.domain.permissions import P
from portal.web.languages import say
from portal.web.navigation import audience


def day_tabs() -> list[dict[str, Any]]:
    """For `ui.tabs`; none for who works in another frame, where each of these is an entry of its own."""
    if audience(g.person) != "technician":
        return []
    account = current_user.row.account
    ways = (
        (Message("My day"), "technicians.day", P.ORDER_WORK, {}),
        (Message("My week"), "technicians.week", P.ORDER_WORK, {}),
        (Message("On duty"), "desk.roster", P.ROSTER_SEE, {}),
        (Message("My ratings"), "office.ratings", P.RATING_SEE, {}),
        (Message("My badge"), "records.badge", P.BADGE_EDIT, {"uid": account.uid}),
    )
    return [
        {"label": say(label), "href": url_for(endpoint, **values), "current": request.endpoint == endpoint}
        for label, endpoint, access, values in ways
        if g.person.can(access)
    ]
