"""The trail across all records."""

from typing import Any

from flask import g, request
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.permissions import find
from portal.core.verbs import lifecycles
from portal.domain.accounts.models import Account
from portal.domain.permissions import P
from portal.domain.trail import queries
from portal.domain.trail import taken as takings
from portal.domain.trail.words import TABLES, verb_label
from portal.web.answers import render
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.trail import lines

ENTRIES = 10
"""On a page: an entry tells every value before and after."""


@door.page("/trail", access=P.TRAIL_SEE)
def trail():
    """The newest acts first, of one kind of record, one verb, or one person."""
    kind, verb, person = _kind(), request.args.get("verb", ""), _person()
    found = queries.entries(
        db.session,
        g.person,
        kind=kind,
        verb=f"{kind}:{verb}" if kind and verb else "",
        actor_id=person.id if person else None,
        cursor=request.args.get("at"),
        size=ENTRIES,
    )
    narrowed = kind or person
    return render(
        "office/trail.html",
        lines=_lines(found.rows),
        chips=[*_chips(kind), *_person_chip(person)],
        pager=pager(found),
        seals=queries.seals(db.session),
        clear=address(kind=None, verb=None, person=None) if narrowed else None,
    )


@door.page("/trail/taken", access=P.TRAIL_SEE)
def taken():
    """Who took which document or file, the newest first; of one person."""
    person = _person()
    found = takings.taken(db.session, g.person, person.id if person else None, request.args.get("at"))
    return render(
        "office/taken.html",
        rows=[(row, address(person=row.person) if row.person else "") for row in found.rows],
        chips=_person_chip(person),
        pager=pager(found),
        clear=address(person=None) if person else None,
    )


def _kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in lifecycles else ""


def _person() -> Account | None:
    """The account that `?person=` names. Raises NotYours."""
    uid = request.args.get("person")
    return find(db.session, Account, g.person, P.TRAIL_SEE, uid=uid) if uid else None


def _lines(entries: list[queries.Entry]) -> list[dict[str, Any]]:
    """The entries in words; each name leads to what else that person did."""
    found = lines(db.session, entries)
    return [line | {"who_href": address(person=line["person"]) if line["person"] else ""} for line in found]


def _chips(kind: str) -> list[dict[str, Any]]:
    """The kind of record, and for a chosen kind its verbs. Another kind takes the verb away."""
    kinds = [("", _("All")), *((name, say(TABLES[name])) for name in sorted(lifecycles) if name in TABLES)]
    first = chip(_("Record"), "kind", kinds)
    for option, (name, _label) in zip(first["options"], kinds, strict=True):
        option["href"] = address(kind=name, verb=None)
    if not kind:
        return [first]
    verbs = [(name, say(verb_label(f"{kind}:{name}"))) for name in lifecycles[kind].by_name]
    return [first, chip(_("Act"), "verb", [("", _("All")), *verbs])]


def _person_chip(person: Account | None) -> list[dict[str, Any]]:
    """Whom the list is about, once somebody was chosen."""
    return [chip(_("Person"), "person", [("", _("All")), (person.uid, person.name)])] if person else []
