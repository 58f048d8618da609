"""Keeping the known answers, and counting whom they helped."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.errors import Message, NotNow
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.core.verbs import Act, setting
from portal.domain.answers import lifecycle
from portal.domain.answers.models import AnswerHelped, KnownAnswer
from portal.domain.answers.words import Audience
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device


def add(
    session: Session,
    person: Person,
    *,
    question: Text2,
    answer: Text2,
    audience: Audience,
    product: Product | None = None,
) -> KnownAnswer:
    """Write an answer down. It is offered from now on."""
    record = KnownAnswer(**_values(question, answer, audience, product))
    return perform(session, lifecycle.ADD, record, person).record


def edit(
    session: Session,
    record: KnownAnswer,
    person: Person,
    base_version: int,
    *,
    question: Text2,
    answer: Text2,
    audience: Audience,
    product: Product | None,
) -> Act:
    """Answer otherwise, or for others. Raises Stale."""
    change = setting(_values(question, answer, audience, product))
    return perform(session, lifecycle.EDIT, record, person, change, base_version=base_version)


def _values(question: Text2, answer: Text2, audience: Audience, product: Product | None) -> dict[str, Any]:
    values = {"question": question, "answer": answer, "audience": audience, "sort_key": sort_key(question)}
    return values | {"product_id": product.id if product else None}


def retire(session: Session, record: KnownAnswer, person: Person) -> Act:
    """It is not offered any more."""
    return perform(session, lifecycle.RETIRE, record, person)


def revive(session: Session, record: KnownAnswer, person: Person) -> Act:
    """It is offered again."""
    return perform(session, lifecycle.REVIVE, record, person)


def help_with(session: Session, record: KnownAnswer, person: Person, device: Device) -> None:
    """Count that it solved somebody's problem with `device`: once for each person, however often they say so."""
    if _was_helped(session, record, person):
        return

    def change(act: Act) -> None:
        if _was_helped(session, record, person):  # in another window, while this one waited for the lock
            raise NotNow(Message("You have said so already."))
        record.helped += 1
        said = {"account_id": person.id, "device_id": device.id, "said_at": act.at}
        session.add(AnswerHelped(answer=record, **said))

    perform(session, lifecycle.HELP, record, person, change)


def _was_helped(session: Session, record: KnownAnswer, person: Person) -> bool:
    said = sa.select(AnswerHelped.id).where(AnswerHelped.answer_id == record.id, AnswerHelped.account_id == person.id)
    return session.scalar(said) is not None
