"""The safety questions, wherever they are asked: no answer is given beforehand, and none may be left out."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.core.errors import Message
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.requests import ASSESS
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import Asked, Harm
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say

YES, NO = "yes", "no"
_WORDS = ((YES, Message("Yes")), (NO, Message("No")))


def yes_or_no() -> list[tuple[str, str]]:
    return [(value, say(word)) for value, word in _WORDS]


class HarmQuestion:
    """The one question that a hospital is asked, in plain words: mixed into the forms that ask it."""

    harm = RadioField(
        _l("Was anybody harmed, or could somebody be?"), choices=choices(Harm), validators=[DataRequired()]
    )
    grounds = TextAreaField(_l("What happened, or could"), validators=[Length(max=4000)])

    QUESTIONS: tuple[str, ...] = ("harm", "grounds")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.QUESTIONS:  # asked last, so that what is missing is named in the order of the page
            self._fields[name] = self._fields.pop(name)

    def answers(self) -> Answers:
        """What was answered. Raises NotValid for a yes without its grounds."""
        return Answers.told(Harm(self.harm.data), (self.grounds.data or "").strip())


class SafetyQuestions(HarmQuestion):
    """The questions that staff ask and judge (ISO 13485 7.5.4 and 8.2.2, 21 CFR 820.35)."""

    is_event = RadioField(_l("Is it an adverse event?"), choices=yes_or_no, validators=[DataRequired()])
    is_complaint = RadioField(_l("Is it a complaint?"), choices=yes_or_no, validators=[DataRequired()])
    is_hazard = RadioField(
        _l("Must the device not be used until it is inspected?"), choices=yes_or_no, validators=[DataRequired()]
    )

    QUESTIONS = ("harm", "is_event", "is_complaint", "is_hazard", "grounds")

    def answers(self) -> Answers:
        """What was answered. Raises NotValid for a yes without its grounds."""
        return Answers(
            Harm(self.harm.data),
            *(getattr(self, name).data == YES for name in ("is_event", "is_complaint", "is_hazard")),
            (self.grounds.data or "").strip(),
        )


class SafetyForm(SafetyQuestions, PortalForm):
    """The safety questions by themselves."""


def asking(record: ServiceRequest, plain: type[PortalForm], asks: type[PortalForm]) -> type[PortalForm]:
    """Which of two forms a request needs: `asks`, with the questions, as long as nobody has answered them (INT-11)."""
    return asks if record.state in ASSESS.on and not record.asked(Asked.INTAKE) else plain


def as_sent(record: ServiceRequest, plain: type[PortalForm], asks: type[PortalForm]) -> PortalForm:
    """The form that was sent. Answers count even if somebody else was faster: theirs may be the yes."""
    answered = any(name in request.form for name in asks.QUESTIONS)
    return asks() if answered else asking(record, plain, asks)()


def answered(form: PortalForm) -> Answers | None:
    """The answers that came with a form, None where it did not ask."""
    return form.answers() if isinstance(form, HarmQuestion) else None


def as_rows(screens: list[Any]) -> list[dict[str, Any]]:
    """What was answered and by whom, newest first, for pages."""
    return [
        {
            "when": say(screen.asked),
            "who": screen.author_name,
            "at": screen.at,
            "harm": say(screen.harm),
            "harm_is_yes": screen.harm is not Harm.NO,
            "is_event": screen.is_event,
            "is_complaint": screen.is_complaint,
            "is_hazard": screen.is_hazard,
            "grounds": screen.grounds,
            "is_yes": screen.opens_complaint,
        }
        for screen in reversed(screens)
    ]
