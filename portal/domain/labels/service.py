"""Asking for labels, and keeping the formats they are printed in."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import figures
from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.files import Incoming, store
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, setting
from portal.domain.labels import lifecycle
from portal.domain.labels.models import MEASURES, LabelFormat, LabelSheet, SheetState

MOST_LABELS = figures.declare(
    "labels_at_once", 300, "labels", "operating decision: some ten sheets, made within a minute"
)
ERROR = 300
"""Characters of why a sheet could not be made."""


class Shipped(NamedTuple):
    """A format as it is sold; measures in tenths of a millimetre."""

    name: Text2
    page: tuple[int, int]
    label: tuple[int, int]
    across: int = 1
    down: int = 1
    margin: tuple[int, int] = (0, 0)
    gap: tuple[int, int] = (0, 0)


SHIPPED = (
    Shipped(Text2("A4 3×8，70×37 mm 满版", "A4 3×8, 70×37 mm"), (2100, 2970), (700, 370), 3, 8, (0, 5)),
    Shipped(Text2("A4 3×8，63.5×33.9 mm", "A4 3×8, 63.5×33.9 mm"), (2100, 2970), (635, 339), 3, 8, (72, 129), (25, 0)),
    Shipped(Text2("62 mm 卷纸，高 37 mm", "62 mm roll, 37 mm high"), (620, 370), (620, 370)),
    Shipped(Text2("标签机 70×37 mm", "Label printer, 70×37 mm"), (700, 370), (700, 370)),
)


def install(session: Session) -> int:
    """Add the shipped formats where there are none; returns how many were made."""
    if session.scalar(sa.select(LabelFormat.id).limit(1)) is not None:
        return 0
    for row in SHIPPED:
        add_format(
            session,
            SYSTEM,
            name=row.name,
            page_width=row.page[0],
            page_height=row.page[1],
            label_width=row.label[0],
            label_height=row.label[1],
            left=row.margin[0],
            top=row.margin[1],
            gap_across=row.gap[0],
            gap_down=row.gap[1],
            across=row.across,
            down=row.down,
        )
    return len(SHIPPED)


def add_format(session: Session, person: Person, **values: Any) -> LabelFormat:
    """Add a format; measures that are not given are 0. Raises NotNow where the labels do not fit on the page."""
    facts = dict.fromkeys(MEASURES, 0) | {"across": 1, "down": 1} | values
    return perform(session, lifecycle.ADD, LabelFormat(**facts), person).record


def change_format(session: Session, record: LabelFormat, person: Person, base_version: int, **values: Any) -> None:
    """Change a format. Raises NotValid where the labels would not fit on the page, Stale."""

    def change(act: Act) -> None:
        setting(values)(act)
        if refusal := lifecycle.fits_on_the_page(act):
            raise NotValid(refusal)

    perform(session, lifecycle.CHANGE, record, person, change, base_version=base_version)


def ask(
    session: Session,
    person: Person,
    label_format: LabelFormat,
    device_ids: Sequence[int],
    *,
    language: str,
    skipped: int = 0,
) -> LabelSheet:
    """Ask for labels of these devices, which the caller has found among those that `person` may see.

    Raises NotValid for none, for more than the figure allows, and for skipping a whole page or more.
    """
    most = figures.integer(session, MOST_LABELS)
    if not 0 < len(device_ids) <= most:
        raise NotValid(Message("Choose between 1 and %(most)s devices: narrow the list down first.", most=most))
    if not 0 <= skipped < label_format.per_page:
        raise NotValid(skipped=Message("This sheet has %(count)s places.", count=label_format.per_page))
    sheet = LabelSheet(
        requested_by_id=person.id,
        format=label_format,
        format_id=label_format.id,
        device_ids=list(device_ids),
        language=language,
        skipped=skipped,
    )

    def change(act: Act) -> None:
        sheet.requested_at = act.at

    return perform(session, lifecycle.ASK, sheet, person, change).record


def finish(session: Session, sheet: LabelSheet, pdf: Incoming, pages: int) -> None:
    """Keep the finished PDF; a repeat changes nothing."""
    if sheet.state is not SheetState.ASKED:
        return

    def change(act: Act) -> None:
        sheet.file = store(session, pdf, organisation_id=None, created_by_id=None)
        sheet.pages = pages

    perform(session, lifecycle.FINISH, sheet, SYSTEM, change)


def fail(session: Session, sheet: LabelSheet, why: str) -> None:
    """Say why there is no PDF; a repeat changes nothing."""
    if sheet.state is SheetState.ASKED:
        perform(session, lifecycle.FAIL, sheet, SYSTEM, setting({"error": why[:ERROR]}))
