"""A test sheet on the tablet: readings are typed at the device, what is outside its limits is said at once."""

from itertools import groupby
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.orders import load
from portal.blueprints.technicians.sheet_form import SheetForm, hint_of, sheet_form, unit_of
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.words import SheetState
from portal.domain.permissions import P
from portal.domain.servicing import testing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.sheets import shown
from portal.web.talk import files_at


def _find(order: WorkOrder, uid: str) -> TestSheet:
    """The sheet of the order. Raises NotYours."""
    found = next((sheet for sheet in order.sheets if sheet.uid == uid), None)
    if found is None:
        raise NotYours()
    return found


@door.page("/orders/<number>/sheets/<uid>", access=P.SHEET_FILL)
def sheet(number: str, uid: str):
    """One sheet: to be filled in while it is open, as it was completed afterwards."""
    order = load(number)
    return _page(order, _find(order, uid))


def _page(order: WorkOrder, sheet: TestSheet, status: int = 200, form: PortalForm | None = None):
    testable = order.state is OrderState.TESTING
    open_now = sheet.state is SheetState.OPEN and testable
    fields = (form or sheet_form(sheet)) if open_now else None
    return render(
        "technicians/sheet.html",
        "sheet" if form else None,
        status,
        order=order,
        sheet=sheet,
        view=shown(sheet, files_at(db.session, order, with_internal=True)),
        form=fields,
        refused=form if not open_now else None,
        groups=_groups(sheet, fields) if open_now else [],
        testable=testable,
        newest=sheet in order.last_sheets,
    )


def _groups(sheet: TestSheet, form: SheetForm) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The fields of each test, with what the readings that are saved mean."""
    known = {item.position: reading for item, reading in sheet.rows}
    lines = [
        {
            "group": item.group,
            "field": form[f"reading_{item.position}"],
            "skip": form[f"skip_{item.position}"],
            "reason": form[f"reason_{item.position}"],
            "hint": hint_of(item),
            "unit": unit_of(item),
            "kind": item.kind.value,
            "saved": known.get(item.position),
        }
        for item in form.shown
    ]
    return [(group, list(found)) for group, found in groupby(lines, key=lambda line: line["group"])]


@door.verb("/orders/<number>/sheets/<uid>/fill", access=P.SHEET_FILL, uploads=True)
def fill_sheet(number: str, uid: str):
    """Keep the readings; with the button that says so, complete the sheet."""
    order = load(number)
    found = _find(order, uid)
    sheet_id, form = found.id, sheet_form(found)
    finish = form.finish.data == "1"

    def act(session):
        record = session.get_one(TestSheet, sheet_id)
        testing.fill(session, record, g.person, form.entries, form.instruments.data, **form.plate, finish=finish)
        return url_for("technicians.sheet", number=number, uid=uid)

    def again(status: int):
        standing = load(number)
        return _page(standing, _find(standing, uid), status, form)

    return submit(form, act, again, done=_("The test sheet is complete.") if finish else _("Readings saved."))


@door.verb("/orders/<number>/sheets/<uid>/again", access=P.SHEET_FILL)
def test_again(number: str, uid: str):
    """Begin the sheet anew; this one stays as it is."""
    sheet_id, form = _find(load(number), uid).id, PortalForm()

    def act(session):
        made = testing.again(session, session.get_one(TestSheet, sheet_id), g.person)
        return url_for("technicians.sheet", number=number, uid=made.uid)

    def again(status: int):
        standing = load(number)
        return _page(standing, _find(standing, uid), status, form)

    return submit(form, act, again)
