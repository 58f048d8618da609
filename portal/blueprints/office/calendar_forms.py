"""Forms of calendars: the week, single days, years."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from portal.blueprints.office.forms import NamedForm
from portal.blueprints.office.policy_forms import listed
from portal.core.deadlines import CalendarVersion
from portal.core.errors import Message, NotValid
from portal.domain.policies import calendars
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.zones import zone_choices

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_NAMES = tuple(map(Message, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
USUAL = "08:30-12:00, 13:30-17:30"
FIRST_YEAR, LAST_YEAR = 2005, 2099


def windows(text: str | None) -> list[str]:
    """Hours as typed, without blanks, in the signs that calendars keep."""
    plain = (text or "").replace("：", ":").replace("–", "-").replace("—", "-").replace(" ", "")
    return listed(plain)


def check_hours(form: PortalForm, field: StringField) -> None:
    """Refuse, at the field, hours that overlap or cannot be read."""
    try:
        calendars.read_hours(windows(field.data))
    except NotValid as error:
        raise ValidationError(say(error.fields["hours"][0])) from error


def day_field(label: str) -> StringField:
    return StringField(label, [Length(max=100), check_hours])


class WeekForm(PortalForm):
    """The zone and the hours of each weekday."""

    zone = SelectField(_l("Time zone"), [InputRequired()], choices=zone_choices)
    monday = day_field(_l("Monday"))
    tuesday = day_field(_l("Tuesday"))
    wednesday = day_field(_l("Wednesday"))
    thursday = day_field(_l("Thursday"))
    friday = day_field(_l("Friday"))
    saturday = day_field(_l("Saturday"))
    sunday = day_field(_l("Sunday"))
    note = StringField(_l("Note"), [Length(max=300)])

    def validate_note(self, field: StringField) -> None:
        if not any(self.week):
            self.monday.errors = [*self.monday.errors, _("A calendar without hours would never let a clock run.")]
            raise ValidationError(_("Give the hours of one weekday at least."))

    @property
    def week(self) -> list[list[str]]:
        """As a calendar keeps it."""
        return [windows(self[day].data) for day in DAYS]

    def facts(self) -> dict[str, Any]:
        return {"zone": self.zone.data, "week": self.week, "note": self.note.data or ""}

    def fill(self, version: CalendarVersion) -> None:
        """Show a version as it stands."""
        if version.zone not in dict(self.zone.choices):
            self.zone.choices = [(version.zone, version.zone), *self.zone.choices]
        self.zone.data, self.note.data = version.zone, version.note
        for day, hours in zip(DAYS, version.week, strict=True):
            self[day].data = ", ".join(hours)


class NewCalendarForm(NamedForm):
    """A calendar of a centre, or one that contracts name."""

    centre = SelectField(_l("Service centre"))
    zone = SelectField(_l("Time zone"), [InputRequired()], choices=zone_choices)
    hours = StringField(_l("Hours from Monday to Friday"), [InputRequired(), Length(max=100), check_hours])
    holidays = BooleanField(_l("Follows the public holidays of mainland China"))


class DayForm(PortalForm):
    """One date that differs from its weekday."""

    on = DateField(_l("Date"), [InputRequired()])
    hours = StringField(_l("Hours"), [Length(max=100), check_hours])
    zh = StringField(_l("Name in Chinese"), [Length(max=60)])
    en = StringField(_l("Name in English"), [Length(max=60)])

    def validate_on(self, field: DateField) -> None:
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_("Choose a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))


class YearForm(PortalForm):
    """A year whose public holidays and make-up days are to be entered."""

    year = IntegerField(_l("Year"), [InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)])
