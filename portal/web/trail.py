"""The trail in the reader's words, for `ui.trail`: who did what, and what each value was before and after."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from textwrap import shorten
from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.core.audit import AuditEntry
from portal.core.db import Base, Text2, Text2Type, UtcDateTime
from portal.domain.permissions import P
from portal.domain.trail import words
from portal.domain.trail.queries import Entry, Name, names
from portal.web.filters import day, exact
from portal.web.languages import say

LONGEST = 240
"""Characters of a value; the whole of it stands on the record's own page."""

PAGES = {
    "account": (P.ACCOUNT_SEE, "office.account", "uid"),
    "complaint": (P.COMPLAINT_SEE, "quality.complaint", "uid"),
    "device": (P.DEVICE_SEE, "desk.device", "number"),
    "document": (P.DOCUMENT_SEE, "quality.document", "uid"),
    "fault_code": (P.FAULTCODE_SEE, "quality.fault_code", "uid"),
    "known_answer": (P.ANSWER_SEE, "quality.known_answer", "uid"),
    "organisation": (P.ORGANISATION_SEE, "office.organisation", "uid"),
    "product": (P.PRODUCT_SEE, "office.product", "uid"),
    "service_rating": (P.RATING_SEE, "office.rating", "uid"),
    "service_request": (P.REQUEST_SEE, "desk.request", "number"),
    "work_order": (P.ORDER_SEE, "quality.order", "number"),
}
"""Table → who may open the staff's page of its records, that page, and what it finds them by."""

NATIVE = {"zh": "中文", "en": "English"}

Known = dict[tuple[str, int], Name]


def lines(session: Session, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries for `ui.trail`. One statement finds the names of all records that they mention."""
    facts = [entry.facts for entry in entries]
    both = list(zip(entries, facts, strict=True))
    known = names(session, {pair for entry, fact in both for pair in _mentioned(entry, fact)})
    return [_line(entry, fact, known) for entry, fact in both]


def doer(entry: Entry | AuditEntry, facts: dict[str, Any]) -> str:
    """Who did it: by the name of that day, unless it was masked since."""
    actor_id, name = facts["actor"]
    if actor_id is None:
        return _("the system") if name == "system" else name
    return (entry.personal or {}).get("actor") or _("(masked)")


def _line(entry: Entry, facts: dict[str, Any], known: Known) -> dict[str, Any]:
    root, person = known.get((entry.root_kind, entry.root_id)), known.get(("account", entry.actor_id))
    claimed = entry.occurred_at.replace(second=0) != entry.at.replace(second=0)
    return {
        "who": doer(entry, facts),
        "person": person.key if person else "",
        "what": say(words.verb_label(entry.verb)),
        "kind": say(words.table_label(entry.root_kind)),
        "name": say(root.text) if root else "",
        "href": _page(entry.root_kind, root),
        "at": entry.at,
        "occurred_at": entry.occurred_at if claimed else None,
        "reason": facts["reason"],
        "cause": _cause(facts["cause"], known),
        "origin": _origin(facts["origin"]),
        "changes": [row for change in facts["changes"] for row in _changes(entry, change, known)],
    }


def _origin(origin: str) -> str:
    """By which way it came; acts of the portal itself have none."""
    way, _space, address = origin.partition(" ")
    return _("in the browser, from %(address)s", address=address) if way == "web" and address else origin


def _page(table: str, name: Name | None) -> str:
    if name is None or table not in PAGES or not name.key:
        return ""
    permission, endpoint, key = PAGES[table]
    return url_for(endpoint, **{key: name.key}) if g.person.can(permission) else ""


def _cause(cause: str, known: Known) -> str:
    """What it followed from: an act on another record, or on the same."""
    if not cause:
        return ""
    table, root_id, _seq = cause.split("/")
    name = known.get((table, int(root_id)))
    return f"{say(words.table_label(table))} {say(name.text) if name else ''}".strip()


def _mentioned(entry: Entry, facts: dict[str, Any]) -> Iterator[tuple[str, int]]:
    yield entry.root_kind, entry.root_id
    if entry.actor_id is not None:
        yield "account", entry.actor_id
    if facts["cause"]:
        table, root_id, _seq = facts["cause"].split("/")
        yield table, int(root_id)
    for change in facts["changes"]:
        for column, values in change["set"].items():
            target = _target(change["table"], column)
            if target and words.is_shown(column):
                yield from ((target, value) for value in values if isinstance(value, int))


def _changes(entry: Entry, change: dict[str, Any], known: Known) -> Iterator[dict[str, Any]]:
    """One row for each field that people are shown; parts of a record carry the name of the part."""
    table = change["table"]
    part = "" if table == entry.root_kind else say(words.table_label(table))
    for column, pair in change["set"].items():
        if not words.is_shown(column) or pair == [None, False]:
            continue
        kept = (entry.personal or {}).get(f"{table}/{change['id']}/{column}")
        before, after = (_value(table, column, value, known) for value in kept or pair)
        if before or after:
            label = say(words.field_label(table, column))
            yield {"part": part, "label": label, "before": before, "after": after}


def _value(table: str, column: str, value: Any, known: Known) -> str:
    """A stored value as people read it; empty where there is none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, dict) and "sha256" in value:
        return _("(masked)")
    if _target(table, column):
        name = known.get((_target(table, column), value))
        return say(name.text) if name else "—"
    if column == "language":
        return NATIVE.get(value, value)
    if column == "aspects":
        return "; ".join(_scored(row) for row in value)
    if column in words.MONEY:
        return f"{value / 100:,.2f}"
    return shorten(_typed(_type(table, column), value), LONGEST, placeholder=" …")


def _scored(row: dict[str, Any]) -> str:
    """What was said of one aspect of a rating."""
    score = _("Not applicable") if row["score"] is None else row["score"]
    return f"{say(Text2(**row['text']))}: {score}"


def _typed(kind: Any, value: Any) -> str:
    match kind:
        case sa.Enum(enum_class=enum) if enum and value in {member.value for member in enum}:
            return say(enum(value))
        case UtcDateTime():
            return exact(datetime.fromisoformat(value))
        case sa.Date():
            return day(date.fromisoformat(value))
        case Text2Type():
            return say(Text2(**value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False).strip("[]")


def _type(table: str, column: str) -> Any:
    found = _column(table, column)
    return found.type if found is not None else None


def _target(table: str, column: str) -> str:
    """The table that a foreign key leads to."""
    found = _column(table, column)
    return next((key.column.table.name for key in found.foreign_keys), "") if found is not None else ""


def _column(table: str, column: str) -> Any:
    known = Base.metadata.tables.get(table)
    return known.c.get(column) if known is not None else None
