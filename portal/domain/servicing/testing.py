"""The tests of a work order: which sheets they need, and what follows from a sheet for the order (R2, R4, QCR-6).

Where no published checklist holds for the device, the order has no sheets and its verdicts are written down by hand.
"""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow
from portal.core.perform import react
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.checklists import lifecycle as sheet_verbs
from portal.domain.checklists import queries, sheets
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.words import Group, Outcome, SheetState
from portal.domain.devices.lifecycle import held
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.servicing import orders
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState, Verdict

S = SheetState

VERDICTS = {
    Group.FUNCTIONAL: "functional_test",
    Group.PERFORMANCE: "performance_test",
    Group.SAFETY: "safety_test",
}
"""Group of items → the field of the order that holds its verdict."""


def open_sheets(cause: Act) -> None:
    """Reaction to the start of the tests: a sheet for each checklist that holds for the device.

    A sheet that is still open goes on. After a failure everything is tested anew, for the device was opened again;
    after a rejection what was rejected.
    """
    order: WorkOrder = cause.record
    last = {sheet.version.checklist_id: sheet for sheet in order.sheets}
    failed = any(sheet.failed for sheet in last.values())
    holding = queries.holding(cause.session, order.request.device.product)
    needed = [version for version in holding if _is_needed(last.get(version.checklist_id), failed)]
    for version in needed:
        before = last.get(version.checklist_id)
        sheets.begin(cause.session, order, version, before.attempt + 1 if before else 1, cause=cause)
    if needed:
        react(cause, orders.ADOPT_TESTS, order, setting(dict.fromkeys(VERDICTS.values())))


def _is_needed(last: TestSheet | None, failed: bool) -> bool:
    return last is None or (last.state is not S.OPEN and (failed or last.state is S.REJECTED))


def fill(session: Session, sheet: TestSheet, person: Person, *args: Any, **values: Any) -> Act:
    """Write down readings while the order is being tested; see `sheets.record`."""
    _require_testing(sheet.order)
    return sheets.record(session, sheet, person, *args, **values)


def again(session: Session, sheet: TestSheet, person: Person) -> TestSheet:
    """Begin a sheet anew: the one before stays as it is. Raises NotNow."""
    order = sheet.order
    _require_testing(order)
    if sheet not in order.last_sheets or sheet.state is S.OPEN:
        raise NotNow(Message("There is a newer sheet of this checklist already: go on with that one."))
    version = sheet.checklist.published or sheet.version
    return sheets.begin(session, order, version, sheet.attempt + 1, person).record


def _require_testing(order: WorkOrder) -> None:
    if order.state is not OrderState.TESTING:
        raise NotNow(Message("Test sheets are filled in while the work order is being tested."))
    if refusal := held(order.request.device):
        raise NotNow(refusal)


def adopt_tests(cause: Act) -> None:
    """Reaction to a completed sheet: the verdicts of the order follow from its sheets (F06)."""
    order: WorkOrder = cause.record.order
    react(cause, orders.ADOPT_TESTS, order, setting(_verdicts(order)))


def _verdicts(order: WorkOrder) -> dict[str, Verdict | None]:
    """The verdict of each test; None while sheets are open and say nothing of it yet."""
    ended = [sheet for sheet in order.last_sheets if sheet.state is not S.OPEN]
    unsaid = Verdict.NOT_APPLICABLE if len(ended) == len(order.last_sheets) else None
    return {name: _verdict(ended, group) or unsaid for group, name in VERDICTS.items()}


def _verdict(ended: list[TestSheet], group: Group) -> Verdict | None:
    outcomes = {sheet.verdict(group) for sheet in ended} - {None}
    if Outcome.FAIL in outcomes:
        return Verdict.FAIL
    return Verdict.PASS if outcomes & {Outcome.PASS, Outcome.WARNING} else None


def review_sheets(cause: Act) -> None:
    """Reaction to a release, or to the review of one: whoever signs it has reviewed the tests that it rests on, those
    that failed first too.
    """
    record = cause.record
    for sheet in record.sheets if isinstance(record, WorkOrder) else record.order.sheets:
        if sheet.state is S.COMPLETE:
            react(cause, sheet_verbs.REVIEW, sheet, sheets.reviewed_by(cause.actor.id))


def send_back(cause: Act) -> None:
    """Reaction to a rejected sheet: an order that waits for its release goes back to the technician."""
    order: WorkOrder = cause.record.order
    if order.state is OrderState.TO_RELEASE:
        react(cause, orders.SEND_BACK, order, reason=cause.reason)
        document = documents.of(cause.session, SERVICE_REPORT, order)
        documents.void(cause.session, cause, document)
