"""The device register: the list, and the page of one device."""

from typing import Any

from flask import g, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.desk import door
from portal.blueprints.desk.forms import DeviceForm
from portal.core import codes
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.catalog.udi.words import LONGEST_SCAN
from portal.domain.devices import queries, service
from portal.domain.devices.models import Device, State
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE
from portal.domain.holds import queries as holds
from portal.domain.holds.models import EvidenceHold
from portal.domain.nonconformities import queries as nonconformities
from portal.domain.permissions import P
from portal.domain.servicing import parts
from portal.domain.servicing import queries as servicing
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.cover import panel
from portal.web.forms import PortalForm, submit
from portal.web.hospitals import chosen_hospital, hospital_chip
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.lots import expired_now
from portal.web.scans import scanned
from portal.web.stale import conflict
from portal.web.trail import lines


@door.page("/devices", access=P.DEVICE_SEE)
def devices():
    """Devices by name, of one hospital or all, found by the beginning of a serial number. A scanned code leads on."""
    scan = scanned(request.args.get("serial", "")[:LONGEST_SCAN])
    if scan:
        return redirect(url_for("records.search", q=request.args["serial"]))
    hospital, begins = chosen_hospital(), request.args.get("serial", "").strip()[:80]
    found = queries.devices(
        db.session,
        g.person,
        organisation_id=hospital.id if hospital else None,
        state=_state(),
        begins=begins,
        cursor=request.args.get("at"),
    )
    chips = [
        chip(_("State"), "state", [("", _("Any")), *((state.value, say(state)) for state in State)]),
        *hospital_chip(hospital),
    ]
    narrowed = any(request.args.get(name) for name in ("state", "hospital", "serial"))
    return render(
        "desk/devices.html",
        rows=[_row(row) for row in found.rows],
        chips=chips,
        pager=pager(found),
        begins=begins,
        kept={name: request.args[name] for name in ("state", "hospital") if request.args.get(name)},
        clear=address(state=None, hospital=None, serial=None) if narrowed else None,
    )


def _state() -> State | None:
    value = request.args.get("state")
    return State(value) if value in set(State) else None


def _row(row: Any) -> tuple:
    number, serial, state, product, model, organisation, site, department = row
    place = " · ".join(say(part) for part in (site, department) if part)
    return url_for("desk.device", number=number), product, model, serial, state, state.tone, organisation, place


@door.page("/devices/<number>", access=P.DEVICE_SEE)
def device(number: str):
    """One device: what it is, where it stands, whether it is covered, and its history."""
    return _page(number)


@door.verb("/devices/<number>/edit", access=P.DEVICE_EDIT, endpoint="edit_device")
def edit(number: str):
    """Correct the facts of a device."""
    record_id, form = _load(number).id, DeviceForm()

    def act(session):
        service.edit(session, session.get_one(Device, record_id), g.person, form.version, **form.values())
        return url_for("desk.device", number=number)

    return submit(form, act, lambda status: _page(number, status, form), done=_("The device is saved."))


def _load(number: str) -> Device:
    whole = (*queries.whole(), joinedload(Device.company))
    return find(db.session, Device, g.person, P.DEVICE_SEE, *whole, number=number)


def _page(number: str, status: int = 200, form: PortalForm | None = None) -> Any:
    record = _load(number)
    papers = servicing.reports_of(db.session, g.person, record.id)
    history = servicing.requests(db.session, g.person, device_id=record.id, cursor=request.args.get("at"), size=10)
    return render(
        "desk/device.html",
        "edit" if form else None,
        status,
        record=record,
        tone=record.state.tone,
        expired=expired_now(record),
        cover=panel(db.session(), g.person, record),
        label_code=codes.spell(record.label_code),
        history=[_past(row) for row in history.rows],
        pager=pager(history),
        open_hold=_open_hold(record),
        fitted=parts.fitted(db.session, record.id),
        papers=papers,
        notice=next((paper for paper in papers if paper.kind == DO_NOT_USE_NOTICE.name), None),
        nonconformities=nonconformities.of_device(db.session(), g.person, record.id),
        form=form or _form(record),
        stale=conflict(form, record, "details"),
        may_edit=g.person.can(P.DEVICE_EDIT, record),
        trail=_trail(record),
    )


def _open_hold(record: Device) -> EvidenceHold | None:
    """The hold that was asked for or stands, for who may see it."""
    found = holds.open_of(db.session, record)
    return found if found is not None and g.person.can(P.HOLD_SEE, found) else None


def _past(row: Any) -> tuple:
    number, state, _urgency, symptom, reported_at, *_rest, technician = row
    return number, url_for("desk.request", number=number), symptom[:80], state, technician, reported_at


def _form(record: Device) -> DeviceForm:
    form = DeviceForm(formdata=None, obj=record)
    form.base_version.data = str(record.details_version)
    return form


def _trail(record: Device) -> list[dict[str, Any]]:
    if not g.person.can(P.RECORD_HISTORY, record):
        return []
    return lines(db.session, trail.of_records(db.session, [record]))
