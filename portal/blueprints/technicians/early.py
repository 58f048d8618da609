"""Releasing first on the tablet: where nobody else is at hand and the rules allow it."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.orders import load
from portal.blueprints.technicians.papers import place_of
from portal.core.db import db
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.permissions import P
from portal.domain.releases.models import ReleaseReason
from portal.domain.servicing import early
from portal.domain.servicing.models import WorkOrder
from portal.web.answers import render
from portal.web.early import EarlyForm, deadline, early_form
from portal.web.forms import submit
from portal.web.signing import prove


@door.form("/orders/<number>/release_first", access=P.ORDER_RELEASE_FIRST)
def release_first(number: str):
    """Release the device now, with the reason; a second person reviews it by a deadline."""
    order = load(number)
    order_id, form = order.id, early_form(db.session(), place_of(order))
    if not form.is_submitted():
        return _page(order, form)

    def act(session):
        found, reason = session.get_one(WorkOrder, order_id), session.get_one(ReleaseReason, form.ids[form.reason.data])
        early.release_first(
            session, found, g.person, form.seen.data, reason, form.note.data or "", place=form.place.data
        )
        return url_for("technicians.order", number=number)

    return submit(
        form,
        act,
        lambda status: _page(load(number), form, status),
        done=_("Released. The customer may sign; quality is asked for the review."),
        before=lambda: prove(form, db.session.get_one(WorkOrder, order_id)),
    )


def _page(order: WorkOrder, form: EarlyForm, status: int = 200):
    paper = documents.of(db.session, SERVICE_REPORT, order)
    form.seen.data = paper.current.content_hash if paper else ""
    within = deadline(db.session())
    return render("technicians/release_first.html", "early", status, order=order, form=form, deadline=within)
