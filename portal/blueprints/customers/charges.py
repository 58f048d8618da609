"""What a hospital owes and has paid, its invoice data, and the published prices."""

from zoneinfo import ZoneInfo

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.customers import door
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.charges import queries
from portal.domain.charges.models import Charge
from portal.domain.documents import queries as documents
from portal.domain.documents.kinds import STATEMENT
from portal.domain.organisations import queries as organisations
from portal.domain.organisations import service
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.plans import queries as plans
from portal.web.answers import render
from portal.web.charges import InvoicingForm, invoicing_form, row
from portal.web.forms import submit
from portal.web.lists import pager
from portal.web.papers import issued_card
from portal.web.stale import conflict

STATEMENTS_SHOWN = 12


@door.page("/charges", access=P.CHARGE_SEE)
def charges():
    """The last statements, then all charges of the hospital, newest first."""
    found = queries.charges(db.session(), g.person, cursor=request.args.get("at"))
    currency = organisations.currency(db.session)
    rows = [row(each, currency, "customers.charge") for each in found.rows]
    papers = [] if request.args.get("at") else documents.issued_of(db.session, g.person, STATEMENT, STATEMENTS_SHOWN)
    cards = [issued_card(row, "customers.document") for row in papers]
    return render("customers/charges.html", rows=rows, pager=pager(found), statements=cards)


@door.page("/charges/<uid>", access=P.CHARGE_SEE)
def charge(uid: str):
    """One charge: its lines, its invoice, what was paid."""
    record = find(db.session, Charge, g.person, P.CHARGE_SEE, *queries.whole(), uid=uid)
    return render("customers/charge.html", record=record, currency=record.company.currency)


@door.form("/invoicing", access=P.INVOICING_EDIT)
def invoicing():
    """Change what our invoices say of the hospital."""
    record = _own()
    record_id, form = record.id, invoicing_form(record)
    if not form.is_submitted():
        return _page(record, form)

    def act(session):
        kept = session.get_one(Organisation, record_id)
        service.edit_invoicing(session, kept, g.person, form.version, **form.data_of_invoices)
        return url_for("customers.charges")

    return submit(form, act, lambda status: _page(_own(), form, status), done=_("The invoice data are saved."))


def _own() -> Organisation:
    """The hospital of the person. Raises NotYours for who has none, such as finance at the customers' door."""
    for organisation_id in sorted(g.person.reach(P.INVOICING_EDIT).get("organisation", ())):
        return find(db.session, Organisation, g.person, P.INVOICING_EDIT, id=organisation_id)
    raise NotYours()


def _page(record: Organisation, form: InvoicingForm, status: int = 200):
    stale = conflict(form, record, "invoicing", "edit_invoicing")
    return render("customers/invoicing.html", "invoicing", status, record=record, form=form, stale=stale)


@door.page("/prices", access=P.PRICE_SEE)
def prices():
    """The prices in force today."""
    company = organisations.first_company(db.session)
    today = clock.now().astimezone(ZoneInfo(company.zone)).date()
    rows = plans.prices(db.session, company.id, today)
    return render("customers/prices.html", rows=rows, currency=company.currency, today=today)
