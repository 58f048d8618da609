"""Promised times that press: overdue, soon due, paused."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.policies import queries, vocabulary
from portal.domain.policies.queries import Pressing
from portal.web.answers import render
from portal.web.languages import say
from portal.web.lists import chip, pager


@door.page("/promises", access=P.CLOCK_SEE)
def promises():
    """Open promises, the earliest due first; without a choice those that are overdue."""
    chosen = request.args.get("show")
    pressing = Pressing(chosen) if chosen in set(Pressing) else Pressing.OVERDUE
    found = queries.pressing_clocks(db.session, g.person, pressing, cursor=request.args.get("at"))
    options = [("" if each is Pressing.OVERDUE else each.value, say(each)) for each in Pressing]
    return render(
        "office/promises.html",
        rows=[_row(row) for row in found.rows],
        chips=[chip(_("Show"), "show", options)],
        pager=pager(found),
    )


def _row(row: Any) -> tuple:
    _uid, number, name, unit, amount, state, due_at, organisation, technician = row
    href = url_for("records.open", number=number)
    promise, within = vocabulary.label(vocabulary.CLOCKS, name), vocabulary.spell(unit, amount)
    return number, href, promise, within, state, due_at, organisation, technician
