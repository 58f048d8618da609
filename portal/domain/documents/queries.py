"""Lists of documents."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.documents.kinds import KINDS, BlockName, Kind
from portal.domain.documents.models import Document, Revision, Signature, State
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P

D = Document.__table__

DOCUMENTS = Listing(
    columns=(D.c.uid, D.c.number, D.c.kind, D.c.subject, D.c.state, D.c.last_event_at, Organisation.__table__.c.name),
    source=D.join(Organisation.__table__, Organisation.__table__.c.id == D.c.organisation_id),
    key=D.c.last_event_at,
    id=D.c.id,
)
"""uid, number, kind, subject, state, last event, organisation name."""


def issued(session: Session, person: Person, cursor: str | None = None) -> Page:
    """The documents that `person` may see and that were issued, newest first; also while one is being corrected."""
    reach = arms(person, Document, P.DOCUMENT_SEE)
    return page(session, DOCUMENTS, reach, [D.c.issued_at.is_not(None)], cursor)


def issued_of(session: Session, person: Person, kind: Kind, limit: int) -> Sequence[sa.Row]:
    """The last documents of this kind that `person` may see and that were issued; rows as DOCUMENTS says."""
    reach = arms(person, Document, P.DOCUMENT_SEE)
    if not reach:
        return ()
    mine = sa.select(*DOCUMENTS.columns).select_from(DOCUMENTS.source).where(sa.or_(*reach), D.c.kind == kind.name)
    return session.execute(mine.where(D.c.issued_at.is_not(None)).order_by(D.c.id.desc()).limit(limit)).all()


def documents(session: Session, person: Person, states: Sequence[State] = (), cursor: str | None = None) -> Page:
    """The documents in `states` (all without) that `person` may see, newest first; rows as DOCUMENTS says."""
    conditions = [D.c.state.in_(list(states))] if states else []
    return page(session, DOCUMENTS, arms(person, Document, P.DOCUMENT_SEE), conditions, cursor)


def to_sign(session: Session, person: Person) -> list[Document]:
    """The papers that wait for `person`'s organisation: to be signed, consented to, or confirmed as received."""
    reach = arms(person, Document, P.DOCUMENT_SIGN)
    if not reach:
        return []
    waits = sa.or_(*map(_waits_for_customer, KINDS.values()))
    statement = sa.select(Document).where(sa.or_(*reach), Document.state.in_((State.FROZEN, State.ISSUED)), waits)
    return list(session.execute(statement.order_by(Document.id).limit(20)).scalars())


def _waits_for_customer(kind: Kind) -> sa.ColumnElement[bool]:
    """Papers of this kind whose next signature is the customer's."""
    names = [block.name for block in kind.blocks]
    customer = names.index(BlockName.CUSTOMER)
    state = State.ISSUED if kind.blocks[customer].receipt else State.FROZEN
    before = [_signed(names[customer - 1])] if customer else []
    return sa.and_(Document.kind == kind.name, Document.state == state, *before, ~_signed(BlockName.CUSTOMER))


def _signed(block: BlockName) -> sa.ColumnElement[bool]:
    """The current revision is signed in `block`."""
    return sa.exists().where(
        Revision.document_id == Document.id,
        Revision.revision == Document.revision,
        Signature.revision_id == Revision.id,
        Signature.block == block,
    )


def whole() -> list:
    """Loader options for a document's page."""
    revisions = selectinload(Document.revisions)
    return [revisions.selectinload(Revision.signatures), revisions.selectinload(Revision.renditions)]


def public(session: Session, number: str) -> Document | None:
    """The document of this number with its revisions, for anybody who asks: show no names of it (QCR-9)."""
    statement = sa.select(Document).where(Document.number == number).options(*whole(), joinedload(Document.company))
    return session.execute(statement).unique().scalar_one_or_none()
