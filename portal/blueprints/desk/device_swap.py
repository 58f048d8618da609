"""Putting another unit of the same product in a unit's place."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.desk import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.devices import queries, service
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit


class SwapForm(PortalForm):
    """The unit that comes, why, and where the old one goes."""

    serial = StringField(_l("Serial number of the new unit"), validators=[DataRequired(), Length(max=80)])
    lot = StringField(_l("Lot"), validators=[Length(max=80)])
    udi_pi = StringField(_l("UDI-PI"), validators=[Length(max=120)])
    no_udi_reason = StringField(_l("Why without UDI"), validators=[Length(max=200)])
    whereabouts = SelectField(_l("Old unit"), choices=choices(Whereabouts), validators=[DataRequired()])
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


@door.form("/devices/<number>/swap", access=P.DEVICE_SWAP)
def swap_device(number: str):
    """Replace the whole unit; both are linked, and cover goes on with the new one."""
    record, form = _load(number), SwapForm(reason=request.args.get("order", "")[:40])
    if not form.is_submitted():
        return _page(record, form)
    record_id = record.id

    def act(session):
        old, values = session.get_one(Device, record_id), form.values("reason", "whereabouts")
        new = service.swap(session, old, g.person, form.reason.data, Whereabouts(form.whereabouts.data), **values)
        return url_for("desk.device", number=new.number)

    again = lambda status: _page(_load(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The unit is replaced. Both are linked, and its cover goes on."))


def _load(number: str) -> Device:
    return find(db.session, Device, g.person, P.DEVICE_SWAP, *queries.whole(), number=number)


def _page(record: Device, form: SwapForm, status: int = 200) -> Any:
    return render("desk/device_swap.html", "swap", status, record=record, form=form)
