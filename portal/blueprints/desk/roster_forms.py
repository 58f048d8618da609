"""The form of a shift of duty. Its times are those of the centre's wall clock."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.core.weeks import Span, Week, at_wall
from portal.domain.accounts.models import Account
from portal.domain.duty.models import DutyShift
from portal.domain.duty.roster import Crew
from portal.domain.organisations.models import Centre
from portal.web.fields import FORMATS, ticks
from portal.web.forms import PortalForm
from portal.web.weeks import short_day


class ShiftForm(PortalForm):
    """Who answers, when, under which number, and who is called when they do not."""

    starts_at = DateTimeLocalField(_l("Shift from"), validators=[InputRequired()], format=FORMATS)
    ends_at = DateTimeLocalField(_l("Shift until"), validators=[InputRequired()], format=FORMATS)
    person = SelectField(_l("On duty"), choices=list, validators=[InputRequired()])
    phone = StringField(_l("Duty telephone"), validators=[Length(max=40)])
    deputy = SelectField(_l("Deputy"), choices=list)
    helpers = ticks(_l("Helpers"))

    def offer(self, people: list[Account]) -> "ShiftForm":
        """Let it choose among these people."""
        self.people = {each.uid: each for each in people}
        names = [(each.uid, each.name) for each in people]
        self.person.choices = [("", _("Please choose")), *names]
        self.deputy.choices = [("", _("nobody")), *names]
        self.helpers.choices = names
        return self

    def validate_ends_at(self, field: Any) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("The shift ends before it begins."))

    def span(self, centre: Centre) -> Span:
        return Span(*(at_wall(centre.zone, at.date(), at.time()) for at in (self.starts_at.data, self.ends_at.data)))

    def crew(self) -> Crew:
        """The people chosen; without a number, that of whoever is on duty. Raises NotValid."""
        chosen = self.people[self.person.data]
        deputy = self.people.get(self.deputy.data or "")
        return Crew(
            person_id=chosen.id,
            phone=(self.phone.data or "").strip() or chosen.phone,
            deputy_id=deputy.id if deputy else None,
            helper_ids=[self.people[uid].id for uid in self.helpers.data or ()],
        )

    def fill(self, shift: DutyShift) -> "ShiftForm":
        """Show a shift as it stands."""
        of_id = {each.id: uid for uid, each in self.people.items()}
        self.base_version.data = str(shift.shift_version)
        self.starts_at.data, self.ends_at.data = (wall(shift.centre.zone, at) for at in shift.span)
        self.person.data, self.deputy.data = of_id.get(shift.person_id, ""), of_id.get(shift.deputy_id, "")
        self.phone.data = shift.phone
        self.helpers.data = [of_id[n] for n in shift.helper_ids if n in of_id]
        return self


class NewShiftForm(ShiftForm):
    """The same, for several days of the week at once."""

    days = ticks(_l("At the same hours also on"))

    def offer_days(self, week: Week) -> None:
        self.days.choices = [(on.isoformat(), short_day(on)) for on in week.days]

    def spans(self, centre: Centre) -> list[Span]:
        """The shift, and its like on the other days that were ticked, in order."""
        start, end = self.starts_at.data, self.ends_at.data
        others = {date.fromisoformat(text) for text in self.days.data or ()} - {start.date()}
        later = end.date() - start.date()
        return sorted(
            Span(at_wall(centre.zone, on, start.time()), at_wall(centre.zone, on + later, end.time()))
            for on in {start.date(), *others}
        )


def wall(zone: str, at: datetime) -> datetime:
    """What the clocks of the zone show, without a zone, as the form's fields have it."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
