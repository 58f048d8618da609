"""Keeping checklists: drafted by one person, published by another, never altered afterwards."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import Act
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.checklists import lifecycle
from portal.domain.checklists.models import Checklist, ChecklistItem, ChecklistUse, ChecklistVersion
from portal.domain.checklists.words import ItemKind

PARTS = (
    "group",
    "kind",
    "name",
    "hint",
    "lower",
    "upper",
    "warn_lower",
    "warn_upper",
    "unit",
    "decimals",
    "choices",
    "protection",
    "applied",
    "required",
    "instrument",
)
"""What an item says."""


def found(session: Session, person: Person, **values: Any) -> Checklist:
    """Add a checklist, still without a version."""
    return perform(session, lifecycle.FOUND, Checklist(**values), person).record


def draft(
    session: Session,
    checklist: Checklist,
    person: Person,
    items: Iterable[ChecklistItem] | None = None,
    *,
    source: str = "",
    **values: Any,
) -> ChecklistVersion:
    """Begin the next version: with these items, else with those of the newest one. One draft at a time."""
    lock(session, checklist)
    if checklist.draft is not None:
        raise NotNow(Message("There is a draft of this checklist already. Finish or discard it first."))
    old = checklist.versions[-1] if checklist.versions else None
    own = list(items) if items is not None else copies(old) if old else []
    version = ChecklistVersion(
        checklist_id=checklist.id,
        version=old.version + 1 if old else 1,
        source=source or (old.source if old else ""),
        drafted_by_id=person.id,
        **({"note": old.note} if old else {}) | values,
    )

    def change(act: Act) -> None:
        version.checklist = checklist
        version.items = own

    with session.no_autoflush:
        return perform(session, lifecycle.DRAFT, version, person, change).record


def copies(version: ChecklistVersion) -> list[ChecklistItem]:
    """The items of a version, for another one."""
    return [
        ChecklistItem(position=item.position, **{name: getattr(item, name) for name in PARTS}) for item in version.items
    ]


def describe(session: Session, version: ChecklistVersion, person: Person, base_version: int, **values: Any) -> Act:
    """Change the source or the note of a draft."""

    def change(version: ChecklistVersion) -> None:
        for name, value in values.items():
            setattr(version, name, value)

    return _edit(session, version, person, base_version, change)


def set_item(
    session: Session, version: ChecklistVersion, person: Person, base_version: int, uid: str | None, **values: Any
) -> Act:
    """Change an item of the draft, or add one at the end (`uid` None). Raises NotValid."""
    check_item(values)

    def change(version: ChecklistVersion) -> None:
        item = next((each for each in version.items if each.uid == uid), None)
        if item is None:
            version.items.append(ChecklistItem(position=len(version.items) + 1, **values))
            return
        for name, value in values.items():
            setattr(item, name, value)

    return _edit(session, version, person, base_version, change)


def drop_item(session: Session, version: ChecklistVersion, person: Person, base_version: int, uid: str) -> Act:
    """Take an item out of the draft."""
    return _edit(session, version, person, base_version, lambda v: _arrange(v, [i for i in v.items if i.uid != uid]))


def move_item(
    session: Session, version: ChecklistVersion, person: Person, base_version: int, uid: str, places: int
) -> Act:
    """Put an item of the draft further up (`places` below 0) or down."""

    def change(version: ChecklistVersion) -> None:
        kept = list(version.items)
        here = next((n for n, item in enumerate(kept) if item.uid == uid), None)
        if here is not None:
            kept.insert(max(here + places, 0), kept.pop(here))
            _arrange(version, kept)

    return _edit(session, version, person, base_version, change)


def _arrange(version: ChecklistVersion, items: Sequence[ChecklistItem]) -> None:
    for position, item in enumerate(items, 1):
        item.position = position
    version.items = list(items)


def _edit(session: Session, version: ChecklistVersion, person: Person, base_version: int, change: Any) -> Act:
    def write(act: Act) -> None:
        change(version)
        version.drafted_by_id = person.id

    return perform(session, lifecycle.EDIT, version, person, write, base_version=base_version)


def check_item(values: dict[str, Any]) -> None:
    """Refuse limits that nothing can meet, and choices that choose nothing. Raises NotValid at the fields."""
    kind = values["kind"]
    if kind is ItemKind.NUMBER:
        _check_limits(*(values.get(name) for name in ("lower", "warn_lower", "warn_upper", "upper")))
        if not values.get("unit"):
            raise NotValid(unit=Message("Give the unit; write 1 where there is none."))
    if kind is ItemKind.CHOICE:
        choices = values.get("choices") or []
        if len(choices) < 2 or not any(row["passes"] for row in choices):
            raise NotValid(answers=Message("Give at least two answers, one of which passes."))


def _check_limits(lower: Any, warn_lower: Any, warn_upper: Any, upper: Any) -> None:
    if lower is not None and upper is not None and lower > upper:
        raise NotValid(upper=Message("The upper limit lies below the lower one."))
    known = [bound for bound in (lower, warn_lower, warn_upper, upper) if bound is not None]
    if known != sorted(known):
        raise NotValid(warn_lower=Message("What is near a limit must lie between the limits."))


def publish(session: Session, version: ChecklistVersion, person: Person) -> Act:
    """Let new sheets be made from the draft; the version before it is withdrawn. Sheets that are begun keep theirs."""
    old = version.checklist.published
    lock(session, version, *([old] if old else ()))

    def change(act: Act) -> None:
        version.approved_by_id, version.approved_at = person.id, act.at

    act = perform(session, lifecycle.PUBLISH, version, person, change)
    if old is not None:
        react(act, lifecycle.REPLACE, old)
    return act


def withdraw(session: Session, version: ChecklistVersion, person: Person, reason: str) -> Act:
    """No new sheet is made from it any more."""
    return perform(session, lifecycle.WITHDRAW, version, person, reason=reason)


def discard(session: Session, version: ChecklistVersion, person: Person) -> Act:
    """Give a draft up."""
    return perform(session, lifecycle.DISCARD, version, person)


Use = Product | RiskClass | None
"""A model, a class, or None: all others."""


def choose(
    session: Session, checklist: Checklist, person: Person, base_version: int | None, uses: Sequence[Use]
) -> Act:
    """Say for which devices it is. Raises NotValid where another one of the same purpose is for the same."""
    wanted = {_as_use(use) for use in uses}
    taken = (
        sa.select(ChecklistUse, Checklist)
        .join(Checklist, Checklist.id == ChecklistUse.checklist_id)
        .where(Checklist.purpose == checklist.purpose, Checklist.id != checklist.id)
    )
    for use, other in session.execute(taken):
        if (use.product_id, use.risk_class) in wanted:
            raise NotValid(Message("“%(name)s” is for these devices already: change that one first.", name=other.name))

    def change(act: Act) -> None:
        kept = [use for use in checklist.uses if (use.product_id, use.risk_class) in wanted]
        new = wanted - {(use.product_id, use.risk_class) for use in kept}
        made = [ChecklistUse(product_id=product_id, risk_class=risk) for product_id, risk in sorted(new, key=str)]
        checklist.uses = [*kept, *made]

    return perform(session, lifecycle.CHOOSE, checklist, person, change, base_version=base_version)


def _as_use(use: Use) -> tuple[int | None, RiskClass | None]:
    return (use.id if isinstance(use, Product) else None, use if isinstance(use, RiskClass) else None)
