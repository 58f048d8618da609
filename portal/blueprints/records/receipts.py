"""The receipt that a customer signed for a dealer's technician: without it the request is not closed (RPR-15)."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.errors import Message, NotValid
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.requests import RECEIPT
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.navigation import audience
from portal.web.talk import files_of


class ReceiptForm(PortalForm):
    """The signed receipt, as photos or a file."""

    files = MultipleFileField(_l("Photo of the signed receipt"))


@door.form("/orders/<number>/receipt", access=P.RECEIPT_FILE, uploads=True)
def receipt(number: str):
    """File the signed receipt."""
    order, form = _load(number), ReceiptForm()
    if not form.is_submitted():
        return _page(order, form)
    order_id, back = order.id, url_for("records.open", number=order.request.number)

    def act(session):
        files = form.received.get("files", ())
        if not files:
            raise NotValid(files=Message("Choose a photo or a file."))
        service.file_receipt(session, session.get_one(WorkOrder, order_id), g.person, files)
        return back

    return submit(form, act, lambda status: _page(_load(number), form, status), done=_("The receipt is filed."))


def _load(number: str) -> WorkOrder:
    return find(db.session, WorkOrder, g.person, P.RECEIPT_FILE, number=number)


def _page(order: WorkOrder, form: ReceiptForm, status: int = 200):
    values = {"order": order, "form": form, "frame": audience(g.person)}
    values["filed"] = files_of(db.session(), order, RECEIPT, with_internal=True)
    values["back"] = url_for("records.open", number=order.request.number)
    return render("records/receipt.html", "receipt", status, **values)
