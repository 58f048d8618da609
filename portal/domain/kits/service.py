"""Keeping kits, and reading the one of a model."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.catalog.models import Product
from portal.domain.kits import lifecycle
from portal.domain.kits.models import KitItem, KitKind


def kit_of(session: Session, product_id: int) -> list[KitItem]:
    """What to take along to a model: tools, then test equipment, then parts, each in the order of adding."""
    mine = sa.select(KitItem).where(KitItem.product_id == product_id, KitItem.in_use.is_(True))
    kinds = list(KitKind)
    return sorted(session.scalars(mine.order_by(KitItem.id)), key=lambda item: kinds.index(item.kind))


def add(session: Session, product: Product, person: Person, kind: KitKind, name: Text2) -> KitItem:
    """Put something on the list of a model."""
    return perform(session, lifecycle.ADD, KitItem(product_id=product.id, kind=kind, name=name), person).record


def drop(session: Session, item: KitItem, person: Person) -> Act:
    """Take it off the list; orders keep what was packed for them."""
    return perform(session, lifecycle.DROP, item, person, setting({"in_use": False}))
