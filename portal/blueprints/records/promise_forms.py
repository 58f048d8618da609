"""The forms about promised times: what a case waits for, what happened, why a promise was broken or is excused."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.core.errors import Message
from portal.domain.policies.models import WaitingReason
from portal.domain.policies.vocabulary import CAUSES, CODES, EVENTS, RECORDED_BY_HAND
from portal.web.fields import MomentField
from portal.web.forms import PortalForm
from portal.web.languages import say

MAX_TEXT = 2000
CHOOSE = Message("Choose")
STAND_STILL, RUN_ON = Message("promised times stand still"), Message("promised times run on")


def _named(words: dict[str, Message], keys: Any = None) -> Any:
    """Choices of a select field, said when the form is shown."""
    return lambda: [("", say(CHOOSE)), *((key, say(words[key])) for key in keys or words)]


class WaitForm(PortalForm):
    """The case waits: for what, how we know, since when."""

    reason = SelectField(_l("What does it wait for?"), validators=[DataRequired()])
    evidence = TextAreaField(_l("How do we know?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    occurred_at = MomentField(_l("Since when, if earlier than now"), validators=[Optional()])

    def offer(self, reasons: list[WaitingReason]) -> "WaitForm":
        """Let it choose among these reasons."""
        self.reason.choices = [("", say(CHOOSE)), *((reason.key, _with_effect(reason)) for reason in reasons)]
        return self


def _with_effect(reason: WaitingReason) -> str:
    return f"{say(reason.name)} · {say(STAND_STILL if reason.stops_clocks else RUN_ON)}"


class EndForm(PortalForm):
    """It is no longer waited for."""

    occurred_at = MomentField(_l("Until when, if earlier than now"), validators=[Optional()])


class CorrectForm(PortalForm):
    """The times of a waiting, set right."""

    began_at = MomentField(_l("From"), validators=[InputRequired()])
    ended_at = MomentField(_l("Until"), validators=[InputRequired()])
    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class HappenedForm(PortalForm):
    """Something happened that nothing else in the portal records."""

    event = SelectField(_l("What happened?"), choices=_named(EVENTS, RECORDED_BY_HAND), validators=[DataRequired()])
    evidence = TextAreaField(_l("How do we know?"), validators=[DataRequired(), Length(max=MAX_TEXT)])
    occurred_at = MomentField(_l("When, if earlier than now"), validators=[Optional()])


class CauseForm(PortalForm):
    """Why a promise was not kept."""

    code = SelectField(_l("Cause"), choices=_named(CAUSES), validators=[DataRequired()])
    reason = TextAreaField(_l("What happened"), validators=[DataRequired(), Length(max=1000)])


class PleaForm(PortalForm):
    """Why a promise should not count; somebody else decides."""

    code = SelectField(_l("Special case"), choices=_named(CODES), validators=[DataRequired()])
    reason = TextAreaField(_l("Reason and proof"), validators=[DataRequired(), Length(max=1000)])


class UpholdForm(PortalForm):
    """Why it counts all the same."""

    reason = TextAreaField(_l("Why it counts"), validators=[DataRequired(), Length(max=1000)])
