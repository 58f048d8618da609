"""The appointment of a technician, as desk and technicians agree on it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.domain.servicing.models import WorkOrder
from portal.web.fields import MomentField
from portal.web.forms import PortalForm


class AppointmentForm(PortalForm):
    """When, where, who opens, and what to heed there (F05, DSP-7)."""

    appointment_from = MomentField(_l("Appointment from"), validators=[Optional()])
    appointment_to = MomentField(_l("Appointment until"), validators=[Optional()])
    meeting_place = StringField(_l("Where to meet"), validators=[Length(max=300)])
    opened_by = StringField(_l("Who opens"), validators=[Length(max=200)])
    protection = StringField(_l("Rules of protection"), validators=[Length(max=500)])

    def validate_appointment_to(self, field: Any) -> None:
        start = self.appointment_from.data
        if field.data is None:
            return
        if start is None:
            raise ValidationError(_("Say from when, too."))
        if field.data <= start:
            raise ValidationError(_("The appointment ends before it begins."))


class RescheduleForm(AppointmentForm):
    """Another appointment, and why; the customer reads the reason."""

    appointment_from = MomentField(_l("Appointment from"), validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


KEPT = WorkOrder.versioned["appointment"]


def reschedule_form(order: WorkOrder) -> RescheduleForm:
    """The form with the appointment as it stands."""
    return RescheduleForm(version=order.appointment_version, data={name: getattr(order, name) for name in KEPT})
