"""Checklists for tests: published for a model, and their sheets filled in through the services."""

from datetime import date, timedelta

import sqlalchemy as sa

from portal.core import clock
from portal.domain.catalog.models import Product
from portal.domain.checklists import service
from portal.domain.checklists.judging import Entry
from portal.domain.checklists.models import Checklist, TestSheet
from portal.domain.checklists.words import AppliedPart, ItemKind, Protection
from portal.domain.servicing import testing

TYPED = {ItemKind.CHECK: "pass", ItemKind.CHOICE: "0", ItemKind.TEXT: "V2.1"}
PLATE = {"protection": Protection.I, "applied": AppliedPart.BF}


def shipped(session, key) -> Checklist:
    """One of those that are shipped, by its short name."""
    return session.scalars(sa.select(Checklist).where(Checklist.key == key)).one()


def publish(session, key, people, product=None) -> Checklist:
    """Let a shipped checklist hold for a model; without one for all devices."""
    checklist = shipped(session, key)
    product = product and session.get_one(Product, product.id)
    service.choose(session, checklist, people.quality, None, [product])
    service.publish(session, checklist.draft, people.quality)
    return checklist


def tool(until: date | None = None, **values):
    """A row of the instruments."""
    day = until or (clock.now() + timedelta(days=90)).date()
    return {"name": "呼吸机检测仪 VT650", "number": "JL-0231", "valid_until": day} | values


def passing(sheet: TestSheet, **typed: str) -> dict[int, Entry]:
    """An entry for each item that passes; `typed` says otherwise, by the place of the item (n5="480")."""
    found = {item.position: Entry(_typical(item)) for item in sheet.items if item.required}
    return found | {int(name[1:]): Entry(text) for name, text in typed.items()}


def _typical(item) -> str:
    if item.kind is not ItemKind.NUMBER:
        return TYPED[item.kind]
    low, high = item.lower or 0, item.upper or item.lower * 2
    return f"{(low + high) / 2:f}"


def fill(session, order, technician, *, finish=True, **typed: str) -> TestSheet:
    """Fill the order's first open sheet, and complete it."""
    sheet = next(sheet for sheet in order.last_sheets if sheet.state == "open")
    plate = PLATE if sheet.asks_plate else {}
    testing.fill(session, sheet, technician, passing(sheet, **typed), [tool()], finish=finish, **plate)
    return sheet
