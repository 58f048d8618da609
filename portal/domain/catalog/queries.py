"""Lists of products."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.catalog.models import Product, ProductFamily
from portal.domain.permissions import P

T = Product.__table__

PRODUCTS = Listing(
    columns=(T.c.uid, T.c.name, T.c.model, T.c.brand, T.c.risk_class, T.c.registration_number),
    source=T,
    key=T.c.sort_key,
    id=T.c.id,
    newest_first=False,
)
"""uid, name, model, brand, risk class, registration number."""


def products(session: Session, person: Person, cursor: str | None = None) -> Page:
    """The catalogue by name; rows as PRODUCTS says."""
    return page(session, PRODUCTS, arms(person, Product, P.PRODUCT_SEE), cursor=cursor)


def all_products(session: Session) -> list[Product]:
    """Every product by name, to choose from."""
    return list(session.execute(sa.select(Product).order_by(Product.sort_key, Product.id)).scalars())


def of_di(session: Session, dis: Sequence[str]) -> list[Product]:
    """The products registered under one of these spellings of a UDI-DI, the best spelling first."""
    found = session.scalars(sa.select(Product).where(Product.udi_di.in_(dis))).all()
    return sorted(found, key=lambda product: dis.index(product.udi_di))


def families(session: Session) -> list[ProductFamily]:
    """Every family of products by name."""
    by_name = sa.select(ProductFamily).order_by(ProductFamily.sort_key, ProductFamily.id)
    return list(session.execute(by_name).scalars())
