"""One question over everything: devices, requests and what was said in them, customers, products."""

from collections.abc import Callable
from typing import Any

from flask import g, redirect, request, url_for
from flask_babel import gettext as _

from portal.blueprints.records import door
from portal.blueprints.records.numbers import NUMBER, WAYS
from portal.core.db import db
from portal.core.errors import Message, NotYours
from portal.core.search import LONGEST_QUERY, pieces, plain
from portal.domain.catalog.udi.words import LONGEST_SCAN
from portal.domain.search.entries import Kind
from portal.domain.search.queries import A_FEW, GROUPS, WHOLE_PAGE, Group, groups
from portal.web.answers import render, wants_fragment
from portal.web.languages import say
from portal.web.lists import address
from portal.web.navigation import audience
from portal.web.pages import SIGNED_IN
from portal.web.scans import device_card, scanned, shown

TITLES = {
    Kind.DEVICE: Message("Devices"),
    Kind.REQUEST: Message("Requests"),
    Kind.ORGANISATION: Message("Customers"),
    Kind.PRODUCT: Message("Products"),
}
OF_CUSTOMERS = (Kind.DEVICE, Kind.REQUEST)
"""Customers look among their own; the register of customers and the catalogue are the staff's pages."""

EXCERPT = 110


@door.page("/search", access=SIGNED_IN)
def search():
    """What `?q=` finds, grouped by kind; `?kind=` shows more of one. A scanned code leads to its device at once."""
    scan = scanned(request.args.get("q", "")[:LONGEST_SCAN])
    if scan and scan.number and not wants_fragment():
        return redirect(WAYS["DV"](scan.number), 303)
    kinds = OF_CUSTOMERS if audience(g.person) == "customer" else GROUPS
    typed, one = request.args.get("q", "")[:LONGEST_QUERY].strip(), _kind(kinds)
    found = [] if scan else groups(db.session, g.person, typed, [one] if one else kinds, WHOLE_PAGE if one else A_FEW)
    return render(
        "records/search.html",
        "found",
        layout=f"layouts/{audience(g.person)}.html",
        typed=scan.reading.raw if scan and scan.reading else typed,
        looked=bool(pieces(typed)),
        numbered=_numbered(typed),
        scan=shown(scan),
        kind=one,
        groups=[_group(group, typed) for group in found],
        all_kinds=address(kind=None),
    )


def _kind(kinds: tuple[Kind, ...]) -> Kind | None:
    return next((kind for kind in kinds if kind == request.args.get("kind")), None)


def _numbered(typed: str) -> dict[str, Any] | None:
    """The record whose whole number was typed: orders and reports are found by nothing else."""
    number = typed.upper()
    match = NUMBER.fullmatch(number)
    if match is None or match["series"] not in WAYS:
        return None
    try:
        return {"title": number, "href": WAYS[match["series"]](number), "icon": "arrow-right"}
    except NotYours:
        return None


def _group(group: Group, typed: str) -> dict[str, Any]:
    cards = [CARDS[group.kind](row, typed) for row in group.rows]
    more = address(kind=group.kind.value) if group.more else None
    return {"title": say(TITLES[group.kind]), "cards": cards, "more": more, "kind": group.kind.value}


def _device(row: tuple, typed: str) -> dict[str, Any]:
    return device_card(row)


def _request(row: tuple, typed: str) -> dict[str, Any]:
    number, state, _urgency, symptom, reported_at, product, serial, organisation, technician, said = row
    text = _("In the conversation: %(text)s", text=around(said, typed)) if said else around(symptom, typed)
    return {
        "title": f"{say(product)} · {serial}",
        "href": _way_to_request(number),
        "text": text,
        "meta": " · ".join(filter(None, (number, say(organisation), technician))),
        "at": reported_at,
        "badge": (say(state), state.tone),
        "icon": "inbox",
    }


def _way_to_request(number: str) -> str:
    """Technicians are led to their own order of it, which only its address knows."""
    endpoints = {"customer": "customers.request", "technician": "records.open"}
    return url_for(endpoints.get(audience(g.person), "desk.request"), number=number)


def _organisation(row: tuple, typed: str) -> dict[str, Any]:
    uid, name, province = row
    return {"title": say(name), "href": url_for("office.organisation", uid=uid), "text": province, "icon": "building"}


def _product(row: tuple, typed: str) -> dict[str, Any]:
    uid, name, model = row
    return {"title": say(name), "href": url_for("office.product", uid=uid), "text": model, "icon": "package"}


CARDS: dict[Kind, Callable[[tuple, str], dict[str, Any]]] = {
    Kind.DEVICE: _device,
    Kind.REQUEST: _request,
    Kind.ORGANISATION: _organisation,
    Kind.PRODUCT: _product,
}


def around(text: str, typed: str) -> str:
    """The part of a long text where what was typed stands, else its beginning."""
    text = " ".join(text.split())
    places = [place for piece in pieces(typed) if (place := plain(text).find(piece)) >= 0]
    start = max(min(places, default=0) - EXCERPT // 3, 0)
    part = text[start : start + EXCERPT]
    return f"{'… ' if start else ''}{part}{' …' if len(text) > start + EXCERPT else ''}"
