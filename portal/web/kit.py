"""What to take along to an order, for the desk and the technician: the model's kit and likely parts (DSP-3)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.domain.catalog.models import Product
from portal.domain.kits.models import KitKind
from portal.domain.kits.service import kit_of
from portal.domain.servicing.experience import likely_parts
from portal.web.languages import say

FEW = 5
"""Likely parts that are named."""


def to_take(session: Session, product: Product) -> list[tuple[str, str]]:
    """(key, what to take) for each thing, kits before likely parts. Two statements."""
    kit = [(item.uid, _named(item.kind, say(item.name))) for item in kit_of(session, product.id)]
    likely = likely_parts(session, product.id, size=FEW)
    return kit + [(f"part {part.part_number} {part.name}", _part(part)) for part in likely]


def _part(part: Any) -> str:
    """A part that earlier repairs used, as it was written then."""
    return _named(KitKind.PART, " ".join(filter(None, (part.part_number, part.name))))


def _named(kind: KitKind, name: str) -> str:
    return _("%(kind)s: %(name)s", kind=say(kind), name=name)
