"""Test sheets: begun at a work order, filled in reading by reading, completed, reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotValid
from portal.core.files import attach, store
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act
from portal.domain.catalog.models import Product
from portal.domain.checklists import lifecycle
from portal.domain.checklists.judging import Entry, Judged, judge
from portal.domain.checklists.models import ChecklistItem, ChecklistVersion, Reading, TestSheet, until
from portal.domain.checklists.words import AppliedPart, ItemKind, Protection, SheetState

PHOTO = "reading"
"""What a photo is attached to the work order for; its part is the reading's uid."""


def begin(
    session: Session,
    order: Any,
    version: ChecklistVersion,
    attempt: int,
    person: Person = SYSTEM,
    cause: Act | None = None,
) -> Act:
    """Open a sheet at a work order.

    What the rating plate says is known from the last sheet of the same model, the instruments from the last sheet that
    the technician completed by this checklist.
    """
    product = order.request.device.product
    sheet = TestSheet(
        version=version,
        attempt=attempt,
        product_id=product.id,
        technician_id=order.technician_id,
        **{name: getattr(order, name) for name in ("organisation_id", "site_id", "dealer_id", "centre_id")},
    )
    plate, tools = plate_of(session, product), tools_of(session, order.technician_id, version.checklist_id)

    def change(act: Act) -> None:
        sheet.order, sheet.opened_at = order, act.at
        sheet.protection, sheet.applied = plate
        sheet.instruments = [row for row in tools if until(row) >= _today(act, sheet)]

    with session.no_autoflush:
        return perform(session, lifecycle.OPEN, sheet, person, change, cause=cause)


def plate_of(session: Session, product: Product) -> tuple[Protection | None, AppliedPart | None]:
    """What the newest completed sheet of this model says of its rating plate."""
    mine = sa.select(TestSheet.protection, TestSheet.applied).where(TestSheet.product_id == product.id)
    known = mine.where(TestSheet.protection.is_not(None), TestSheet.state != SheetState.OPEN)
    row = session.execute(known.order_by(TestSheet.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else (None, None)


def tools_of(session: Session, technician_id: int, checklist_id: int) -> list[dict[str, str]]:
    """What a technician measured with the last time by this checklist."""
    mine = sa.select(TestSheet.instruments).join(ChecklistVersion, ChecklistVersion.id == TestSheet.version_id)
    mine = mine.where(TestSheet.technician_id == technician_id, ChecklistVersion.checklist_id == checklist_id)
    last = mine.where(TestSheet.state != SheetState.OPEN).order_by(TestSheet.id.desc()).limit(1)
    return session.scalars(last).first() or []


def record(
    session: Session,
    sheet: TestSheet,
    person: Person,
    entries: Mapping[int, Entry],
    instruments: Sequence[Mapping[str, Any]] = (),
    *,
    protection: Protection | None = None,
    applied: AppliedPart | None = None,
    finish: bool = False,
) -> Act:
    """Write down readings: `entries` by the position of their item, `instruments` as rows of name, number, valid_until.

    An empty entry takes back what stood there, but a photo stays. With `finish` the sheet is completed as well.
    Raises NotValid with a message at `reading_<position>`, `reason_<position>` or `instruments`.
    """

    def write(act: Act) -> None:
        sheet.protection, sheet.applied = protection, applied
        sheet.instruments = _instruments(act, sheet, instruments)
        _write(act, sheet, entries)

    act = perform(session, lifecycle.RECORD, sheet, person, write)
    return complete(session, sheet, person) if finish else act


def _instruments(act: Act, sheet: TestSheet, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The measuring instruments as they are kept. One whose calibration has run out measures nothing."""
    for row in rows:
        if row["valid_until"] < _today(act, sheet):
            raise NotValid(instruments=_expired(row["name"], row["valid_until"]))
    return [
        {"name": row["name"], "number": row["number"], "valid_until": row["valid_until"].isoformat()} for row in rows
    ]


def _expired(name: str, day: date) -> Message:
    return Message(
        "The calibration of “%(name)s” ended on %(day)s: measure with another one, or have it calibrated first.",
        name=name,
        day=day,
    )


def _write(act: Act, sheet: TestSheet, entries: Mapping[int, Entry]) -> None:
    """Each entry as a reading; all that is wrong is said at once."""
    wrong: dict[str, Message] = {}
    for item in sheet.items:
        entry = entries.get(item.position, Entry())
        try:
            _keep(act, sheet, item, entry)
        except NotValid as refusal:
            wrong[f"{'reason' if entry.skipped else 'reading'}_{item.position}"] = refusal.message
    if wrong:
        raise NotValid(**wrong)


def _keep(act: Act, sheet: TestSheet, item: ChecklistItem, entry: Entry) -> None:
    known = sheet.reading(item)
    if entry.is_empty:
        if known is not None and item.kind is not ItemKind.PHOTO:
            sheet.readings.remove(known)
        return
    judged = judge(item, entry)
    if known is None:
        known = Reading(item_id=item.id)
        sheet.readings.append(known)
    _put(known, judged)
    if entry.photos:
        act.session.flush()
        _attach(act, sheet, known, entry.photos)


def _put(reading: Reading, judged: Judged) -> None:
    for name, value in asdict(judged).items():
        setattr(reading, name, value)


def _attach(act: Act, sheet: TestSheet, reading: Reading, photos: Sequence[Any]) -> None:
    for incoming in photos:
        file = store(act.session, incoming, organisation_id=sheet.organisation_id, created_by_id=act.actor.id)
        attach(act.session, file, root=sheet.order, purpose=PHOTO, created_by_id=act.actor.id, to=reading.uid)


def complete(session: Session, sheet: TestSheet, person: Person) -> Act:
    """Complete a sheet: from now on it stays as it is. What follows for the order is a reaction.

    Raises NotValid at each required item without a result, and where an instrument is not named.
    """

    def change(act: Act) -> None:
        if sheet.asks_plate and sheet.protection is None:
            raise NotValid(protection=Message("Say which class of protection the rating plate names."))
        if missing := sheet.missing:
            raise NotValid(**{f"reading_{item.position}": _without_result() for item in missing})
        measured = (item for item, reading in sheet.rows if item.instrument and reading and reading.typed)
        if (item := next(measured, None)) is not None and not sheet.instruments:
            raise NotValid(
                instruments=Message("Name the instrument that “%(item)s” was measured with.", item=item.name)
            )
        expired = [row for row in sheet.instruments if until(row) < _today(act, sheet)]
        if expired:
            raise NotValid(instruments=_expired(expired[0]["name"], until(expired[0])))
        sheet.completed_at = act.at

    return perform(session, lifecycle.COMPLETE, sheet, person, change)


def _today(act: Act, sheet: TestSheet) -> date:
    return act.at.astimezone(ZoneInfo(sheet.order.company.zone)).date()


def _without_result() -> Message:
    return Message("Write down the result, or why it does not apply.")


def review(session: Session, sheet: TestSheet, person: Person) -> Act:
    """A second person accepts the tests (QCR-6)."""
    return perform(session, lifecycle.REVIEW, sheet, person, reviewed_by(person.id))


def reviewed_by(account_id: int | None):
    """The change of a review: who did it, and when."""

    def change(act: Act) -> None:
        act.record.reviewed_by_id, act.record.reviewed_at = account_id, act.at

    return change


def reject(session: Session, sheet: TestSheet, person: Person, reason: str) -> Act:
    """A second person does not accept the tests, and says why. What follows for the order is a reaction."""

    def change(act: Act) -> None:
        reviewed_by(person.id)(act)
        sheet.why_rejected = act.reason

    return perform(session, lifecycle.REJECT, sheet, person, change, reason=reason)
