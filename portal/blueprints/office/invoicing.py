"""The invoice data of a customer, as finance keeps them."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.organisations import service
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.charges import InvoicingForm, invoicing_form
from portal.web.forms import submit
from portal.web.stale import conflict


@door.form("/organisations/<uid>/invoicing", access=P.INVOICING_EDIT)
def invoicing(uid: str):
    """Change what invoices say of the customer."""
    record = _load(uid)
    record_id, form = record.id, invoicing_form(record)
    if not form.is_submitted():
        return _page(record, form)

    def act(session):
        kept = session.get_one(Organisation, record_id)
        service.edit_invoicing(session, kept, g.person, form.version, **form.data_of_invoices)
        return url_for("office.organisation", uid=uid)

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("The invoice data are saved."))


def _load(uid: str) -> Organisation:
    return find(db.session, Organisation, g.person, P.INVOICING_EDIT, uid=uid)


def _page(record: Organisation, form: InvoicingForm, status: int = 200):
    stale = conflict(form, record, "invoicing", "edit_invoicing")
    return render("office/invoicing.html", "invoicing", status, record=record, form=form, stale=stale)
