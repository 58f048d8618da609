"""Who took which document or file: the access log as a list."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.access import Access
from portal.core.files.models import Attachment, File
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person
from portal.domain.accounts.models import Account
from portal.domain.documents.models import Document, Rendition, Revision
from portal.domain.permissions import P

A, WHO = Access.__table__, Account.__table__
PDF, REVISION, DOCUMENT = (model.__table__ for model in (Rendition, Revision, Document))
AT, FILE = Attachment.__table__, File.__table__

TAKEN = Listing(
    columns=(
        A.c.at,
        WHO.c.uid,
        WHO.c.name,
        A.c.kind,
        DOCUMENT.c.number,
        REVISION.c.revision,
        PDF.c.language,
        FILE.c.display_name,
        A.c.address,
    ),
    source=A.outerjoin(WHO, WHO.c.id == A.c.person_id)
    .outerjoin(PDF, sa.and_(A.c.kind == "rendition", PDF.c.uid == A.c.record))
    .outerjoin(REVISION, REVISION.c.id == PDF.c.revision_id)
    .outerjoin(DOCUMENT, DOCUMENT.c.id == REVISION.c.document_id)
    .outerjoin(AT, sa.and_(A.c.kind == "attachment", AT.c.uid == A.c.record))
    .outerjoin(FILE, FILE.c.id == AT.c.file_id),
    key=A.c.id,
    id=A.c.id,
)


class Taking(NamedTuple):
    """One taking. A document has number, revision and language; a file its name; what is gone has neither."""

    at: Any
    person: str | None
    name: str | None
    kind: str
    number: str | None
    revision: int | None
    language: str | None
    file_name: str | None
    address: str


def taken(session: Session, person: Person, person_id: int | None = None, cursor: str | None = None) -> Page:
    """The newest takings first, as `Taking`; nothing for who may not read the trail."""
    arms = [sa.true()] if person.can(P.TRAIL_SEE) else []
    found = page(session, TAKEN, arms, [A.c.person_id == person_id] if person_id is not None else [], cursor)
    return Page([Taking(*row) for row in found.rows], found.next, found.previous)
