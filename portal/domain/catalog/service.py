"""Keeping the catalogue of products."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.core.verbs import setting
from portal.domain.catalog import lifecycle
from portal.domain.catalog.models import Product


def list_product(session: Session, person: Person, **values: Any) -> Product:
    """Add a product to the catalogue."""
    product = Product(sort_key=sort_key(values["name"]), **values)
    return perform(session, lifecycle.LIST, product, person).record


def edit(session: Session, product: Product, person: Person, base_version: int, **values: Any) -> None:
    """Change a product's details."""
    if "name" in values:
        values["sort_key"] = sort_key(values["name"])
    perform(session, lifecycle.EDIT, product, person, setting(values), base_version=base_version)
