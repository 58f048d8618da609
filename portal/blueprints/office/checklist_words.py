"""What a checklist says, in words: one line an item, and what differs between two versions."""

from typing import Any

from flask_babel import gettext as _

from portal.domain.checklists.judging import limits, spelt, unit
from portal.domain.checklists.models import Checklist, ChecklistItem, ChecklistUse, ChecklistVersion
from portal.domain.checklists.words import AppliedPart, ItemKind, Protection
from portal.web.languages import say


def lines(version: ChecklistVersion) -> list[dict[str, Any]]:
    """The items for a table."""
    return [{"item": item, "asks": asks(item), "only": only(item), "more": more(item)} for item in version.items]


def asks(item: ChecklistItem) -> str:
    """What is written down, with its limits or its answers."""
    if item.kind is ItemKind.NUMBER:
        return limits(item) or _("Measured value in %(unit)s", unit=unit(item.unit) or "1")
    if item.kind is ItemKind.CHOICE:
        return " / ".join(say(answer.name) + (" ✓" if answer.passes else "") for answer in item.answers)
    return say(item.kind)


def only(item: ChecklistItem) -> str:
    """For which devices it is; "" for all."""
    kinds = [*map(Protection, item.protection), *map(AppliedPart, item.applied)]
    return ", ".join(say(kind) for kind in kinds)


def more(item: ChecklistItem) -> str:
    """What else is to be known: near which limit it warns, whether it may be left out, whether it needs a tool."""
    marks = [spelt(mark, item.decimals) for mark in (item.warn_lower, item.warn_upper) if mark is not None]
    said = [
        _("near the limit beyond %(marks)s", marks=" / ".join(marks)) if marks else "",
        "" if item.required else _("may be left out"),
        _("instrument to be named") if item.instrument else "",
        say(item.hint) if item.hint else "",
    ]
    return " · ".join(filter(None, said))


def used_for(checklist: Checklist) -> list[str]:
    """For which devices a checklist is, the most particular first."""
    return [_use(use) for use in sorted(checklist.uses, key=lambda use: -use.rank)]


def _use(use: ChecklistUse) -> str:
    if use.product:
        return f"{say(use.product.name)} {use.product.model}"
    return say(use.risk_class) if use.risk_class else _("all other devices")


def changes(old: ChecklistVersion, new: ChecklistVersion) -> list[tuple[str, str | None, str | None]]:
    """What the newer version says otherwise: the item, what the older one says of it, what the newer one says."""
    before, now = ({_key(item): item for item in version.items} for version in (old, new))
    rows = [(say(item.name), _whole(before.get(key)), _whole(now.get(key))) for key, item in {**before, **now}.items()]
    return [row for row in rows if row[1] != row[2]]


def _key(item: ChecklistItem) -> tuple[str, str]:
    return item.group.value, str(item.name)


def _whole(item: ChecklistItem | None) -> str | None:
    return " · ".join(filter(None, (asks(item), only(item), more(item)))) if item else None
