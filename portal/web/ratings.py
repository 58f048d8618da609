"""Ratings as forms and as cards: in the own account, by a mailed link, and as it was said by telephone."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.core.db import Text2
from portal.domain.ratings.models import RatingAspect, ServiceRating
from portal.domain.ratings.service import Answers
from portal.domain.ratings.words import SCORES, tone_of
from portal.web.fields import MomentField
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.signing import RATINGS

NOT_APPLICABLE, NOT_SAID = "na", ""
MAX_OPINION = 2000


class RatingForm(PortalForm):
    """The satisfaction survey (F42): the overall score, what is asked beside it, and an open opinion."""

    score = RadioField(_l("How was our service?"), choices=RATINGS, validators=[DataRequired()])
    opinion = TextAreaField(_l("Anything to add?"), validators=[Length(max=MAX_OPINION)])
    is_complaint = BooleanField(_l("This is a complaint: please look into it"))

    uids: dict[str, str] = {}
    """Field → the aspect that it asks about."""

    @property
    def asked(self) -> list[Any]:
        """The fields beside the overall score."""
        return [self[name] for name in self.uids]

    def answers(self) -> Answers:
        """What was said. Raises NotValid."""
        said = {uid: self[name].data for name, uid in self.uids.items() if self[name].data in _SCORES}
        aspects = {uid: None if value == NOT_APPLICABLE else int(value) for uid, value in said.items()}
        return Answers(int(self.score.data), self.opinion.data or "", self.is_complaint.data, aspects)


_SCORES = {NOT_APPLICABLE, *map(str, SCORES)}


class LinkForm(RatingForm):
    """The same by a mailed link."""

    name = StringField(_l("Your name"), validators=[Length(max=100)])


class PhoneForm(RatingForm):
    """The same as somebody said it by telephone."""

    name = StringField(_l("Who said so?"), validators=[DataRequired(), Length(max=100)])
    occurred_at = MomentField(_l("When, if earlier than now"), validators=[Optional()])


def rating_form(kind: type[RatingForm], aspects: list[RatingAspect], known: ServiceRating | None = None) -> Any:
    """The form with a question for each aspect; filled with what was said, where it is being changed."""
    before = {row["uid"]: row["score"] for row in known.aspects} if known else {}
    fields: dict[str, Any] = {"uids": {f"aspect_{aspect.id}": aspect.uid for aspect in aspects}}
    for aspect in aspects:
        fields[f"aspect_{aspect.id}"] = RadioField(
            say(aspect.name),
            choices=[*RATINGS, SelectChoice(NOT_APPLICABLE, _("Not applicable"))],
            default=_before(before, aspect.uid),
            validators=[Optional()],
        )
    return type(kind.__name__, (kind,), fields)(version=known.answers_version if known else 0, **_said(known))


def _before(before: dict[str, int | None], uid: str) -> str:
    if uid not in before:
        return NOT_SAID
    return NOT_APPLICABLE if before[uid] is None else str(before[uid])


def _said(known: ServiceRating | None) -> dict[str, Any]:
    if known is None or known.score is None:
        return {}
    said = {"score": str(known.score), "opinion": known.opinion, "is_complaint": known.is_complaint}
    return said | {"name": known.given_name}


def score_badge(score: int | None) -> tuple[str, str] | None:
    """A score for `ui.badge`: "4 · Satisfied"."""
    return (f"{score} · {say(SCORES[score])}", tone_of(score)) if score else None


def details(rating: ServiceRating) -> list[tuple[str, str]]:
    """What was said beside the overall score, for `ui.facts`."""
    return [
        (say(Text2(**row["text"])), _("Not applicable") if row["score"] is None else score_badge(row["score"])[0])
        for row in rating.aspects
    ]
