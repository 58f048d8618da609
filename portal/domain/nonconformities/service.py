"""Opening nonconformities from what failed, and closing them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act
from portal.domain.checklists.content import said
from portal.domain.checklists.judging import limits
from portal.domain.checklists.models import Reading
from portal.domain.checklists.words import Outcome
from portal.domain.nonconformities import lifecycle
from portal.domain.nonconformities.models import Nonconformity


def of_reading(session: Session, reading: Reading) -> Nonconformity | None:
    """The nonconformity that a reading led to, if any."""
    return session.scalars(sa.select(Nonconformity).where(Nonconformity.reading_id == reading.id)).one_or_none()


def open_for(session: Session, reading: Reading, person: Person) -> Nonconformity:
    """Put a failed reading of a completed sheet before quality. Numbered NC. Raises NotNow."""
    sheet = reading.sheet
    if reading.outcome is not Outcome.FAIL or sheet.completed_at is None:
        raise NotNow(Message("Only what failed on a completed sheet is a nonconformity."))
    if of_reading(session, reading) is not None:
        raise NotNow(Message("There is a nonconformity of this reading already."))
    order = sheet.order
    record = Nonconformity(
        company=order.company,
        reading_id=reading.id,
        device_id=order.request.device_id,
        item=reading.item.name,
        said=str(said(reading.item, reading)),
        limits=limits(reading.item),
        **{name: getattr(sheet, name) for name in ("organisation_id", "site_id", "dealer_id", "centre_id")},
        technician_id=sheet.technician_id,
    )

    def change(act: Act) -> None:
        record.opened_at = act.at

    with session.no_autoflush:
        return perform(session, lifecycle.OPEN, record, person, change).record


def close(session: Session, record: Nonconformity, person: Person, reason: str) -> Act:
    """Close it, with what was decided and done."""

    def change(act: Act) -> None:
        record.closed_at, record.closed_by_id, record.why_closed = act.at, person.id, act.reason

    return perform(session, lifecycle.CLOSE, record, person, change, reason=reason)
