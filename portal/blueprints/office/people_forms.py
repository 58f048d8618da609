"""Forms that invite people and give roles.

Whoever invites, or gives or takes a role, proves with their password that it is them (ASVS 7.5.3).
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from portal.core.errors import Message
from portal.domain.accounts.roles import PLACES, Place
from portal.domain.organisations.models import Site
from portal.domain.permissions import Role
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.proving import ProvedForm, own_password


class GrantForm(ProvedForm):
    """Where a role holds; a role that reaches the whole house asks for nothing."""

    place = SelectField(_l("Where"), [InputRequired(_l("Please choose one."))], choices=list)
    password = own_password()

    def offer(self, role: Role, places: list[Place]) -> None:
        """Let one of `places` be chosen, or take the question away where the role needs none."""
        self.places = {place.uid: place for place in places}
        if role not in PLACES:
            del self.place
            return
        self.place.label.text = say(PLACE_LABELS[PLACES[role]])
        self.place.choices = [("", _("Please choose")), *((uid, _spell(p)) for uid, p in self.places.items())]

    def chosen(self, session: Any) -> Place | None:
        """The chosen place, in this transaction."""
        place = self.places.get(self.place.data) if "place" in self else None
        return session.get_one(type(place), place.id) if place is not None else None


PLACE_LABELS = {
    "organisation": Message("Hospital"),
    "site": Message("Campus"),
    "dealer": Message("Dealer"),
    "centre": Message("Service centre"),
}


def _spell(place: Place) -> str:
    return f"{say(place.organisation.name)} · {say(place.name)}" if isinstance(place, Site) else say(place.name)


class InviteForm(GrantForm):
    """Who is invited."""

    name = StringField(_l("Name"), [DataRequired(), Length(max=100)])
    email = EmailField(_l("E-mail address"), [DataRequired(), Length(max=254), Email()])
    place = SelectField(_l("Where"), [InputRequired(_l("Please choose one."))], choices=list)
    language = SelectField(_l("Language"), [InputRequired()], choices=[("zh", "中文"), ("en", "English")])
    password = own_password()


class DisableForm(PortalForm):
    """Why an account is closed."""

    reason = TextAreaField(_l("Reason"), [DataRequired(), Length(max=1000)])


class ResetSecondStepForm(PortalForm):
    """Why a second step is taken away, and how it was made sure who asks for it."""

    reason = TextAreaField(_l("Reason, and how you made sure who asks"), [DataRequired(), Length(max=1000)])
