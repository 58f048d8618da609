"""When somebody else saved first: what stands now beside what was typed."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.db import Text2, db
from portal.domain.trail import queries as trail
from portal.web.filters import day, word
from portal.web.forms import PortalForm
from portal.web.languages import say
from portal.web.trail import doer

Row = tuple[str, str, str]


def compare(form: PortalForm, version: int) -> list[Row]:
    """Rows (label, saved now, typed) for `ui.stale_edit`; the form is made ready to be saved over `version`."""
    form.base_version.data = str(version)
    return [row for name, saved in form.stale.current.items() for row in _rows(form, name, saved)]


def conflict(form: PortalForm | None, record: Any, group: str, verb: str = "edit") -> dict[str, Any] | None:
    """What `ui.stale_edit` is given: the rows, and who saved first; None where nobody did.

    `group` is the group of fields that was edited, `verb` the one that edits it.
    """
    if form is None or form.stale is None:
        return None
    entry = trail.last(db.session, record, verb)
    who, at = (doer(entry, entry.facts), entry.at) if entry else ("", None)
    return {"rows": compare(form, getattr(record, f"{group}_version")), "who": who, "at": at}


def _rows(form: PortalForm, name: str, saved: Any) -> list[Row]:
    """One row, or one for each language of a text."""
    if isinstance(saved, Text2):
        return [row for language in ("zh", "en") for row in _rows(form, f"{name}_{language}", getattr(saved, language))]
    field = form._fields.get(name)
    return [(field.label.text, _words(saved), _typed(field))] if field is not None else []


def _typed(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        return next((str(choice.label) for choice in field.iter_choices() if choice.selected), "—")
    return _words(field.data)


def _words(value: Any) -> str:
    match value:
        case None | "":
            return "—"
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return say(value)
        case date():
            return day(value)
        case list():
            return "; ".join(_row_in_words(row) for row in value) or "—"
        case _:
            return say(value)


def _row_in_words(row: dict[str, Any]) -> str:
    """One row of a repeated group, such as a part: its values in the order of their names."""
    said = row | {"whereabouts": word(row["whereabouts"])} if row.get("whereabouts") else row
    return " · ".join(str(said[name]) for name in sorted(said) if said[name] not in (None, ""))
