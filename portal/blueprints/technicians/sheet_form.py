"""The form of a test sheet: a field for each item of its checklist, made from the rows of that version."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.domain.checklists.judging import Entry, limits, unit
from portal.domain.checklists.models import ChecklistItem, ChecklistVersion, Reading, TestSheet, until
from portal.domain.checklists.words import AppliedPart, ItemKind, Outcome, Protection
from portal.web.filters import choices
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.rows import RowForm, RowsField

MAX_READING = 2000


class InstrumentRow(RowForm):
    """A measuring instrument that was used."""

    name = StringField(_l("Instrument"), validators=[DataRequired(), Length(max=200)])
    number = StringField(_l("Number of the instrument"), validators=[DataRequired(), Length(max=80)])
    valid_until = DateField(_l("Calibrated until"), validators=[InputRequired()])


class SheetForm(PortalForm):
    """What every sheet asks; `finish` comes from the button that completes it."""

    protection = RadioField(_l("Class of protection"), choices=choices(Protection), validators=[Optional()])
    applied = RadioField(_l("Applied part"), choices=choices(AppliedPart), validators=[Optional()])
    instruments = RowsField(InstrumentRow, _l("Instruments"), spare=1)
    finish = HiddenField()

    version_shown: ChecklistVersion

    @property
    def plate(self) -> dict[str, Any]:
        """What the rating plate says."""
        kinds = {"protection": Protection, "applied": AppliedPart}
        return {name: kind(self[name].data) if self[name].data else None for name, kind in kinds.items()}

    @property
    def shown(self) -> list[ChecklistItem]:
        """The items that are tested on a device with such a plate."""
        return self.version_shown.items_for(**self.plate)

    @property
    def entries(self) -> dict[int, Entry]:
        """What was written down, by the position of the item."""
        return {item.position: self._entry(item.position) for item in self.shown}

    def _entry(self, n: int) -> Entry:
        photos = tuple(self.received.get(f"reading_{n}", ()))
        typed = self[f"reading_{n}"].data
        typed = typed if isinstance(typed, str) else ""
        return Entry(typed, bool(self[f"skip_{n}"].data), self[f"reason_{n}"].data or "", photos)


def sheet_form(sheet: TestSheet) -> SheetForm:
    """The form of this sheet, filled with what is written down already."""
    fields: dict[str, Any] = {"version_shown": sheet.version}
    values: dict[str, Any] = {"protection": sheet.protection, "applied": sheet.applied}
    values["instruments"] = [row | {"valid_until": until(row)} for row in sheet.instruments]
    for item in sheet.version.items:
        fields |= _fields(item)
        values |= _values(item, sheet.reading(item))
    return type("SheetOfChecklist", (SheetForm,), fields)(data=values)


def _fields(item: ChecklistItem) -> dict[str, Any]:
    n = item.position
    return {
        f"reading_{n}": _field(item),
        f"skip_{n}": BooleanField(_l("Does not apply")),
        f"reason_{n}": StringField(_l("Why it does not apply"), validators=[Length(max=300)]),
    }


def _field(item: ChecklistItem) -> Any:
    label, optional = say(item.name), [Optional()]
    match item.kind:
        case ItemKind.NUMBER:
            return StringField(label, validators=[Length(max=40)])
        case ItemKind.CHECK:
            return RadioField(label, choices=_verdicts, validators=optional)
        case ItemKind.CHOICE:
            answers = [(str(n), say(answer.name)) for n, answer in enumerate(item.answers)]
            return RadioField(label, choices=answers, validators=optional)
        case ItemKind.PHOTO:
            return MultipleFileField(label)
    return TextAreaField(label, validators=[Length(max=MAX_READING)])


def _verdicts() -> list[tuple[str, str]]:
    return [(outcome.value, say(outcome)) for outcome in (Outcome.PASS, Outcome.FAIL)]


def _values(item: ChecklistItem, reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {}
    skipped = reading.outcome is Outcome.NOT_APPLICABLE
    n, values = item.position, {} if item.kind is ItemKind.PHOTO else {f"reading_{item.position}": reading.typed}
    return values | {f"skip_{n}": skipped, f"reason_{n}": reading.reason}


def hint_of(item: ChecklistItem) -> str:
    """What stands below the item: its limits, how it is tested, whether it may be left out."""
    limit = _("Limit: %(limits)s", limits=limits(item)) if limits(item) else ""
    left_out = "" if item.required else _("May be left out.")
    return " · ".join(filter(None, (limit, say(item.hint) if item.hint else "", left_out)))


def unit_of(item: ChecklistItem) -> str:
    return unit(item.unit) if item.kind is ItemKind.NUMBER else ""
