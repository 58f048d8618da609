"""What stands in the frame of every page: entries of the rail, the person, languages, banners."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext

from portal.core import notices
from portal.core.db import db
from portal.core.errors import Message
from portal.domain.permissions import P, Role
from portal.web import backlog
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


WARDS = tuple(
    f"customers.{name}"
    for name in ["ward_reports", "ward_report", "wards", "ward_desk", "ward_user", "invite_ward_user"]
)
WITHIN_REQUESTS = ("customers.request", "customers.rating")
BESIDE_DOCUMENTS = tuple(f"customers.{name}" for name in ["document", "charges", "charge", "invoicing", "prices"])
CUSTOMER = (
    Entry(Message("Home"), "customers.home", "house", P.REQUEST_SEE, WARDS),
    Entry(Message("My devices"), "customers.devices", "activity", P.DEVICE_SEE, ("customers.device",)),
    Entry(Message("My requests"), "customers.requests", "inbox", P.REQUEST_SEE, WITHIN_REQUESTS),
    Entry(Message("Documents"), "customers.documents", "file-text", P.DOCUMENT_SEE, BESIDE_DOCUMENTS),
)
PEOPLE = tuple(
    f"office.{name}"
    for name in ["account", "certificates", "invite", "invite_as", "choose_role", "grant_role", "end_role"]
)
POLICIES = tuple(
    f"office.{name}"
    for name in [
        *("policy", "new_policy", "policy_choice", "policy_draft", "new_promise", "edit_promise", "try_policy"),
        *("calendars", "calendar", "new_calendar", "calendar_draft", "calendar_day"),
        *("contracts", "contract", "new_contract", "waiting_reasons", "waiting_reason", "new_waiting_reason"),
        *("leaving_items", "leaving_item", "new_leaving_item"),
    ]
)
PRODUCTS = (
    *("office.product", "office.new_product", "quality.families", "quality.family", "quality.new_family"),
    *("quality.fault_codes", "quality.fault_code", "quality.new_fault_code"),
    *("quality.known_answers", "quality.known_answer", "quality.new_known_answer"),
)
CHARGES = tuple(
    f"office.{name}"
    for name in [
        *("charge", "invoicing", "uncharged", "charge_order"),
        *("statements", "statement", "new_statement", "all_statements", "statement_run"),
    ]
)
RATINGS = tuple(
    f"office.{name}" for name in ["rating", "rating_averages", "rating_aspects", "rating_aspect", "new_rating_aspect"]
)
ABSENCES = ("desk.absence", "desk.new_absence")
CHECKLISTS = tuple(
    f"office.{name}"
    for name in [
        *("checklist", "new_checklist", "checklist_draft", "checklist_use"),
        *("checklist_item", "new_checklist_item"),
    ]
)
RELEASES = tuple(f"quality.{name}" for name in ["early_releases", "order", "release_first", "refuse_release"])
RELEASE_RULES = tuple(
    f"quality.{name}"
    for name in [
        *("release_draft", "new_release_rule", "release_rule"),
        *("new_release_reason", "release_reason"),
    ]
)
DAY = (
    *("technicians.order", "technicians.plan", "technicians.week", "records.badge"),
    *("desk.roster", "desk.shift", *ABSENCES),
    *("office.ratings", *RATINGS),
)
"""Within a technician's day: what its tabs lead to (`day_tabs`) stands there too."""
TECHNICIAN = (
    Entry(Message("My day"), "technicians.day", "calendar", P.ORDER_WORK, DAY),
    Entry(Message("Questions"), "records.questions", "message-square", P.ESCALATION_ANSWER, ("records.question",)),
    Entry(Message("Devices"), "desk.devices", "activity", P.DEVICE_SEE, ("desk.device",)),
)
STAFF = (
    Entry(Message("Requests"), "desk.requests", "inbox", P.REQUEST_SEE, ("desk.request",), "r"),
    Entry(Message("My day"), "technicians.day", "calendar", P.ORDER_WORK, ("technicians.order",), "m"),
    Entry(Message("Board"), "desk.board", "list", P.ORDER_SEE, (), "b"),
    Entry(Message("Schedule"), "desk.calendar", "calendar", P.CALENDAR_SEE, (), "k"),
    Entry(Message("Duty roster"), "desk.roster", "phone", P.ROSTER_SEE, ("desk.shift", "desk.new_shift"), "w"),
    Entry(Message("Absences"), "desk.absences", "circle-pause", P.ABSENCE_SEE, ABSENCES, "a"),
    Entry(Message("To release"), "quality.to_release", "shield-check", P.ORDER_RELEASE, RELEASES, "t"),
    Entry(Message("Questions"), "records.questions", "message-square", P.ESCALATION_ANSWER, ("records.question",)),
    Entry(Message("Tests"), "quality.sheets", "clipboard-check", P.SHEET_REVIEW, ("quality.sheet",)),
    Entry(
        Message("Nonconformities"),
        "quality.nonconformities",
        "triangle-alert",
        P.NONCONFORMITY_SEE,
        ("quality.nonconformity",),
    ),
    Entry(Message("Complaints"), "quality.complaints", "octagon-alert", P.COMPLAINT_SEE, ("quality.complaint",)),
    Entry(Message("Ratings"), "office.ratings", "message-square", P.RATING_SEE, RATINGS),
    Entry(Message("Evidence holds"), "records.holds", "lock", P.HOLD_SEE, ("records.hold", "records.hold_device")),
    Entry(Message("Promised times"), "office.promises", "clock-alert", P.CLOCK_SEE, ("office.attainment",)),
    Entry(Message("Devices"), "desk.devices", "activity", P.DEVICE_SEE, ("desk.device", "records.labels"), "d"),
    Entry(Message("Customers"), "office.organisations", "building", P.ORGANISATION_SEE, ("office.organisation",), "c"),
    Entry(Message("Products"), "office.products", "package", P.PRODUCT_SEE, PRODUCTS),
    Entry(Message("Checklists"), "office.checklists", "clipboard-list", P.CHECKLIST_SEE, CHECKLISTS),
    Entry(Message("Release rules"), "quality.release_rules", "badge-check", P.RELEASE_SEE, RELEASE_RULES),
    Entry(Message("Charges"), "office.charges", "archive", P.CHARGE_SEE, CHARGES),
    Entry(
        Message("Price list"),
        "office.prices",
        "file-text",
        P.PRICE_SEE,
        ("office.price", "office.new_price", "office.price_terms", "office.edit_price_terms"),
    ),
    Entry(Message("Documents"), "quality.documents", "file-text", P.DOCUMENT_SEE, ("quality.document",), "o"),
    Entry(Message("People"), "office.people", "users", P.ACCOUNT_SEE, PEOPLE, "p"),
    Entry(Message("Permissions"), "office.permissions", "key-round", P.PERMISSIONS_SEE),
    Entry(Message("Service policies"), "office.policies", "scroll-text", P.POLICY_SEE, POLICIES),
    Entry(Message("Routes of requests"), "office.routes", "navigation", P.ROUTE_EDIT, ("office.request_route",)),
    Entry(Message("Figures"), "office.figures", "sliders-horizontal", P.FIGURE_SEE),
    Entry(Message("Trail"), "office.trail", "history", P.TRAIL_SEE, ("office.taken",)),
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
        "banners": _banners(person),
        "demo_logins": _demo_logins,
    }
    return frame | (_signed_in(person) if person else {"nav": [], "home_url": url_for("account.sign_in")})


def _banners(person: Any) -> list[tuple[str, str]]:
    """What everybody at this page should know: that it is a demonstration; for staff, that work is piling up."""
    found = []
    if _demo_file().exists():
        found.append(("neutral", gettext("This is a demonstration with invented people and devices.")))
    if person is not None and audience(person) == "staff" and backlog.waits():
        found.append(("warn", gettext("Background work is waiting. Mails and PDFs arrive once the queue is back.")))
    return found


def _demo_file() -> Path:
    return current_app.extensions["settings"].data_dir / "demo-logins"


def _demo_logins() -> list[list[str]]:
    """Address, password and role of the demonstration's people; for the sign-in page of this machine alone."""
    settings = current_app.extensions["settings"]
    if not settings.on_loopback or not _demo_file().exists():
        return []
    return [line.split("\t") for line in _demo_file().read_text(encoding="utf-8").splitlines()]


def _signed_in(person: Any) -> dict[str, Any]:
    return {
        "nav": [_item(entry) for entry in _entries(person) if person.can(entry.access)],
        "home_url": home_of(person),
        "search_url": url_for("records.search"),
        "inbox_url": url_for("account.inbox"),
        "unread": notices.unread(db.session, person.id),
        "preferences_url": url_for("account.profile"),
        "sign_out_url": url_for("account.sign_out"),
    }


def _entries(person: Any) -> tuple[Entry, ...]:
    """Those of the person's own frame; staff who look at a customer's page see it as the customer does."""
    return CUSTOMER if request.blueprint == "customers" else ENTRIES[audience(person)]


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "label": say(entry.label),
        "href": url_for(entry.endpoint),
        "icon": entry.icon,
        "current": request.endpoint in (entry.endpoint, *entry.within),
        "key": entry.key,
    }
