"""The registers of promised times, as tabs."""

from typing import Any

from flask import request, url_for

from portal.core.errors import Message
from portal.web.languages import say

TABS = (
    (Message("Policies"), "office.policies"),
    (Message("Try on a case"), "office.try_policy"),
    (Message("Calendars"), "office.calendars"),
    (Message("Contracts"), "office.contracts"),
    (Message("Waiting reasons"), "office.waiting_reasons"),
    (Message("Leaving the site"), "office.leaving_items"),
)


def tabs() -> list[dict[str, Any]]:
    """For `ui.tabs`; the current one is the page that is asked for."""
    return [
        {"label": say(label), "href": url_for(endpoint), "current": request.endpoint == endpoint}
        for label, endpoint in TABS
    ]
