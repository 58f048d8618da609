"""Promised times that press: overdue, soon due, paused, broken without a cause, to be decided."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.policies import queries, vocabulary
from portal.domain.policies.queries import Pressing
from portal.web.answers import render
from portal.web.hospitals import chosen_hospital, hospital_chip
from portal.web.languages import say
from portal.web.lists import address, chip, pager

AT_THE_PROMISE = (Pressing.NO_CAUSE, Pressing.TO_DECIDE)
"""What is to be done about these is done on the promise's own page; about the others, at the case."""


@door.page("/promises", access=P.CLOCK_SEE)
def promises():
    """Promises that press, the earliest due first; without a choice those that are overdue."""
    chosen = request.args.get("show")
    pressing = Pressing(chosen) if chosen in set(Pressing) else Pressing.OVERDUE
    hospital = chosen_hospital()
    found = queries.pressing_clocks(
        db.session,
        g.person,
        pressing,
        organisation_id=hospital.id if hospital else None,
        cursor=request.args.get("at"),
    )
    options = [("" if each is Pressing.OVERDUE else each.value, say(each)) for each in Pressing]
    return render(
        "office/promises.html",
        views=views("promises"),
        rows=[_row(row, pressing) for row in found.rows],
        chips=[chip(_("Show"), "show", options), *hospital_chip(hospital)],
        clear=address(hospital=None) if request.args.get("hospital") else None,
        pager=pager(found),
    )


def views(current: str) -> list[dict[str, Any]]:
    """The two views of promised times, for `ui.tabs`."""
    named = (("promises", _("What presses")), ("attainment", _("Kept promises")))
    return [{"label": text, "href": url_for(f"office.{name}"), "current": name == current} for name, text in named]


def _row(row: Any, pressing: Pressing) -> tuple:
    uid, number, name, unit, amount, state, due_at, organisation, technician = row
    promise = url_for("records.promise", uid=uid)
    href = promise if pressing in AT_THE_PROMISE else url_for("records.open", number=number)
    words = vocabulary.label(vocabulary.CLOCKS, name), vocabulary.spell(unit, amount)
    return number, href, promise, *words, state, due_at, organisation, technician
