"""Certificates that are about to end, and that have ended without a new one (STF-1)."""

from datetime import timedelta

from flask import g

from portal.blueprints.office import door
from portal.core import figures
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.qualifications.queries import ending
from portal.web.answers import render
from portal.web.weeks import today


@door.page("/certificates", access=P.CERTIFICATE_EDIT)
def certificates():
    """The soonest first; whoever holds a newer one for the same is left out."""
    days, now = figures.integer(db.session(), "certificate_warning_days"), today(g.person.zone)
    found = ending(db.session(), now + timedelta(days=days))
    return render("office/certificates.html", rows=found, today=now, days=days)
