"""Leaving the site: what is ticked before the report, and countersigned with it (003-c 第13条; QCR-10; F05 恢复原状).

The list is data: items are added and changed by the house; an order keeps what they said when it was ticked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb, setting
from portal.domain.permissions import P
from portal.domain.servicing import orders
from portal.domain.servicing.facts import both
from portal.domain.servicing.models import LeavingItem, WorkOrder

ADD = Verb("add", on=NEW, permission=P.POLICY_EDIT, label=Message("Add to the list"))
EDIT = Verb("edit", on=ANY, permission=P.POLICY_EDIT, label=Message("Change the item"), edits="item")
LEAVING_LIFECYCLE = Lifecycle(LeavingItem, None, [ADD, EDIT])

SHIPPED = (
    Text2("现场已恢复原状，设备归位", "The place is restored, the device is back where it stood"),
    Text2("现场已清洁，废弃物已带走", "The place is clean, waste was taken away"),
    Text2("客户设施与物品无损坏", "Nothing of the customer's was damaged"),
    Text2("工具、备件及随身物品无遗留", "No tool, part or belonging was left behind"),
    Text2("更换下的旧件已交客户，或经其同意带回", "Old parts were handed over, or taken along with consent"),
)


@dataclass(frozen=True)
class Tick:
    """Whether an item holds; where it does not, why."""

    done: bool
    exception: str = ""


def install(session: Session) -> int:
    """Add the shipped items where there are none; returns how many were made."""
    if session.scalar(sa.select(LeavingItem.id).limit(1)) is not None:
        return 0
    for position, text in enumerate(SHIPPED, 1):
        perform(session, ADD, LeavingItem(position=position, name=text), SYSTEM)
    return len(SHIPPED)


def items(session: Session, *, all_of_them: bool = False) -> list[LeavingItem]:
    """The items in use, in their order; with `all_of_them` also those that are not ticked any more."""
    found = sa.select(LeavingItem).order_by(LeavingItem.position, LeavingItem.id)
    return list(session.scalars(found if all_of_them else found.where(LeavingItem.in_use)))


def add(session: Session, person: Person, **values: Any) -> LeavingItem:
    """Add to the list: position, name, in_use."""
    return perform(session, ADD, LeavingItem(**values), person).record


def edit(session: Session, item: LeavingItem, person: Person, base_version: int, **values: Any) -> Act:
    """Change an item; orders that were ticked keep what it said."""
    return perform(session, EDIT, item, person, setting(values), base_version=base_version)


def record(session: Session, order: WorkOrder, person: Person, base_version: int, ticks: Mapping[str, Tick]) -> Act:
    """Tick the list for `order`; `ticks` by the items' uids. Raises NotValid where one neither holds nor says why."""
    wanted = items(session)
    for item in wanted:
        tick = ticks.get(item.uid, Tick(False))
        if not tick.done and not tick.exception.strip():
            raise NotValid(**{f"exception_{item.id}": Message("Tick it, or say why it does not hold.")})
    rows = [_row(item, ticks[item.uid]) for item in wanted]
    return perform(session, orders.RECORD_LEAVING, order, person, setting({"leaving": rows}), base_version=base_version)


def _row(item: LeavingItem, tick: Tick) -> dict[str, Any]:
    """As the order and its report keep it."""
    values = {"uid": item.uid, "version": item.item_version, "text": both(item.name)}
    return values | {"done": tick.done, "exception": "" if tick.done else tick.exception.strip()}
