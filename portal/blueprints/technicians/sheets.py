"""A test sheet on the tablet: readings are typed at the device, what is outside its limits is said at once."""

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, url_for
from flask_babel import gettext as _
from wtforms import HiddenField
from wtforms.validators import DataRequired

from portal.blueprints.technicians import door
from portal.blueprints.technicians.orders import load
from portal.blueprints.technicians.sheet_form import SheetForm, hint_of, sheet_form, unit_of
from portal.core import clock, figures
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.checklists.content import said
from portal.domain.checklists.judging import limits
from portal.domain.checklists.models import Reading, TestSheet
from portal.domain.checklists.words import SheetState
from portal.domain.nonconformities import service as nonconformities
from portal.domain.nonconformities.queries import of_sheet as nonconformities_of
from portal.domain.permissions import P
from portal.domain.plans import service as plans
from portal.domain.servicing import service, testing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
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
    opened = nonconformities_of(db.session, sheet) if sheet.failed and not open_now else {}
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
        failed=[(reading, opened.get(reading.id)) for reading in sheet.failed],
        may_open=g.person.can(P.NONCONFORMITY_OPEN, sheet),
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


class ReadingForm(PortalForm):
    """Which reading it is about."""

    reading = HiddenField(validators=[DataRequired()])


def _about_a_reading(number: str, uid: str, carry_out: Callable[[Any, Reading], str], done: str):
    """Do something about one failed reading of the sheet; `carry_out` says where it leads."""
    found, form = _find(load(number), uid), ReadingForm()
    reading = next((each for each in found.failed if each.uid == form.reading.data), None)
    if reading is None:
        raise NotYours()
    reading_id = reading.id

    def again(status: int):
        standing = load(number)
        return _page(standing, _find(standing, uid), status, form)

    return submit(form, lambda session: carry_out(session, session.get_one(Reading, reading_id)), again, done=done)


@door.verb("/orders/<number>/sheets/<uid>/nonconformity", access=P.NONCONFORMITY_OPEN)
def open_nonconformity(number: str, uid: str):
    """Put what failed before quality."""

    def carry_out(session, reading):
        nonconformities.open_for(session, reading, g.person)
        return url_for("technicians.sheet", number=number, uid=uid)

    return _about_a_reading(number, uid, carry_out, _("The nonconformity is open; quality sees it."))


@door.verb("/orders/<number>/sheets/<uid>/part", access=P.SHEET_FILL)
def needs_part(number: str, uid: str):
    """A part is needed: back on site, with the next revision of the plan begun."""

    def carry_out(session, reading):
        order = reading.sheet.order
        service.repair_again(session, order, g.person)
        days = figures.integer(session, "offer_days")
        until = clock.now().astimezone(ZoneInfo(order.company.zone)).date() + timedelta(days=days)
        plans.begin_anew(session, order, g.person, _why(reading), until)
        return url_for("technicians.plan", number=number)

    return _about_a_reading(number, uid, carry_out, _("Back on site. Add the part to the plan, then offer it."))


def _why(reading: Reading) -> str:
    """What failed, in one line: the item, what was read or found, and its limits where it has any."""
    item = reading.item
    found = " / ".join(filter(None, (say(said(item, reading) or reading.outcome), limits(item))))
    return _("%(item)s: %(found)s", item=say(item.name), found=found)


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
