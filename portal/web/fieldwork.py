"""What several audiences show of a work order: its log with photos, and the report as it stands."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.core.files import attached
from portal.domain.servicing.models import WorkOrder
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
