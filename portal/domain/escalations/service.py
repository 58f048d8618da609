"""Asking second line or the manufacturer, and what comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.errors import Message, NotValid
from portal.core.files import Incoming, attach, store
from portal.core.locks import lock
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.escalations import lifecycle, notices
from portal.domain.escalations.models import Escalation, State
from portal.domain.organisations.models import Organisation
from portal.domain.policies import calendars, waiting
from portal.domain.policies.models import Waiting, WaitingReason
from portal.domain.servicing.models import WorkOrder

SECOND_LINE, MAKER = "second_line", "manufacturer"
"""The waiting reasons of a case whose question lies with a colleague, or with a manufacturer."""

EVERY = figures.declare(
    "question_reminder_days", 1, "working days", "operating decision: a stopped device waits for the answer"
)
REMINDERS = figures.declare(
    "question_reminders", 2, "reminders", "operating decision: after that the manager is told as well", least=0
)


def ask(
    session: Session,
    order: WorkOrder,
    person: Person,
    to: Account | Organisation,
    question: str,
    *,
    email: str = "",
    files: Sequence[Incoming] = (),
) -> Escalation:
    """Put a question to a colleague or to a manufacturer (`email`: where it is mailed); the case waits meanwhile.

    Whether promised times stand still is what the waiting reason says. Raises NotNow for an order that is over.
    """
    colleague = isinstance(to, Account)
    record = Escalation(
        company=order.company,
        order=order,
        order_id=order.id,
        **{name: getattr(order, name) for name in ("organisation_id", "dealer_id", "centre_id", "technician_id")},
        expert=to if colleague else None,
        expert_id=to.id if colleague else None,
        supplier=None if colleague else to,
        supplier_id=None if colleague else to.id,
        supplier_email="" if colleague else email,
        asked_by_id=person.id,
        asked_by_name=person.name,
        question=question,
        language=person.language,
    )

    def change(act: Act) -> None:
        record.asked_at = act.at
        record.next_reminder_at = _reminder(session, record, act.at)
        session.add(record)
        session.flush()
        for incoming in files:
            file = store(session, incoming, organisation_id=order.organisation_id, created_by_id=person.id)
            attach(session, file, root=record, purpose="question", internal=True, created_by_id=person.id)

    with session.no_autoflush:
        return perform(session, lifecycle.ASK, record, person, change).record


def _reminder(session: Session, record: Escalation, after: datetime) -> datetime | None:
    """As the office opens, so many working days on."""
    version = calendars.for_centre(session, record.centre_id)
    return None if version is None else waiting.opening(version, after, figures.integer(session, EVERY))


def answer(session: Session, record: Escalation, person: Person, text: str) -> Act:
    """The colleague answers."""
    return _settle(session, lifecycle.ANSWER, record, person, text, person.name)


def record_answer(session: Session, record: Escalation, person: Person, text: str, answered_by: str) -> Act:
    """Write down what the manufacturer answered, and who there did."""
    if not answered_by.strip():
        raise NotValid(answered_by=Message("Say who at the manufacturer answered."))
    return _settle(session, lifecycle.RECORD_ANSWER, record, person, text, answered_by.strip())


def _settle(session: Session, verb: Any, record: Escalation, person: Person, text: str, answered_by: str) -> Act:
    def change(act: Act) -> None:
        record.answer, record.answered_by = text, answered_by
        record.answered_at, record.recorded_by_id, record.next_reminder_at = act.at, person.id, None

    return perform(session, verb, record, person, change)


def withdraw(session: Session, record: Escalation, person: Person, reason: str) -> Act:
    """The answer is no longer needed."""

    def change(act: Act) -> None:
        record.next_reminder_at = None

    return perform(session, lifecycle.WITHDRAW, record, person, change, reason=reason)


def await_answer(cause: Act) -> None:
    """Reaction to a question: the case waits, and its clocks stop only where the reason says so."""
    record, session = cause.record, cause.session
    reason = session.scalars(sa.select(WaitingReason).where(WaitingReason.key == _reason_of(record))).one_or_none()
    if reason is not None and reason.in_use and not _open_waitings(session, record):
        waiting.begin(session, record.order.request, SYSTEM, reason, record.question)


def stop_waiting(cause: Act) -> None:
    """Reaction to an answer and to a withdrawal: the case goes on, unless another such question is open."""
    record = cause.record
    same_kind = Escalation.expert_id.is_not(None) if record.expert_id else Escalation.supplier_id.is_not(None)
    others = sa.select(Escalation.id).where(Escalation.order_id == record.order_id, Escalation.state == State.OPEN)
    if cause.session.scalar(others.where(same_kind, Escalation.id != record.id).limit(1)) is None:
        for one in _open_waitings(cause.session, record):
            waiting.end(cause.session, one, SYSTEM)


def _reason_of(record: Escalation) -> str:
    return SECOND_LINE if record.expert_id is not None else MAKER


def _open_waitings(session: Session, record: Escalation) -> list[Waiting]:
    request = record.order.request
    found = waiting.open_of(session, request.__tablename__, request.id)
    return [one for one in found if one.reason.key == _reason_of(record)]


def next_reminders(session: Session, at: datetime, limit: int = 100) -> list[int]:
    """Ids of open questions whose reminder has come."""
    came = sa.select(Escalation.id).where(Escalation.next_reminder_at.is_not(None), Escalation.next_reminder_at <= at)
    return list(session.scalars(came.order_by(Escalation.next_reminder_at, Escalation.id).limit(limit)))


def remind(session: Session, record_id: int, at: datetime) -> bool:
    """Remind once of a question whose time has come; after the last reminder the manager is told as well."""
    record = session.get_one(Escalation, record_id)
    lock(session, record)
    if record.next_reminder_at is None or record.next_reminder_at > at:
        return False
    too_long = record.reminders_sent >= figures.integer(session, REMINDERS)

    def change(act: Act) -> None:
        record.reminders_sent += 1
        record.next_reminder_at = _reminder(session, record, at)

    notices.still_waits(perform(session, lifecycle.REMIND, record, SYSTEM, change), too_long=too_long)
    return True
