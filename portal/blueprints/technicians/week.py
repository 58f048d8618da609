"""My week: the technician's own appointments, duty and absences, a day under the other."""

from flask import g

from portal.blueprints.technicians import door
from portal.core.db import db
from portal.domain.accounts.models import Account
from portal.domain.duty import planner
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.calendar import blocks
from portal.web.day_tabs import day_tabs
from portal.web.weeks import asked_week, short_day, today, week_pager


@door.page("/week", access=P.ORDER_WORK)
def week():
    """Seven days, from the address or the present ones."""
    zone = g.person.zone
    shown, me = asked_week(zone), db.session.get_one(Account, g.person.id)
    days = planner.week_of(db.session, [me], shown, zone)[me.id]
    return render(
        "technicians/week.html",
        tabs=day_tabs(),
        pager=week_pager(shown, zone),
        days=[(short_day(day.on), day.on == today(zone), blocks(day, zone, whole=True)) for day in days],
        may_ask=g.person.can(P.ABSENCE_ASK),
    )
