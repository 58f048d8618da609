"""What was given up, newest first."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from portal.core import notices, outbox
from portal.core.notices import Delivery, Notice
from portal.core.outbox import OutboxRow
from portal.domain.documents.models import Rendition, RenditionState, Revision

LIMIT = 100


def undelivered(session: Session) -> list[tuple[Delivery, Notice]]:
    """Notices that reached nobody."""
    return notices.undelivered(session, LIMIT)


def failed_papers(session: Session) -> list[Rendition]:
    """PDFs that could not be made, with their documents."""
    statement = sa.select(Rendition).join(Rendition.revision).join(Revision.document)
    whole = contains_eager(Rendition.revision).contains_eager(Revision.document)
    statement = statement.where(Rendition.state == RenditionState.FAILED).options(whole)
    return list(session.execute(statement.order_by(Rendition.id.desc()).limit(LIMIT)).scalars())


def failed_jobs(session: Session) -> list[OutboxRow]:
    """Jobs that failed to the end. Notices and PDFs have lists of their own, which say more."""
    rows = outbox.dead(session, LIMIT)
    return [row for row in rows if not row.kind.startswith("notice.") and row.kind != "document.render"]
