"""Lists of fault codes."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind, CodeState
from portal.domain.permissions import P

F, FAMILY = FaultCode.__table__, ProductFamily.__table__

CODES = Listing(
    columns=(F.c.uid, F.c.kind, F.c.code, F.c.name, FAMILY.c.name, F.c.state),
    source=F.outerjoin(FAMILY, FAMILY.c.id == F.c.family_id),
    key=F.c.code,
    id=F.c.id,
    newest_first=False,
)
"""uid, kind, code, name, family's name or None, state."""


def codes(
    session: Session,
    person: Person,
    *,
    kind: CodeKind | None = None,
    family_id: int | None = None,
    state: CodeState | None = None,
    cursor: str | None = None,
) -> Page:
    """Codes that `person` may see, by code; rows as CODES says."""
    conditions = []
    if kind is not None:
        conditions.append(F.c.kind == kind)
    if family_id is not None:
        conditions.append(F.c.family_id == family_id)
    if state is not None:
        conditions.append(F.c.state == state)
    return page(session, CODES, arms(person, FaultCode, P.FAULTCODE_SEE), conditions, cursor)


def to_choose(session: Session, product: Product, recorded: Iterable[int | None] = ()) -> list[FaultCode]:
    """The codes in use that hold for a model, the family's before the general ones, and those `recorded` (ids)."""
    fits = sa.or_(F.c.family_id.is_(None), F.c.family_id == product.family_id)
    kept = [code_id for code_id in recorded if code_id is not None]
    offered = sa.or_(sa.and_(fits, F.c.state == CodeState.IN_USE), F.c.id.in_(kept))
    statement = sa.select(FaultCode).where(offered).order_by(F.c.family_id.is_(None), F.c.code, F.c.id)
    return list(session.execute(statement).scalars())
