"""What to take along: read and ticked before setting out (DSP-3)."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.blueprints.technicians import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.orders import PACK
from portal.web.answers import render
from portal.web.fields import ticks
from portal.web.forms import PortalForm, submit
from portal.web.kit import to_take


class PackForm(PortalForm):
    """What is packed already."""

    things = ticks(_l("Packed"))


def _load(number: str) -> WorkOrder:
    return find(db.session, WorkOrder, g.person, P.ORDER_WORK, number=number)


@door.form("/orders/<number>/pack", access=P.ORDER_WORK)
def pack(number: str):
    """Tick what is packed; what was packed before stays ticked."""
    order = _load(number)
    form, order_id, packed = PackForm(), order.id, {each["key"]: each["name"] for each in order.packed}
    known = dict(to_take(db.session(), order.request.device.product))
    form.things.choices = list((known | packed).items())
    if not form.is_submitted():
        form.things.data = list(packed)
        return _page(order, form)

    def act(session):
        names = dict(form.things.choices)
        things = [(key, names[key]) for key in form.things.data or ()]
        service.pack(session, session.get_one(WorkOrder, order_id), g.person, things)
        return url_for("technicians.order", number=number)

    return submit(form, act, lambda status: _page(_load(number), form, status), done=_("What you take along is noted."))


def _page(order: WorkOrder, form: PackForm, status: int = 200):
    may_pack = PACK.possible_in(order.state)
    return render("technicians/pack.html", "pack", status, order=order, form=form, may_pack=may_pack)
