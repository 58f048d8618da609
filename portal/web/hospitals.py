"""Choosing one hospital for a list, by the address."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import g, request
from flask_babel import gettext as _

from portal.core.db import Text2, db
from portal.core.permissions import find
from portal.domain.organisations.models import Organisation
from portal.domain.organisations.queries import hospitals
from portal.domain.permissions import P
from portal.web.languages import say
from portal.web.lists import chip


class Chosen(NamedTuple):
    """The hospital that the address names, if any, and those to choose from: (id, uid, name) each."""

    id: int | None
    uid: str
    name: Text2 | None
    others: Sequence[tuple[int, str, Text2]]


def chosen_hospital() -> Chosen | None:
    """What `?hospital=` says; None for who may not see organisations. Raises NotYours."""
    if not g.person.can(P.ORGANISATION_SEE):
        return None
    uid, others = request.args.get("hospital", ""), hospitals(db.session, g.person)
    if not uid:
        return Chosen(None, "", None, others)
    for row_id, other, name in others:
        if other == uid:
            return Chosen(row_id, uid, name, others)
    record = find(db.session, Organisation, g.person, P.ORGANISATION_SEE, uid=uid)
    return Chosen(record.id, uid, record.name, [*others, (record.id, uid, record.name)])


def hospital_chip(chosen: Chosen | None) -> list[dict[str, Any]]:
    """The chip, or nothing where there is no choice."""
    if chosen is None:
        return []
    options = [(uid, say(name)) for _id, uid, name in chosen.others]
    return [chip(_("Hospital"), "hospital", [("", _("All")), *options])]
