"""The form of a case that is only thought of. It travels in the address: nothing of it is kept."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from portal.core import clock
from portal.core.deadlines import VersionState
from portal.domain.organisations.models import Locality
from portal.domain.policies import vocabulary
from portal.domain.policies.models import PolicyVersion, ServiceContract
from portal.domain.servicing.words import Kind, Urgency
from portal.web.fields import FORMATS
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say, zone

YEARS = range(2005, 2100)
NOT_SAID = ("", _l("not said"))


def _or_not_said(pairs: Any) -> Any:
    return lambda: [NOT_SAID, *pairs()]


def _yes_no() -> list[tuple[str, str]]:
    return [("yes", _("yes")), ("no", _("no"))]


def _covers() -> list[tuple[str, str]]:
    return [("covered", _("in warranty")), ("not_covered", _("out of warranty"))]


def _risks() -> list[tuple[str, str]]:
    return [("none", _("none of these")), *((key, say(label)) for key, label in vocabulary.RISKS.items())]


def _levels() -> list[tuple[str, str]]:
    return [(level, level) for level in "123"]


class TimeField(DateTimeLocalField):
    """A moment on the reader's clock; `data` is aware. Refuses years that no calendar reaches."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None:
            self.data = self.data.replace(tzinfo=ZoneInfo(zone()))

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is not None and self.data.year not in YEARS:
            raise ValidationError(_("Choose a year from %(first)s to %(last)s.", first=YEARS[0], last=YEARS[-1]))


class TrialForm(PortalForm):
    """Which case, when, and by which policy. What is not said comes from the device, else is the ordinary case."""

    device = StringField(_l("Device"), [Length(max=80)])
    at = TimeField(_l("Reported at"), [Optional()])
    policy = SelectField(_l("Policy"), default="")
    kind = SelectField(_l("Kind of request"), choices=choices(Kind), default=Kind.REPAIR.value)
    urgency = SelectField(_l("Urgency"), choices=choices(Urgency), default=Urgency.NORMAL.value)
    cover = SelectField(_l("Warranty"), choices=_or_not_said(_covers), default="")
    risk = SelectField(_l("Risk of the product"), choices=_or_not_said(_risks), default="")
    locality = SelectField(_l("Place"), choices=_or_not_said(choices(Locality)), default="")
    province = StringField(_l("Province"), [Length(max=40)])
    tier = StringField(_l("Customer tier"), [Length(max=20)])
    large = SelectField(_l("Large equipment"), choices=_or_not_said(_yes_no), default="")
    level = SelectField(_l("Recall level"), choices=_or_not_said(_levels), default="")
    contract = SelectField(_l("Contract"), default="")

    def offer(self, versions: list[PolicyVersion], contracts: list[ServiceContract]) -> None:
        """Let one of these be chosen; the empty choice is what holds by itself."""
        self.policy.choices = [("", _("the one that holds")), *((name_of(v), _shown(v)) for v in versions)]
        self.contract.choices = [NOT_SAID, *((c.number, c.number) for c in contracts)]

    @property
    def reported_at(self) -> datetime:
        """Aware; now where no time was given."""
        return self.at.data or clock.now().astimezone(ZoneInfo(zone())).replace(second=0, microsecond=0)


def name_of(version: PolicyVersion) -> str:
    """How an address names a version: A@1."""
    return f"{version.policy.key}@{version.version}"


def _shown(version: PolicyVersion) -> str:
    name = say(version.policy.name)
    return _("%(policy)s (draft)", policy=name) if version.state is VersionState.DRAFT else name


def read() -> TrialForm:
    """The form as the address has it."""
    return TrialForm(request.args, meta={"csrf": False})


def moments(events: list[str]) -> Any:
    """A form that asks when each of these events happens."""
    fields = {
        event: TimeField(say(vocabulary.label(vocabulary.EVENTS, event)).capitalize(), [Optional()]) for event in events
    }
    return type("MomentsForm", (PortalForm,), fields)(request.args, meta={"csrf": False})
