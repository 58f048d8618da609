"""What can be done to a work order. Gates after forms-and-rules 2.2: R2 (tests), R3 (unsafe), R8 (report)."""

import sqlalchemy as sa

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.checklists.words import SheetState
from portal.domain.devices.lifecycle import held
from portal.domain.permissions import P
from portal.domain.servicing import notices, releasing
from portal.domain.servicing.models import LeavingItem, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS, Asked, Conclusion, Kind, OrderState

S = OrderState


def _its_request(order: WorkOrder) -> list:
    return [order.request]


def findings_recorded(act: Act) -> Message | None:
    """Symptom, cause and process are mandatory in the report (F06)."""
    if act.record.findings_recorded:
        return None
    return Message("Record what was found and done first: symptom, cause and repair process.")


def plan_agreed(act: Act) -> Message | None:
    """No repair before the customer's consent to its plan, and to its price where there is one (R1, RPR-3)."""
    if act.record.plan_agreed or act.record.request.kind is not Kind.REPAIR:
        return None
    return Message("The customer has not consented to the repair plan: offer it, and let the customer consent first.")


def tests_recorded(act: Act) -> Message | None:
    """No report without a functional and a performance test and a conclusion (R2)."""
    if act.record.tests_recorded:
        return None
    return Message("Record the tests, the conclusion and the time of restoration first.")


def unsafe_is_stopped(act: Act) -> Message | None:
    """A device that failed a test cannot be called usable (R3; 条例 52)."""
    if act.record.test_failed and act.record.conclusion is Conclusion.USABLE:
        return Message("A test failed: the device cannot be concluded as “may be used”.")
    return None


def sheets_complete(act: Act) -> Message | None:
    """Each test that a checklist asks for has its result (QCR-6)."""
    for sheet in act.record.last_sheets:
        name = sheet.checklist.name
        if sheet.state is SheetState.OPEN and sheet.missing:
            said = {"name": name, "count": len(sheet.missing), "item": sheet.missing[0].name}
            return Message("The test sheet “%(name)s” lacks %(count)s results, the first of “%(item)s”.", **said)
        if sheet.state is SheetState.OPEN:
            return Message("Complete the test sheet “%(name)s” first.", name=name)
        if sheet.state is SheetState.REJECTED:
            return Message("The test sheet “%(name)s” was rejected: test again first.", name=name)
    return None


def failed_is_stopped(act: Act) -> Message | None:
    """What failed on a test sheet goes back to repair, or the device stays stopped (QCR-1, QCR-7, R3)."""
    failed = next((reading for sheet in act.record.last_sheets for reading in sheet.failed), None)
    if failed is None or act.record.conclusion is Conclusion.STOP:
        return None
    return Message(
        "“%(item)s” failed: repair it and test again, or conclude that the device stays stopped.", item=failed.item.name
    )


def safety_answered(act: Act) -> Message | None:
    """The report says whether it is a complaint and an adverse event (F02, F06; 820.35(b))."""
    if act.record.request.asked(Asked.CLOSING):
        return None
    return Message("Answer the safety questions first: was anybody harmed, is it a complaint?")


def left_in_order(act: Act) -> Message | None:
    """The list of leaving the site is ticked, where the house has one (QCR-10)."""
    if act.record.leaving or act.session.scalar(sa.select(LeavingItem.id).where(LeavingItem.in_use).limit(1)) is None:
        return None
    return Message("Tick the list of leaving the site first: the customer signs it with the report.")


def device_not_held(act: Act) -> Message | None:
    """A device that is kept as evidence is not repaired, tested or released (R12, RPR-13)."""
    return held(act.record.request.device)


def not_the_repairer(act: Act) -> Message | None:
    """Who releases is not who repaired."""
    if act.actor.id == act.record.technician_id:
        return Message("Whoever did the repair cannot release it: it needs a second person.")
    return None


DISPATCH = Verb(
    "dispatch",
    on=NEW,
    to=S.ASSIGNED,
    permission=P.REQUEST_ASSIGN,
    label=Message("Dispatch"),
    numbered="WO",
    effects=(notices.order_dispatched,),
)
ACCEPT = Verb("accept", on=(S.ASSIGNED,), to=S.ACCEPTED, permission=P.ORDER_WORK, label=Message("Accept"), claims=True)
DECLINE = Verb(
    "decline",
    on=(S.ASSIGNED, S.ACCEPTED),
    to=S.CANCELLED,
    permission=P.ORDER_WORK,
    label=Message("Hand back"),
    asks_reason=True,
    also_locks=_its_request,
    effects=(notices.order_declined,),
)
DEPART = Verb(
    "depart", on=(S.ACCEPTED,), to=S.TRAVELLING, permission=P.ORDER_WORK, label=Message("Set out"), claims=True
)
ARRIVE = Verb(
    "arrive",
    on=(S.ACCEPTED, S.TRAVELLING),
    to=S.ON_SITE,
    permission=P.ORDER_WORK,
    label=Message("Arrived"),
    claims=True,
)
RESCHEDULE = Verb(
    "reschedule",
    on=(S.ASSIGNED, S.ACCEPTED, S.TRAVELLING, S.ON_SITE, S.TESTING),
    permission=P.ORDER_SCHEDULE,
    label=Message("Move the appointment"),
    edits="appointment",
    asks_reason=True,
    effects=(notices.appointment_moved,),
)
PACK = Verb(
    "pack",
    on=(S.ASSIGNED, S.ACCEPTED, S.TRAVELLING),
    permission=P.ORDER_WORK,
    label=Message("Note what is taken along"),
)
LOG = Verb(
    "log",
    on=(S.ACCEPTED, S.TRAVELLING, S.ON_SITE, S.TESTING, S.SENT_BACK),
    permission=P.ORDER_WORK,
    label=Message("Add to log"),
    claims=True,
)
DIAGNOSE = Verb(
    "diagnose",
    on=(S.ACCEPTED, S.TRAVELLING, S.ON_SITE, S.TESTING),
    permission=P.ORDER_WORK,
    label=Message("Record the diagnosis"),
    edits="diagnosis",
)
RECORD_FINDINGS = Verb(
    "record_findings",
    on=(S.ON_SITE, S.TESTING),
    permission=P.ORDER_WORK,
    label=Message("Record findings"),
    edits="findings",
    needs=(device_not_held,),
)
RECORD_COSTS = Verb(
    "record_costs",
    on=(S.ON_SITE, S.TESTING),
    permission=P.ORDER_WORK,
    label=Message("Record hours and travel"),
    edits="costs",
)
FILE_RECEIPT = Verb(
    "file_receipt",
    on=tuple(s for s in S if s is not S.CANCELLED),
    permission=P.RECEIPT_FILE,
    label=Message("File the signed receipt"),
)
START_TESTS = Verb(
    "start_tests",
    on=(S.ON_SITE,),
    to=S.TESTING,
    permission=P.ORDER_WORK,
    label=Message("Start tests"),
    claims=True,
    needs=(device_not_held, plan_agreed, findings_recorded),
)
RECORD_TESTS = Verb(
    "record_tests",
    on=(S.TESTING,),
    permission=P.ORDER_WORK,
    label=Message("Record tests"),
    edits="tests",
    needs=(device_not_held,),
)
REPAIR_AGAIN = Verb(
    "repair_again",
    on=(S.TESTING,),
    to=S.ON_SITE,
    permission=P.ORDER_WORK,
    label=Message("Back to repair"),
    needs=(device_not_held,),
)
RECORD_LEAVING = Verb(
    "record_leaving",
    on=(S.ON_SITE, S.TESTING),
    permission=P.ORDER_WORK,
    label=Message("Tick the list of leaving the site"),
    edits="leaving",
)
SUBMIT = Verb(
    "submit",
    on=(S.TESTING,),
    to=S.TO_RELEASE,
    permission=P.ORDER_WORK,
    label=Message("Submit for release"),
    needs=(
        device_not_held,
        findings_recorded,
        sheets_complete,
        tests_recorded,
        unsafe_is_stopped,
        failed_is_stopped,
        safety_answered,
        left_in_order,
    ),
    effects=(notices.order_to_release,),
)
SEND_BACK = Verb(
    "send_back",
    on=(S.TO_RELEASE,),
    to=S.SENT_BACK,
    permission=P.ORDER_RELEASE,
    label=Message("Send back"),
    asks_reason=True,
    effects=(notices.order_sent_back,),
)
TAKE_UP = Verb(
    "take_up",
    on=(S.SENT_BACK,),
    to=S.ON_SITE,
    permission=P.ORDER_WORK,
    label=Message("Take up again"),
    claims=True,
)
RELEASE = Verb(
    "release",
    on=(S.TO_RELEASE,),
    to=S.TO_SIGN,
    permission=P.ORDER_RELEASE,
    label=Message("Release"),
    needs=(device_not_held, not_the_repairer, sheets_complete, failed_is_stopped),
    effects=(notices.report_to_sign,),
)
RELEASE_ALONE = Verb(
    "release_alone",
    on=(S.TO_RELEASE,),
    to=S.TO_SIGN,
    permission=P.ORDER_WORK,
    label=Message("Release without a second person"),
    needs=(device_not_held, sheets_complete, tests_recorded, releasing.nobody_else_needed, releasing.clearly_usable),
    effects=(notices.report_to_sign,),
)
RELEASE_FIRST = Verb(
    "release_first",
    on=(S.TO_RELEASE,),
    to=S.TO_SIGN,
    permission=P.ORDER_RELEASE_FIRST,
    label=Message("Release first, review later"),
    asks_reason=True,
    needs=(device_not_held, sheets_complete, tests_recorded, releasing.may_be_first, releasing.clearly_usable),
    effects=(notices.report_to_sign, notices.order_released_first),
)
FINISH = Verb(
    "finish", on=(S.TO_SIGN,), to=S.DONE, permission=P.DOCUMENT_KEEP, label=Message("Finish"), also_locks=_its_request
)
CORRECT = Verb(
    "correct",
    on=(S.TO_SIGN, S.DONE),
    to=S.SENT_BACK,
    permission=P.ORDER_CORRECT,
    label=Message("Correct the report"),
    asks_reason=True,
    also_locks=_its_request,
    effects=(notices.order_sent_back,),
)
CANCEL = Verb(
    "cancel",
    on=tuple(s for s in OPEN_ORDERS if s is not S.TO_SIGN),
    to=S.CANCELLED,
    permission=P.ORDER_CANCEL,
    label=Message("Cancel work order"),
    asks_reason=True,
    also_locks=_its_request,
    effects=(notices.order_cancelled,),
)

AGREE_PLAN = Verb("agree_plan", on=OPEN_ORDERS, permission=P.DOCUMENT_KEEP, label=Message("Consent to the plan"))
ADOPT_TESTS = Verb(
    "adopt_tests", on=(S.TESTING,), permission=P.DOCUMENT_KEEP, label=Message("Take results from the test sheets")
)
AWAIT_PLAN = Verb("await_plan", on=OPEN_ORDERS, permission=P.DOCUMENT_KEEP, label=Message("Await consent to the plan"))

ORDER_LIFECYCLE = Lifecycle(
    WorkOrder,
    OrderState,
    [
        DISPATCH,
        ACCEPT,
        DECLINE,
        DEPART,
        ARRIVE,
        RESCHEDULE,
        PACK,
        LOG,
        DIAGNOSE,
        RECORD_FINDINGS,
        RECORD_COSTS,
        FILE_RECEIPT,
        START_TESTS,
        RECORD_TESTS,
        REPAIR_AGAIN,
        RECORD_LEAVING,
        SUBMIT,
        SEND_BACK,
        TAKE_UP,
        RELEASE,
        RELEASE_ALONE,
        RELEASE_FIRST,
        FINISH,
        CORRECT,
        CANCEL,
        AGREE_PLAN,
        AWAIT_PLAN,
        ADOPT_TESTS,
    ],
)
