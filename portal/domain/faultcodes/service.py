"""Keeping the fault codes."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.faultcodes import lifecycle
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind


def add(
    session: Session, person: Person, *, kind: CodeKind, code: str, name: Text2, family: ProductFamily | None = None
) -> FaultCode:
    """Add a code. Raises NotValid where the same kind has it already."""
    twin = sa.select(FaultCode.id).where(FaultCode.kind == kind, FaultCode.code == code)
    if session.scalar(twin) is not None:
        raise NotValid(code=Message("This code is taken: choose another, or take the old one into use again."))
    record = FaultCode(kind=kind, code=code, name=name, family_id=family.id if family else None)
    return perform(session, lifecycle.ADD, record, person).record


def edit(
    session: Session, code: FaultCode, person: Person, base_version: int, *, name: Text2, family: ProductFamily | None
) -> Act:
    """Call it otherwise, or let it hold for another family; records that carry it keep it."""
    values = {"name": name, "family_id": family.id if family else None}
    return perform(session, lifecycle.EDIT, code, person, setting(values), base_version=base_version)


def retire(session: Session, code: FaultCode, person: Person) -> Act:
    """It cannot be chosen any more."""
    return perform(session, lifecycle.RETIRE, code, person)


def revive(session: Session, code: FaultCode, person: Person) -> Act:
    """It can be chosen again."""
    return perform(session, lifecycle.REVIVE, code, person)


def require_fit(code: FaultCode | None, kind: CodeKind, product: Product, field: str) -> None:
    """Raises NotValid at `field` where the code is of another kind, or holds for other products."""
    if code is not None and (code.kind is not kind or not code.fits(product)):
        raise NotValid(**{field: Message("This code does not hold for %(model)s.", model=product.model)})
