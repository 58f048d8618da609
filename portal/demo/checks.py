"""The checklists of the demonstration: published for its ventilators, pumps and their electrical safety."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.permissions import Person
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.checklists import service
from portal.domain.checklists.judging import Entry, spelt
from portal.domain.checklists.models import Checklist, ChecklistItem, TestSheet
from portal.domain.checklists.words import AppliedPart, ItemKind, Protection, SheetState
from portal.domain.nonconformities import service as nonconformities
from portal.domain.servicing import testing
from portal.domain.servicing.models import WorkOrder

USES = {
    "ventilator": ("ventilator",),
    "infusion": ("infusion",),
    "electrical-safety": ("ventilator", "infusion"),
}
"""Shipped checklist → the models that it is for here. The general one stays a draft to be tried."""

TOOLS = {
    "ventilator": ("气流分析仪 PF-300", "JL-2019-031", date(2027, 6, 30)),
    "infusion": ("输液泵分析仪 IDA-5", "JL-2021-007", date(2027, 3, 31)),
    "electrical-safety": ("电气安全分析仪 ESA-615", "JL-2020-015", date(2027, 9, 30)),
}
PLATE = {"protection": Protection.I, "applied": AppliedPart.BF}
SHARE = Decimal("0.45")
"""Where between its limits a measured value lies."""


def publish(session: Session, cast: Cast) -> None:
    """Quality reads what is shipped and publishes it for the models of the house."""
    quality = person_of(cast.people["quality"])
    for key, models in USES.items():
        checklist = session.scalars(sa.select(Checklist).where(Checklist.key == key)).one()
        service.choose(session, checklist, quality, None, [cast.products[model] for model in models])
        service.publish(session, checklist.draft, quality)


def fill(stage: Any, order: WorkOrder, fails: int = 0) -> None:
    """The technician fills in every open sheet; in the first, the item at the place `fails` is outside its limits."""
    for sheet in order.last_sheets:
        if sheet.state is SheetState.OPEN:
            _fill(stage.session, sheet, person_of(order.technician), fails)
            fails = 0


def _fill(session: Session, sheet: TestSheet, technician: Person, fails: int) -> None:
    name, number, until = TOOLS[sheet.checklist.key]
    plate = PLATE if sheet.asks_plate else dict.fromkeys(PLATE)
    asked = [item for item in sheet.version.items if item.required and item.is_for(**plate)]
    entries = {item.position: Entry(_typed(item, item.position == fails)) for item in asked}
    tools = [{"name": name, "number": number, "valid_until": until}]
    testing.fill(session, sheet, technician, entries, tools, **plate, finish=True)
    for reading in sheet.failed:
        nonconformities.open_for(session, reading, technician)


def _typed(item: ChecklistItem, fails: bool) -> str:
    if item.kind is not ItemKind.NUMBER:
        return "fail" if fails else "pass"
    low, high = item.lower or Decimal(0), item.upper or 2 * item.lower
    value = low * Decimal("0.9") if fails else low + (high - low) * SHARE
    return spelt(value.quantize(Decimal(10) ** -item.decimals), item.decimals)
