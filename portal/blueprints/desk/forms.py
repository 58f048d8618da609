"""The forms of the service desk, each after its paper model in the trade."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

from portal.domain.catalog.udi.words import LONGEST_SCAN
from portal.domain.cover.models import Choice
from portal.domain.plans.lifecycle import KEEP_OFFER, WITHDRAW
from portal.domain.servicing.words import Channel, Concern, Kind, Urgency
from portal.web.appointments import AppointmentForm
from portal.web.fields import MomentField
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.lots import LotQuestions
from portal.web.safety import SafetyQuestions

MAX_TEXT = 10_000


class MessageForm(PortalForm):
    """A message to the customer."""

    body = TextAreaField(_l("Message to the customer"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    files = MultipleFileField(_l("Photos or files"))


class NoteForm(PortalForm):
    """A note that no customer ever sees."""

    body = TextAreaField(_l("Internal note"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    files = MultipleFileField(_l("Photos or files"))


class AssessForm(PortalForm):
    """The first substantial answer (F01): how urgent it is, and who does what next."""

    urgency = RadioField(_l("Urgency"), choices=choices(Urgency), validators=[DataRequired()])
    next_step = TextAreaField(_l("Next step"), validators=[DataRequired(), Length(max=2000)])


class FirstAssessForm(SafetyQuestions, AssessForm):
    """The assessment of a request that came without the safety questions: they are answered with it (INT-11)."""


class AssignForm(AppointmentForm):
    """The dispatch of a technician (F05)."""

    technician = RadioField(_l("Technician"), choices=list, validators=[DataRequired(_l("Please choose one."))])
    instructions = TextAreaField(_l("Instructions"), validators=[Length(max=4000)])

    details: dict[str, Any] = {}


class CoverForm(PortalForm):
    """Who pays for a request (WAR-11)."""

    choice = RadioField(_l("Who pays"), choices=choices(Choice), validators=[DataRequired()])
    grounds = TextAreaField(_l("Why"), validators=[Length(max=2000)])


STANDS = "stands"


def _outcomes() -> list[tuple[str, str]]:
    return [(STANDS, say(KEEP_OFFER.label)), ("withdrawn", say(WITHDRAW.label))]


class DisputeForm(PortalForm):
    """What becomes of an objection to who pays."""

    outcome = RadioField(_l("What do you decide?"), choices=_outcomes, validators=[DataRequired()])
    answer = TextAreaField(_l("Why? The hospital reads it."), validators=[DataRequired(), Length(max=2000)])

    @property
    def stands(self) -> bool:
        return self.outcome.data == STANDS


class ReasonForm(PortalForm):
    """A verb that asks for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class FirstReasonForm(SafetyQuestions, ReasonForm):
    """The end of a request that came without the safety questions: no complaint vanishes with it (INT-11)."""


def heard_of() -> list[tuple[str, str]]:
    """The ways a request reaches the desk: all but the portal, which customers fill in themselves."""
    return [(channel.value, say(channel)) for channel in Channel if channel is not Channel.PORTAL]


class IntakeForm(LotQuestions, SafetyQuestions, PortalForm):
    """A request that came by telephone or another way (F01); the device's own facts come from the register."""

    kind = SelectField(
        _l("What do they ask for?"), choices=choices(Kind), default=Kind.REPAIR.value, validators=[DataRequired()]
    )
    concern = SelectField(
        _l("What is it about?"), choices=choices(Concern), default=Concern.PRODUCT.value, validators=[DataRequired()]
    )
    channel = RadioField(
        _l("How did it reach us?"), choices=heard_of, default=Channel.PHONE.value, validators=[DataRequired()]
    )
    occurred_at = MomentField(_l("Reported at"), validators=[Optional()])
    contact_name = StringField(_l("Who reports it?"), validators=[DataRequired(), Length(max=100)])
    contact_phone = StringField(_l("Telephone"), validators=[DataRequired(), Length(max=40)])
    symptom = TextAreaField(_l("What is wrong?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    cause_told = TextAreaField(_l("Cause, as told"), validators=[Length(max=MAX_TEXT)])
    device_stopped = BooleanField(_l("The device is out of service"))
    urgency = RadioField(
        _l("How urgent is it?"), choices=choices(Urgency), default=Urgency.NORMAL.value, validators=[DataRequired()]
    )
    preferred_time = StringField(_l("When would suit them?"), validators=[Length(max=200)])
    photos = MultipleFileField(_l("Photos or files"))


class DeviceForm(PortalForm):
    """What may be changed of a device (block DEV). A lot of goods is known by lot and expiry, a unit by its serial."""

    serial = StringField(_l("Serial number"), validators=[Length(max=80)])
    lot = StringField(_l("Lot"), validators=[Length(max=80)])
    udi_pi = StringField(_l("UDI-PI"), validators=[Length(max=120)])
    no_udi_reason = StringField(_l("Why it has no UDI"), validators=[Length(max=200)])
    made_on = DateField(_l("Made on"), validators=[Optional()])
    expires_on = DateField(_l("Expires on"), validators=[Optional()])
    asset_number = StringField(_l("Asset number"), validators=[Length(max=80)])
    room = StringField(_l("Room"), validators=[Length(max=80)])
    keeper = StringField(_l("Keeper"), validators=[Length(max=100)])
    labour_until = DateField(_l("Labour covered until"), validators=[Optional()])
    parts_until = DateField(_l("Parts covered until"), validators=[Optional()])
    travel_until = DateField(_l("Travel covered until"), validators=[Optional()])


class RegisterForm(DeviceForm):
    """A new device at an organisation: product, place, service centre, and the dates of its life.

    `code` is what was scanned from its plate; it fills the other fields and is not kept itself. `by_lot`: the products
    that are offered and counted by lot, by their uid.
    """

    by_lot: frozenset[str] | set[str] = frozenset()

    code = StringField(_l("Code on the device or its package"), validators=[Length(max=LONGEST_SCAN)])
    product = SelectField(_l("Product"), validators=[DataRequired()])
    place = SelectField(_l("Place"), validators=[DataRequired()])
    centre = SelectField(_l("Service centre"), validators=[DataRequired()])
    sold_on = DateField(_l("Sold on"), validators=[Optional()])
    installed_on = DateField(_l("Installed on"), validators=[Optional()])
    accepted_on = DateField(_l("Accepted on"), validators=[Optional()])
