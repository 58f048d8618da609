"""What is shipped becomes rows. Runs at every start and adds only what is missing; what people changed stays."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.perform import perform_many
from portal.core.permissions import SYSTEM
from portal.core.text import sort_key
from portal.domain.catalog.lifecycle import ADD_FAMILY
from portal.domain.catalog.models import ProductFamily
from portal.domain.faultcodes.lifecycle import ADD
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.presets import CODES, FAMILIES


def install(session: Session) -> int:
    """Add the families and codes that are missing; returns how many records were made."""
    families = dict(session.execute(sa.select(ProductFamily.code, ProductFamily.id)).all())
    missing = [
        ProductFamily(code=code, name=name, sort_key=sort_key(name))
        for code, name in FAMILIES.items()
        if code not in families
    ]
    perform_many(session, ADD_FAMILY, missing, SYSTEM)
    families |= {family.code: family.id for family in missing}
    return len(missing) + _codes(session, families)


def _codes(session: Session, families: dict[str, int]) -> int:
    known = set(session.execute(sa.select(FaultCode.kind, FaultCode.code)).all())
    missing = [
        FaultCode(kind=kind, code=code, name=Text2(zh, en), family_id=families.get(family))
        for kind, code, zh, en, family in CODES
        if (kind, code) not in known
    ]
    return perform_many(session, ADD, missing, SYSTEM)
