"""The safety questions at intake, where the request came without them; and the devices that must not be used."""

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door, request_page
from portal.blueprints.desk.forms import ReasonForm
from portal.core.db import db
from portal.core.errors import Message
from portal.core.permissions import find
from portal.domain.devices import service as devices
from portal.domain.devices.lifecycle import DEVICE_LIFECYCLE
from portal.domain.devices.models import Device
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Asked
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.safety import SafetyForm, as_rows


@door.form("/requests/<number>/screen", access=P.REQUEST_SCREEN)
def screen(number: str):
    """Answer the safety questions of a request; a yes opens a complaint at once."""
    record, form = request_page.load(number), SafetyForm()
    if not form.is_submitted():
        return _page(record, form, 200)
    record_id = record.id

    def act(session):
        service.screen(session, session.get_one(ServiceRequest, record_id), g.person, Asked.INTAKE, form.answers())
        return url_for("desk.request", number=number)

    again = lambda status: _page(request_page.load(number), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The answers are kept."))


def _page(record: ServiceRequest, form: SafetyForm, status: int):
    return render("desk/screen.html", "screen", status, record=record, form=form, answers=as_rows(record.screens))


@door.form("/devices/<number>/stop", access=P.DEVICE_STOP, endpoint="stop_device")
def stop(number: str):
    """Nobody may use the device from now on."""
    return _change(number, devices.stop, "stop", _("The device must not be used. Its hospital is told."))


@door.form("/devices/<number>/lift", access=P.DEVICE_LIFT, endpoint="lift_device")
def lift(number: str):
    """The device has passed an inspection."""
    return _change(number, devices.lift, "lift", _("The device may be used again. Its hospital is told."))


@door.form("/devices/<number>/relabel", access=P.DEVICE_EDIT, endpoint="relabel_device")
def relabel(number: str):
    """A new code for the label; the old label stops working."""
    return _change(number, devices.relabel, "relabel", _("The old label leads nowhere from now on. Print the new one."))


HINTS = {
    "stop": Message("The hospital reads this."),
    "lift": Message("Which inspection it has passed."),
    "relabel": Message("Such as: label lost, label copied. The old label stops working at once."),
}


def _change(number: str, carry_out, name: str, done: str):
    record, form = _device(number), ReasonForm()
    if not form.is_submitted():
        return _device_page(record, form, name, 200)
    record_id = record.id

    def act(session):
        carry_out(session, session.get_one(Device, record_id), g.person, form.reason.data)
        return url_for("desk.device", number=number)

    return submit(form, act, lambda status: _device_page(_device(number), form, name, status), done=done)


def _device(number: str) -> Device:
    return find(db.session, Device, g.person, P.DEVICE_SEE, number=number)


def _device_page(record: Device, form: ReasonForm, name: str, status: int):
    title, hint = say(DEVICE_LIFECYCLE.by_name[name].label), say(HINTS[name])
    return render("desk/device_use.html", "use", status, record=record, form=form, name=name, title=title, hint=hint)
