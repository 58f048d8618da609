"""A test sheet as plain values, for papers that print it (F06, R4). Both languages of catalogue texts are frozen."""

from typing import Any

from portal.core.db import Text2
from portal.domain.checklists.judging import limits, unit
from portal.domain.checklists.models import ChecklistItem, Reading, TestSheet
from portal.domain.checklists.words import AppliedPart, Group, ItemKind, Outcome, Protection

WORDS = {member.value: member.label for enum in (Group, Outcome, Protection, AppliedPart) for member in enum}
"""What to say for each code in the payload."""


def payload(sheet: TestSheet) -> dict[str, Any]:
    """One sheet: which checklist, which attempt, with what it was measured, and each item with its reading."""
    checklist = sheet.checklist
    return {
        "name": _both(checklist.name),
        "version": sheet.version.version,
        "source": sheet.version.source,
        "attempt": sheet.attempt,
        "technician": sheet.technician.name,
        "completed_at": sheet.completed_at.isoformat(timespec="seconds"),
        "protection": sheet.protection.value if sheet.asks_plate and sheet.protection else None,
        "applied": sheet.applied.value if sheet.asks_plate and sheet.applied else None,
        "instruments": sheet.instruments,
        "failed": bool(sheet.failed),
        "rows": [_row(item, reading) for item, reading in sheet.rows if reading is not None],
    }


def _row(item: ChecklistItem, reading: Reading) -> dict[str, Any]:
    return {
        "group": item.group.value,
        "name": _both(item.name),
        "limits": limits(item),
        "reading": _both(said(item, reading)),
        "outcome": reading.outcome.value,
        "reason": reading.reason,
    }


def said(item: ChecklistItem, reading: Reading) -> Text2 | str:
    """The reading in words: the number as typed with its unit, the answer chosen, the remark; "" for mere ticks."""
    if reading.outcome is Outcome.NOT_APPLICABLE:
        return reading.reason
    match item.kind:
        case ItemKind.NUMBER:
            return f"{reading.typed} {unit(item.unit)}".strip()
        case ItemKind.CHOICE:
            return item.answers[int(reading.typed)].name
        case ItemKind.TEXT:
            return reading.typed
    return ""


def _both(text: Text2 | str) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en} if isinstance(text, Text2) else {"zh": text, "en": text}
