"""A field of repeated rows, such as the parts of a repair: empty rows are spare, and more can be added."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField

SPARE = 3
MOST = 50


class RowForm(FlaskForm):
    """One row. It travels inside another form, whose token covers it."""

    class Meta:
        csrf = False

    @property
    def is_empty(self) -> bool:
        return not any(field._value().strip() for field in self)


class RowsField(FieldList):
    """Rows of `row_form`, with `spare` empty ones to type into. Errors stand at the cells and are named once here."""

    def __init__(self, row_form: type[RowForm], label: str, *, spare: int = SPARE, **options: Any) -> None:
        super().__init__(FormField(row_form), label, min_entries=spare, max_entries=MOST, **options)
        self.spare = spare

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        wanted = min(len(data or ()) + self.spare, MOST)
        while not formdata and len(self.entries) < wanted:
            self._add_entry()

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterable[int]:
        """Only plain short numbers are rows, whatever else is sent."""
        names = (key.removeprefix(f"{prefix}-").partition("-")[0] for key in formdata if key.startswith(f"{prefix}-"))
        return (int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 4)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        wrong = [entry for entry in self.entries if not entry.form.is_empty and not entry.form.validate()]
        self.errors = [gettext("Please check the marked rows.")] if wrong else []
        return not wrong

    @property
    def data(self) -> list[dict[str, Any]]:
        """What was typed, without the empty rows."""
        return [entry.data for entry in self.entries if not entry.form.is_empty]
