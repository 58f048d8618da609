"""What stands in the frame of every page: entries of the rail, the person, languages, banners."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for

from portal.core import notices
from portal.core.db import db
from portal.core.errors import Message
from portal.domain.permissions import P, Role
from portal.web.languages import LANGUAGES, current_language, say


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation: shown to who holds `access`, current on the pages named `within`."""

    label: Message
    endpoint: str
    icon: str
    access: P
    within: tuple[str, ...] = ()
    key: str = ""
    section: Message | None = None


CUSTOMER = (
    Entry(Message("Home"), "customers.home", "house", P.REQUEST_SEE),
    Entry(Message("My devices"), "customers.devices", "activity", P.DEVICE_SEE, ("customers.device",)),
    Entry(Message("My requests"), "customers.requests", "inbox", P.REQUEST_SEE, ("customers.request",)),
    Entry(Message("Documents"), "customers.documents", "file-text", P.DOCUMENT_SEE, ("customers.document",)),
)
TECHNICIAN = (
    Entry(Message("My day"), "technicians.day", "calendar", P.ORDER_WORK, ("technicians.order",)),
    Entry(Message("Devices"), "desk.devices", "activity", P.DEVICE_SEE, ("desk.device",)),
)
STAFF = (
    Entry(Message("Requests"), "desk.requests", "inbox", P.REQUEST_SEE, ("desk.request",), "r"),
    Entry(Message("My day"), "technicians.day", "calendar", P.ORDER_WORK, ("technicians.order",), "m"),
    Entry(Message("To release"), "quality.to_release", "shield-check", P.ORDER_RELEASE, ("quality.order",), "t"),
    Entry(Message("Devices"), "desk.devices", "activity", P.DEVICE_SEE, ("desk.device",), "d"),
    Entry(Message("Customers"), "office.organisations", "building", P.ORGANISATION_SEE, ("office.organisation",), "c"),
    Entry(Message("Documents"), "quality.documents", "file-text", P.DOCUMENT_SEE, ("quality.document",), "o"),
    Entry(Message("People"), "office.people", "users", P.ACCOUNT_SEE, ("office.account",), "p"),
    Entry(Message("Permissions"), "office.permissions", "key-round", P.PERMISSIONS_SEE),
    Entry(Message("Figures"), "office.figures", "sliders-horizontal", P.FIGURE_SEE),
    Entry(Message("Trail"), "office.trail", "history", P.TRAIL_SEE),
    Entry(Message("Undelivered"), "office.undelivered", "mail-warning", P.UNDELIVERED_SEE),
)


def audience(person: Any) -> str:
    """Which frame a person works in: customer, technician or staff."""
    roles = person.roles
    if roles & {Role.CUSTOMER, Role.WARD} or not roles:
        return "customer"
    return "technician" if roles == {Role.TECHNICIAN} else "staff"


ENTRIES = {"customer": CUSTOMER, "technician": TECHNICIAN, "staff": STAFF}
HOMES = {"customer": "customers.home", "technician": "technicians.day"}


def home_of(person: Any) -> str:
    """The address of the first page of this person."""
    kind = audience(person)
    endpoint = HOMES.get(kind)
    if endpoint is None:
        endpoint = next((e.endpoint for e in STAFF if person.can(e.access)), "account.profile")
    return url_for(endpoint)


def install(app: Flask) -> None:
    """Give every page its frame."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    person = g.get("person")
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    frame: dict[str, Any] = {
        "html_lang": LANGUAGES[current_language()],
        "language": current_language(),
        "language_url": url_for("account.choose_language", next=here),
        "person": person,
        "P": P,
        "can": person.can if person else lambda *_: False,
        "banners": g.get("banners", []),
    }
    return frame | (_signed_in(person) if person else {"nav": [], "home_url": url_for("account.sign_in")})


def _signed_in(person: Any) -> dict[str, Any]:
    return {
        "nav": [_item(entry) for entry in ENTRIES[audience(person)] if person.can(entry.access)],
        "home_url": home_of(person),
        "inbox_url": url_for("account.inbox"),
        "unread": notices.unread(db.session, person.id),
        "preferences_url": url_for("account.profile"),
        "sign_out_url": url_for("account.sign_out"),
    }


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "label": say(entry.label),
        "href": url_for(entry.endpoint),
        "icon": entry.icon,
        "current": request.endpoint in (entry.endpoint, *entry.within),
        "key": entry.key,
    }
