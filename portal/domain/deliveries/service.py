"""Starting afresh what was given up."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import notices, outbox
from portal.core.audit import AuditEntry
from portal.core.notices import Delivery, Notice, Progress
from portal.core.outbox import OutboxRow
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act, lifecycles
from portal.domain.deliveries import lifecycle
from portal.domain.organisations.models import Company


def deliver_again(session: Session, delivery: Delivery, person: Person) -> None:
    """Try one notice again; nothing happens where it was started again already."""
    if delivery.state is not Progress.DEAD:
        return
    notice = session.get_one(Notice, delivery.notice_id)
    root = _root(session, notice.root_kind, notice.root_id)
    perform(session, lifecycle.DELIVER_AGAIN, root, person, lambda act: _deliver(act, delivery))


def deliver_all_again(session: Session, deliveries: Sequence[Delivery], person: Person) -> int:
    """Try all of these again, as one act of the company: after the mail server was away. Returns how many."""
    dead = [delivery for delivery in deliveries if delivery.state is Progress.DEAD]

    def change(act: Act) -> None:
        for delivery in dead:
            _deliver(act, delivery)

    if dead:
        perform(session, lifecycle.DELIVER_ALL_AGAIN, _company(session), person, change)
    return len(dead)


def _deliver(act: Act, delivery: Delivery) -> None:
    before = delivery.state
    notices.deliver_again(act.session, delivery)
    _note(act, delivery, "state", before, delivery.state)


def run_again(session: Session, row: OutboxRow, person: Person) -> None:
    """Start a job again that was given up; nothing happens where it was started again already."""
    if row.dead_at is None:
        return
    cause = session.get(AuditEntry, row.cause_id) if row.cause_id else None
    root = _root(session, cause.root_kind, cause.root_id) if cause else _company(session)

    def change(act: Act) -> None:
        before = row.state
        outbox.retry(act.session, row)
        _note(act, row, "state", before, row.state)

    perform(session, lifecycle.RUN_AGAIN, root, person, change)


def _root(session: Session, kind: str, root_id: int) -> Any:
    """The record behind it, or the company where that is gone."""
    known = lifecycles.get(kind)
    record = session.get(known.model, root_id) if known else None
    return record or _company(session)


def _company(session: Session) -> Company:
    return session.execute(sa.select(Company).order_by(Company.id).limit(1)).scalar_one()


def _note(act: Act, row: Any, name: str, before: Any, after: Any) -> None:
    """Put a change of machinery into the act's entry: the guard notes only those of business records."""
    change = {"table": row.__tablename__, "id": row.id, "set": {name: [before, after]}, "personal": ()}
    act.changes[row] = change
