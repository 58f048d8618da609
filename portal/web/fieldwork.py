"""What several audiences show of a work order: its log with photos, and why it came back."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.audit import AuditEntry
from portal.core.files import attached
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.orders import CORRECT, SEND_BACK
from portal.web.talk import as_photo

LATER = timedelta(minutes=5)


def log_lines(session: Session, order: WorkOrder) -> list[dict[str, Any]]:
    """The work log, oldest first: each line with its photos, and when it came in if that was later."""
    photos = defaultdict(list)
    for attachment, file in session.execute(attached(order, with_internal=True)):
        photos[attachment.part_uid].append(as_photo(attachment, file))
    return [
        {
            "who": line.author_name,
            "at": line.occurred_at,
            "came_in": line.received_at if line.received_at - line.occurred_at > LATER else None,
            "text": line.text,
            "lang": line.language,
            "photos": photos[line.uid],
        }
        for line in order.logs
    ]


def why_sent_back(session: Session, order: WorkOrder) -> dict[str, Any] | None:
    """Reason and time of the last act that sent the order back to the technician."""
    verbs = [f"{order.__tablename__}:{verb.name}" for verb in (SEND_BACK, CORRECT)]
    here = (AuditEntry.root_kind == order.__tablename__, AuditEntry.root_id == order.id, AuditEntry.verb.in_(verbs))
    newest = sa.select(AuditEntry).where(*here).order_by(AuditEntry.seq.desc()).limit(1)
    entry = session.execute(newest).scalar_one_or_none()
    return {"reason": entry.facts["reason"], "at": entry.at} if entry else None
