"""Keeping the catalogue of products."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.core.verbs import setting
from portal.domain.catalog import lifecycle, queries, udi
from portal.domain.catalog.models import Product, ProductFamily


def list_product(session: Session, person: Person, **values: Any) -> Product:
    """Add a product to the catalogue.

    Raises NotValid for a UDI-DI that was misread or is another product's, and for goods by lot without their unit.
    """
    _ask_for_unit(values.get("by_lot", False), values.get("unit"))
    values["udi_di"] = _udi_di(session, values.get("udi_di", ""))
    product = Product(sort_key=sort_key(values["name"]), **values)
    return perform(session, lifecycle.LIST, product, person).record


def edit(session: Session, product: Product, person: Person, base_version: int, **values: Any) -> None:
    """Change a product's details. Raises NotValid as `list_product` does, Stale."""
    _ask_for_unit(values.get("by_lot", product.by_lot), values.get("unit", product.unit))
    if values.get("udi_di", product.udi_di) != product.udi_di:
        values["udi_di"] = _udi_di(session, values["udi_di"])
    if "name" in values:
        values["sort_key"] = sort_key(values["name"])
    perform(session, lifecycle.EDIT, product, person, setting(values), base_version=base_version)


def _ask_for_unit(by_lot: bool, unit: Text2 | None) -> None:
    """A quantity says nothing without what is counted."""
    if by_lot and unit is None:
        raise NotValid(unit_zh=Message("Say what is counted, such as: boxes, vials, test strips."))


def _udi_di(session: Session, typed: str) -> str:
    """The UDI-DI as it is kept, from however it was typed or scanned."""
    if not typed.strip():
        return ""
    try:
        reading = udi.read(typed)
    except udi.Unreadable as error:
        raise NotValid(udi_di=error.message) from error
    twin = next(iter(queries.of_di(session, reading.dis[:2])), None)
    if twin is not None:
        raise NotValid(udi_di=Message("%(name)s %(model)s has this UDI-DI already.", name=twin.name, model=twin.model))
    return reading.di


def add_family(session: Session, person: Person, *, code: str, name: Text2) -> ProductFamily:
    """Add a family of products."""
    family = ProductFamily(code=code, name=name, sort_key=sort_key(name))
    return perform(session, lifecycle.ADD_FAMILY, family, person).record


def rename_family(session: Session, family: ProductFamily, person: Person, base_version: int, name: Text2) -> None:
    """Call a family otherwise."""
    values = {"name": name, "sort_key": sort_key(name)}
    perform(session, lifecycle.RENAME_FAMILY, family, person, setting(values), base_version=base_version)
