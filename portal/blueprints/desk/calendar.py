"""The calendar of a centre's technicians, a week at a time: appointments, duty, absences (DSP-5)."""

from typing import Any

from flask import g, request
from flask_babel import gettext as _

from portal.blueprints.desk import door
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find, visible_to
from portal.domain.duty import planner
from portal.domain.organisations.models import Centre
from portal.domain.organisations.queries import centres_of
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.calendar import blocks
from portal.web.languages import say
from portal.web.lists import chip
from portal.web.weeks import asked_week, short_day, today, week_pager


@door.page("/calendar", access=P.CALENDAR_SEE, endpoint="calendar")
def calendar():
    """One week of one centre: technicians down, days across; below it every appointment as a list."""
    known = centres_of(db.session, visible_to(g.person, Centre, P.CALENDAR_SEE))
    if not known:
        raise NotYours()
    uid = request.args.get("centre")
    centre = find(db.session, Centre, g.person, P.CALENDAR_SEE, uid=uid) if uid else known[0]
    week = asked_week(centre.zone)
    people = planner.technicians(db.session, centre)
    days = planner.week_of(db.session, people, week, centre.zone)
    return render(
        "desk/calendar.html",
        centre=centre,
        chips=_chips(known),
        pager=week_pager(week, centre.zone),
        days=[(short_day(on), on == today(centre.zone)) for on in week.days],
        rows=[(each, [blocks(day, centre.zone) for day in days[each.id]]) for each in people],
        orders=sorted(
            (order for each in people for day in days[each.id] for order in day.orders),
            key=lambda order: (order.appointment_from, order.id),
        ),
    )


def _chips(known: list[Centre]) -> list[dict[str, Any]]:
    options = [("" if n == 0 else each.uid, say(each.name)) for n, each in enumerate(known)]
    return [chip(_("Service centre"), "centre", options)] if len(known) > 1 else []
