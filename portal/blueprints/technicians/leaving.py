"""Leaving the site: ticked before the report is submitted."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from portal.blueprints.technicians import door
from portal.blueprints.technicians.orders import load
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.servicing import leaving
from portal.domain.servicing.leaving import Tick
from portal.domain.servicing.models import LeavingItem, WorkOrder
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say


def form_for(order: WorkOrder, items: list[LeavingItem]) -> PortalForm:
    """A box and a line for an exception for each item, filled with what was ticked before."""
    before = {row["uid"]: row for row in order.leaving}
    fields: dict[str, Any] = {}
    for item in items:
        known = before.get(item.uid, {})
        fields[f"done_{item.id}"] = BooleanField(say(item.name), default=known.get("done", False))
        exception = StringField(_l("If not: why?"), [Length(max=500)], default=known.get("exception", ""))
        fields[f"exception_{item.id}"] = exception
    return type("LeavingForm", (PortalForm,), fields)(version=order.leaving_version)


@door.form("/orders/<number>/leaving", access=P.ORDER_WORK)
def leave(number: str):
    """Tick the list; then the report can be submitted."""
    order, items = load(number), leaving.items(db.session)
    order_id, form = order.id, form_for(order, items)
    keys = [(item.uid, item.id) for item in items]
    if not form.is_submitted():
        return ask(order, form)

    def act(session):
        ticks = {uid: Tick(form[f"done_{n}"].data, form[f"exception_{n}"].data or "") for uid, n in keys}
        leaving.record(session, session.get_one(WorkOrder, order_id), g.person, form.version, ticks)
        return url_for("technicians.submit", number=number)

    return submit(form, act, lambda status: ask(load(number), form, status), done=_("The list is kept."))


def ask(order: WorkOrder, form: PortalForm, status: int = 200):
    """The page with the list; it stands in the place of the report until it is ticked."""
    items = leaving.items(db.session)
    pairs = [(form[f"done_{item.id}"], form[f"exception_{item.id}"]) for item in items if f"done_{item.id}" in form]
    return render("technicians/leaving.html", "leaving", status, order=order, form=form, pairs=pairs)
