"""A ward reports by the label, without an account (INT-15), and follows what became of it by a link of its own.

The confirmation code hangs in the wards of the hospital and shows that somebody stands there. It is checked before
any file is kept, and tries are counted by device and by address.
"""

from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.public import door
from portal.blueprints.public.labels import among_known, labelled, shown, unlisted
from portal.core.db import db, writing
from portal.core.documents.qr import qr
from portal.core.errors import Message, NotValid
from portal.domain.accounts import throttle
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.throttle import Gate, TooManyTries
from portal.domain.devices.models import Device, State
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.standing import current_order
from portal.domain.servicing.words import Harm, OrderState
from portal.domain.wards import queries, service
from portal.domain.wards.models import STATUS_SIGNS, WardReport
from portal.domain.wards.words import ReportState
from portal.web.answers import render
from portal.web.filters import choices, exact
from portal.web.forms import PortalForm, submit
from portal.web.languages import current_language, say
from portal.web.pages import PUBLIC
from portal.web.safety import YES, yes_or_no

MAX_TEXT = 4000
WRONG_CODE = Message("This is not the code of this site. It hangs in the wards; the equipment department knows it.")


class WardReportForm(PortalForm):
    """What a ward says of a fault: F01 as far as somebody at the bed knows it, with the questions of safety."""

    secret = ("code",)

    same_as = RadioField(_l("Is it one of these?"), default="", validators=[])
    symptom = TextAreaField(_l("What is wrong?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    photos = MultipleFileField(_l("Photos or video"))
    device_stopped = BooleanField(_l("The device is out of service"))
    harm = RadioField(
        _l("Was anybody harmed, or could somebody be?"), choices=choices(Harm), validators=[DataRequired()]
    )
    is_hazard = RadioField(
        _l("Must the device not be used until it is inspected?"), choices=yes_or_no, validators=[DataRequired()]
    )
    grounds = TextAreaField(_l("What happened, or could"), validators=[Length(max=MAX_TEXT)])
    reporter_name = StringField(_l("Your name"), validators=[DataRequired(), Length(max=100)])
    extension = StringField(_l("Extension"), validators=[DataRequired(), Length(max=40)])
    code = StringField(_l("Confirmation code"), validators=[DataRequired(), Length(max=40)])

    def offer(self, known: list[ServiceRequest]) -> None:
        """Let the reporter say that it is one of these, or take the question away where nothing is open."""
        if not known:
            del self.same_as
            return
        named = [(each.uid, say(Message("reported %(at)s", at=exact(each.reported_at)))) for each in known]
        self.same_as.choices = [("", _("No, it is a new fault")), *named]


@door.form("/d/<code>/report", access=PUBLIC)
def ward_report(code: str) -> Any:
    """Report a fault of the device that the label stands on."""
    device = labelled(code)
    form = _form(device)
    if not form.is_submitted():
        return _page(device, form, 200)
    device_id, address = device.id, request.remote_addr or ""

    def act(session: Any) -> str:
        _count(session, device_id, address)
        known = session.get_one(Device, device_id)
        chosen = form.same_as.data if "same_as" in form else ""
        filed = service.report(
            session,
            service.reporter(known, form.reporter_name.data, current_language(), address),
            known,
            photos=form.received.get("photos", ()),
            same_as=next((r for r in queries.open_requests_of(session, device_id) if r.uid == chosen), None),
            harm=Harm(form.harm.data),
            is_hazard=form.is_hazard.data == YES,
            **form.values("photos", "same_as", "harm", "is_hazard", "code"),
        )
        return url_for("public.ward_status", code=filed.status_code)

    return submit(
        form,
        act,
        lambda status: _page(labelled(code), form, status),
        done=_("Thank you. Your report has arrived."),
        before=lambda: _check_code(device_id, form.code.data, address),
    )


def _form(device: Device) -> WardReportForm:
    form = WardReportForm()
    form.offer(queries.open_requests_of(db.session, device.id))
    return form


def _page(device: Device, form: WardReportForm, status: int) -> Any:
    return unlisted(render("public/ward_report.html", "report", status, form=form, **shown(device)))


def _check_code(device_id: int, typed: str, address: str) -> None:
    """Whether it is the code of the device's site; wrong ones are counted. Raises NotValid at the field."""
    try:
        with writing("check a code") as session:
            attempt_id = throttle.take(session, Gate.WARD_CODE, str(device_id), address)
            desk = queries.desk_of(session, session.get_one(Device, device_id).site_id)
            right = service.is_right_code(desk, typed)
            if right:
                throttle.give_back(session, attempt_id)
    except TooManyTries as refusal:
        raise NotValid(code=refusal.message) from refusal
    if not right:
        raise NotValid(code=WRONG_CODE)


def _count(session: Any, device_id: int, address: str) -> None:
    """One more report by this label from this address. Raises NotValid, so that what was typed stays."""
    try:
        throttle.take(session, Gate.WARD_REPORT, str(device_id), address)
    except TooManyTries as refusal:
        raise NotValid(
            Message("So many reports came from this label that it must rest for a while. Please telephone.")
        ) from refusal


@door.page("/w/<code>", access=PUBLIC)
def ward_status(code: str) -> Any:
    """Where a report stands, for whoever holds its link. Raises LinkOver some time after its end."""
    record: WardReport | None = among_known(code, STATUS_SIGNS, queries.by_status_code)
    if record is None or not service.can_be_followed(db.session, record):
        raise LinkOver()
    address = current_app.extensions["settings"].public_url.rstrip("/") + url_for("public.ward_status", code=code)
    return unlisted(
        render(
            "public/ward_status.html",
            record=record,
            sentence=STANDING[record.state],
            steps=_steps(record),
            visit=_visit(record.request),
            is_stopped=record.device.state is State.DO_NOT_USE,
            address=address,
            picture=qr(address),
        )
    )


def _steps(record: WardReport) -> list[dict[str, Any]]:
    """What happened so far for `ui.timeline`, newest first, without anybody's name."""
    events = [(record.reported_at, Message("Reported from the ward"), "accent")]
    if record.settled_at is not None:
        events.append((record.settled_at, record.state.label, record.state.tone))
    if record.request is not None:
        events += _steps_of(record.request, record.settled_at)
    return [{"at": at, "text": say(text), "tone": tone} for at, text, tone in sorted(events, key=_when, reverse=True)]


def _when(event: tuple[Any, ...]) -> Any:
    return event[0]


def _steps_of(asked: ServiceRequest, since: Any) -> list[tuple[Any, Message, str]]:
    order = current_order(asked)
    if order is None:
        return []
    steps = (
        (order.dispatched_at, Message("Technician assigned")),
        (order.arrived_at, Message("Technician arrived")),
        (order.restored_at, Message("Device works again")),
        (order.finished_at, Message("Service report issued")),
    )
    return [(at, text, "accent") for at, text in steps if at is not None and at >= since]


def _visit(asked: ServiceRequest | None) -> Any:
    """When a technician is to come, while none has arrived."""
    order = current_order(asked) if asked else None
    coming = (OrderState.ASSIGNED, OrderState.ACCEPTED, OrderState.TRAVELLING)
    return order.appointment_from if order is not None and order.state in coming else None


STANDING = {
    ReportState.REPORTED: Message(
        "Your report has arrived. The equipment department of your hospital will look at it."
    ),
    ReportState.CONFIRMED: Message("Your report is with the service company."),
    ReportState.MERGED: Message("The fault was known already. Your words were added to the open request."),
    ReportState.SOLVED: Message("The equipment department has solved it."),
    ReportState.DISMISSED: Message("The equipment department does not pursue it."),
}
