"""What is asked beside the overall score. The list is data (F42); ratings keep what they were asked."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, setting
from portal.domain.ratings import lifecycle
from portal.domain.ratings.models import RatingAspect
from portal.domain.ratings.words import SCORES

SHIPPED = (
    Text2("响应速度", "How quickly we came"),
    Text2("技术水平", "Skill"),
    Text2("服务态度", "Manner"),
    Text2("维修效果", "Result"),
    Text2("配件供应", "Supply of parts"),
    Text2("收费合理", "Price"),
    Text2("使用培训", "Training"),
)


def install(session: Session) -> int:
    """Add the shipped aspects where there are none; returns how many were made."""
    if session.scalar(sa.select(RatingAspect.id).limit(1)) is not None:
        return 0
    for position, name in enumerate(SHIPPED, 1):
        perform(session, lifecycle.ADD, RatingAspect(position=position, name=name), SYSTEM)
    return len(SHIPPED)


def aspects(session: Session, *, all_of_them: bool = False) -> list[RatingAspect]:
    """What is asked, in its order; with `all_of_them` also what is not asked any more."""
    found = sa.select(RatingAspect).order_by(RatingAspect.position, RatingAspect.id)
    return list(session.scalars(found if all_of_them else found.where(RatingAspect.in_use)))


def add(session: Session, person: Person, **values: Any) -> RatingAspect:
    """Add to what is asked: position, name, in_use."""
    return perform(session, lifecycle.ADD, RatingAspect(**values), person).record


def edit(session: Session, aspect: RatingAspect, person: Person, base_version: int, **values: Any) -> Act:
    """Change what is asked; ratings that were given keep what it said."""
    return perform(session, lifecycle.EDIT, aspect, person, setting(values), base_version=base_version)


def kept(session: Session, said: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """What a rating keeps of `said`, by the aspects' uids: a score, or None where it was called not applicable.

    Raises NotValid for a score that there is not.
    """
    if any(score is not None and score not in SCORES for score in said.values()):
        raise NotValid(score=Message("Please choose one of the scores."))
    return [
        {"uid": aspect.uid, "text": {"zh": aspect.name.zh, "en": aspect.name.en}, "score": said[aspect.uid]}
        for aspect in aspects(session)
        if aspect.uid in said
    ]
