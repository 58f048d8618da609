"""Test sheets for the second person: which wait for readings, which for a review, and the review of one."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.quality import door
from portal.blueprints.quality.forms import ReasonForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.checklists import sheets as service
from portal.domain.checklists.lifecycle import SHEET_LIFECYCLE
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.queries import sheets_whole
from portal.domain.devices.models import Device
from portal.domain.permissions import P
from portal.domain.servicing import queries
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, pager
from portal.web.sheets import shown
from portal.web.talk import files_at
from portal.web.trail import lines

WAITING = {"": queries.UNREVIEWED, "missing": queries.MISSING}
"""?show= → which sheets."""


@door.page("/sheets", access=P.SHEET_REVIEW)
def sheets():
    """Tests that nobody has reviewed, or with ?show=missing those without their readings; longest waiting first."""
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in WAITING else ""
    found = queries.sheets(db.session, g.person, WAITING[chosen], request.args.get("at"))
    labels = {"": _("Not reviewed"), "missing": _("Without results")}
    tabs = [
        {
            "label": label,
            "href": address(show=show or None),
            "current": show == chosen,
            "count": queries.count_sheets(db.session, g.person, WAITING[show]),
        }
        for show, label in labels.items()
    ]
    rows = [_row(row) for row in found.rows]
    return render("quality/sheets.html", tabs=tabs, chosen=chosen, rows=rows, pager=pager(found))


def _row(row: Any) -> tuple[Any, ...]:
    uid, attempt, at, checklist, number, product, model, hospital, technician = row
    name = say(checklist) + (f" · {_('Attempt %(n)s', n=attempt)}" if attempt > 1 else "")
    return number, url_for("quality.sheet", uid=uid), name, say(product), model, say(hospital), technician, at


def _load(uid: str) -> TestSheet:
    device = joinedload(ServiceRequest.device).joinedload(Device.product)
    order = joinedload(TestSheet.order).options(
        joinedload(WorkOrder.request).options(device, joinedload(ServiceRequest.organisation)),
    )
    return find(db.session, TestSheet, g.person, P.SHEET_SEE, *sheets_whole(), order, uid=uid)


@door.page("/sheets/<uid>", access=P.SHEET_SEE)
def sheet(uid: str):
    """One sheet: every reading with its limits, what it was measured with, and the review."""
    return _page(uid)


def _page(uid: str, status: int = 200, form: PortalForm | None = None) -> Any:
    record = _load(uid)
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "quality/sheet.html",
        "review" if form else None,
        status,
        sheet=record,
        order=record.order,
        device=record.order.request.device,
        view=shown(record, files_at(db.session, record.order, with_internal=True)),
        verbs={verb.name for verb in SHEET_LIFECYCLE.possible(record, g.person)},
        own=record.technician_id == g.person.id,
        form=form or ReasonForm(formdata=None),
        trail=lines(db.session, history),
    )


@door.verb("/sheets/<uid>/review", access=P.SHEET_REVIEW, endpoint="review_sheet")
def review(uid: str):
    """Accept the tests."""
    record_id, form = _load(uid).id, PortalForm()

    def act(session):
        service.review(session, session.get_one(TestSheet, record_id), g.person)
        return url_for("quality.sheets")

    return submit(form, act, lambda status: _page(uid, status, form), done=_("The tests are accepted."))


@door.verb("/sheets/<uid>/reject", access=P.SHEET_REVIEW, endpoint="reject_sheet")
def reject(uid: str):
    """Do not accept the tests, with the reason; an order that waits for its release goes back."""
    record_id, form = _load(uid).id, ReasonForm()

    def act(session):
        service.reject(session, session.get_one(TestSheet, record_id), g.person, form.reason.data)
        return url_for("quality.sheets")

    return submit(form, act, lambda status: _page(uid, status, form), done=_("Rejected. The technician tests again."))
