"""Releasing first, reviewing by a deadline (QCR-6): what can be done to such a release, and doing it.

The release is a signature of whoever released, under the bytes that the engineer and the customer sign; it says why it
came first and until when it is reviewed. The review is one more signature under the same bytes, given also after the
issue. A review that is not accepted opens the report for correction; one that somebody else opens for correction first
needs no review any more.
"""

from typing import Any

from sqlalchemy.orm import Session

from portal.core import deadlines
from portal.core.errors import Message, NotValid
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.checklists import lifecycle as sheet_verbs
from portal.domain.checklists.words import SheetState
from portal.domain.devices import lifecycle as device_verbs
from portal.domain.documents import lifecycle as document_verbs
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT, BlockName, Manner
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.permissions import P
from portal.domain.releases.models import ReleaseReason
from portal.domain.servicing import orders, releasing
from portal.domain.servicing.facts import at_second, both
from portal.domain.servicing.models import EarlyRelease, WorkOrder
from portal.domain.servicing.words import EarlyState

S = EarlyState


def reviewed_by_another(act: Act) -> Message | None:
    """Who repaired or released does not review it."""
    if act.actor.id in (act.record.technician_id, act.record.released_by_id):
        return Message("Whoever repaired or released it cannot review it: it needs a second person.")
    return None


def _what_may_follow(early: EarlyRelease) -> list[Any]:
    order = early.order
    return [order, order.request, order.request.device, *order.sheets]


OPEN = Verb("open", on=NEW, to=S.DUE, permission=P.ORDER_RELEASE_FIRST, label=Message("Released first"))
PASS = Verb(
    "pass",
    on=(S.DUE,),
    to=S.PASSED,
    permission=P.ORDER_RELEASE,
    label=Message("Accept the release"),
    needs=(reviewed_by_another,),
    also_locks=lambda early: early.order.sheets,
)
FAIL = Verb(
    "fail",
    on=(S.DUE,),
    to=S.FAILED,
    permission=P.ORDER_RELEASE,
    label=Message("Do not accept the release"),
    asks_reason=True,
    needs=(reviewed_by_another,),
    also_locks=_what_may_follow,
)
LAPSE = Verb("lapse", on=(S.DUE,), to=S.LAPSED, permission=P.DOCUMENT_KEEP, label=Message("No review needed any more"))
EARLY_LIFECYCLE = Lifecycle(EarlyRelease, EarlyState, [OPEN, PASS, FAIL, LAPSE])


def release_alone(session: Session, order: WorkOrder, document: Document, person: Person, *, place: str = "") -> Act:
    """The repairer releases the device where the rules ask for nobody else. The door has checked the password."""
    act = perform(session, orders.RELEASE_ALONE, order, person)
    signing = Signing(Method.PASSWORD, person.name, place=place, manner=Manner.ALONE)
    verb, seen = document_verbs.SIGN_RELEASE_ALONE, document.current.content_hash
    documents.sign(session, verb, document, BlockName.RELEASE, person, signing, seen)
    return act


def release_first(
    session: Session,
    order: WorkOrder,
    person: Person,
    seen: str,
    reason: ReleaseReason,
    note: str = "",
    *,
    place: str = "",
) -> EarlyRelease:
    """Release the device now, for `reason`, and have it reviewed by a deadline; the customer may sign the report.

    `seen` is the hash of the content that was shown, `note` what was typed besides. Raises NotNow with the way on,
    Stale, and NotValid for a reason that is not given any more.
    """
    document = documents.of(session, SERVICE_REPORT, order)
    lock(session, order, document)
    if not reason.in_use:
        raise NotValid(reason=Message("This reason is not given any more: choose another one."))
    said = " · ".join(filter(None, (str(reason.name), note.strip())))
    act = perform(session, orders.RELEASE_FIRST, order, person, reason=said)
    due_at, _ = deadlines.forecast(releasing.terms(session, order, act.at), act.at)
    terms = {"reason": both(reason.name), "note": note.strip(), "review_due_at": at_second(due_at)}
    signing = Signing(Method.PASSWORD, person.name, place=place, manner=Manner.FIRST, terms=terms)
    documents.sign(session, document_verbs.SIGN_RELEASE_FIRST, document, BlockName.RELEASE, person, signing, seen)
    early = EarlyRelease(
        **{name: getattr(order, name) for name in deadlines.COPIED},
        rule_id=releasing.holding(session, order).id,
        reason_id=reason.id,
        note=note.strip(),
        released_by_id=person.id,
    )

    def change(act: Act) -> None:
        early.order, early.released_at = order, act.at

    with session.no_autoflush:
        return perform(session, OPEN, early, person, change, cause=act).record


def accept(session: Session, early: EarlyRelease, person: Person, seen: str, *, place: str = "") -> Act:
    """A second person has reviewed the results and signs that they accept the release. Raises NotNow."""
    return _review(session, PASS, early, person, seen, Signing(Method.PASSWORD, person.name, place=place))


def refuse(
    session: Session,
    early: EarlyRelease,
    person: Person,
    seen: str,
    reason: str,
    *,
    is_dangerous: bool = False,
    place: str = "",
) -> Act:
    """A second person does not accept the release: the order goes back to the technician, by reactions.

    `is_dangerous`: nobody may use the device until then. Raises NotNow, and NotValid without a reason.
    """
    signing = Signing(Method.PASSWORD, person.name, place=place, manner=Manner.FAILED, reason=reason)
    return _review(session, FAIL, early, person, seen, signing, finding=reason, is_dangerous=is_dangerous)


def _review(
    session: Session,
    verb: Verb,
    early: EarlyRelease,
    person: Person,
    seen: str,
    signing: Signing,
    *,
    finding: str = "",
    is_dangerous: bool = False,
) -> Act:
    """Sign what was reviewed, then let it follow from the verdict."""
    document = documents.of(session, SERVICE_REPORT, early.order)
    lock(session, document, early, *_what_may_follow(early))
    documents.sign(session, document_verbs.SIGN_REVIEW, document, BlockName.REVIEW, person, signing, seen)

    def change(act: Act) -> None:
        early.reviewed_by_id, early.reviewed_at = person.id, act.at
        early.finding, early.is_dangerous = finding.strip(), is_dangerous

    return perform(session, verb, early, person, change, reason=finding)


def reject_sheets(cause: Act) -> None:
    """Reaction to a release that was not accepted: what was tested is tested anew."""

    def change(act: Act) -> None:
        sheet = act.record
        sheet.reviewed_by_id, sheet.reviewed_at = cause.actor.id, act.at
        sheet.why_rejected = act.reason

    for sheet in cause.record.order.last_sheets:
        if sheet.state is SheetState.COMPLETE:
            react(cause, sheet_verbs.REJECT, sheet, change, reason=cause.reason)


def reopen(cause: Act) -> None:
    """Reaction to the same: the report is opened for correction, and its request is in service again."""
    order: WorkOrder = cause.record.order
    react(cause, orders.CORRECT, order, reason=cause.reason)
    document = documents.of(cause.session, SERVICE_REPORT, order)
    if document.state in document_verbs.VOID.on:
        documents.void(cause.session, cause, document)


def stop_dangerous(cause: Act) -> None:
    """Reaction to the same: where it is dangerous, nobody may use the device (条例 52)."""
    device = cause.record.order.request.device
    if cause.record.is_dangerous and device.state in device_verbs.STOP.on:
        react(cause, device_verbs.STOP, device, reason=cause.reason)


def lapse(cause: Act) -> None:
    """Reaction to a correction: what is corrected before anybody reviewed it needs no review any more."""
    early = cause.record.to_review
    if early is not None:
        react(cause, LAPSE, early)
