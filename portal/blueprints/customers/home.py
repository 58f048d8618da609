"""The first page of a hospital user: what is open, what waits for them."""

from flask import g

from portal.blueprints.customers import door
from portal.blueprints.customers.ratings import waiting_cards
from portal.blueprints.customers.requests import request_cards
from portal.blueprints.customers.ward_reports import report_cards
from portal.core import clock
from portal.core.db import db
from portal.domain.documents import queries as documents
from portal.domain.duty import queries as duty
from portal.domain.permissions import P
from portal.domain.servicing import queries
from portal.domain.wards import queries as wards
from portal.domain.wards.words import ReportState
from portal.web.answers import render


@door.page("/", access=P.REQUEST_SEE)
def home():
    """Report a fault, what the wards reported, the papers to sign, services to rate, the open requests."""
    waiting = wards.reports(db.session, g.person, states=(ReportState.REPORTED,), size=3)
    return render(
        "customers/home.html",
        cards=request_cards(queries.open_requests(db.session, g.person)),
        numbers=duty.numbers_for(db.session, g.person, clock.now()),
        to_sign=documents.to_sign(db.session, g.person),
        to_rate=waiting_cards(),
        ward_cards=report_cards(waiting.rows),
        wards_waiting=wards.waiting(db.session, g.person) if waiting.next else len(waiting.rows),
    )
