"""What is shipped becomes rows. Runs at every start and adds only what is missing; what people changed stays."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.permissions import SYSTEM
from portal.domain.checklists import service
from portal.domain.checklists.models import Checklist, ChecklistItem
from portal.domain.checklists.presets import SHIPPED, Shipped


def install(session: Session) -> int:
    """Add the shipped checklists that are not there, each as a draft; returns how many were made."""
    known = set(session.scalars(sa.select(Checklist.key)))
    missing = [shipped for shipped in SHIPPED if shipped.key not in known]
    for shipped in missing:
        _add(session, shipped)
    return len(missing)


def _add(session: Session, shipped: Shipped) -> None:
    checklist = service.found(session, SYSTEM, key=shipped.key, purpose=shipped.purpose, name=shipped.name)
    items = [ChecklistItem(position=n, **row.values) for n, row in enumerate(shipped.rows, 1)]
    service.draft(session, checklist, SYSTEM, items, source=shipped.source)
