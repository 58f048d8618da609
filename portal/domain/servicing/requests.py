"""What can be done to a service request."""

import sqlalchemy as sa

from portal.core.errors import Message
from portal.core.files import Attachment
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.devices.models import State as DeviceState
from portal.domain.permissions import P
from portal.domain.servicing import notices
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_REQUESTS, Asked, OrderState, RequestState

S = RequestState


def device_is_there(act: Act) -> Message | None:
    """The device stands where the request says."""
    if act.record.device.site_id != act.record.site_id:
        return Message("This device is not at this site.")
    return None


def device_in_place(act: Act) -> Message | None:
    """Nothing is wrong with a unit that was taken away."""
    if act.record.device.state is not DeviceState.REPLACED:
        return None
    return Message("This unit was replaced by another: report the fault of the unit that stands there now.")


def safety_answered(act: Act) -> Message | None:
    """Nobody judges a request, is sent or ends it before it is asked whether somebody was harmed.

    A complaint must not vanish with a refusal or a merge (INT-11, ISO 13485 7.5.4 and 8.2.2, 21 CFR 820.35).
    """
    if act.record.asked(Asked.INTAKE):
        return None
    return Message("Answer the safety questions first: was anybody harmed, is it a complaint?")


RECEIPT = "receipt"
"""Purpose of the file that a dealer's customer signed."""
STORAGE = "storage"
"""Purpose of the files that show how goods by lot were kept: the thermometer's log, the shelf, the package (X14)."""


def receipts_filed(act: Act) -> Message | None:
    """What a dealer's technician did is closed with the receipt that the customer signed (RPR-15, 003-c §11)."""
    request: ServiceRequest = act.record
    if request.centre.dealer_id is None:
        return None
    done = {order.id: order.number for order in request.orders if order.state is OrderState.DONE}
    filed = sa.select(Attachment.root_id).where(
        Attachment.root_kind == WorkOrder.__tablename__, Attachment.root_id.in_(done), Attachment.purpose == RECEIPT
    )
    missing = done.keys() - set(act.session.scalars(filed))
    if not missing:
        return None
    numbers = ", ".join(done[order_id] for order_id in sorted(missing))
    return Message("The receipt signed by the customer is missing: file it at work order %(numbers)s.", numbers=numbers)


CREATE = Verb(
    "create",
    on=NEW,
    to=S.RECEIVED,
    permission=P.REQUEST_CREATE,
    label=Message("Report a fault"),
    numbered="SR",
    claims=True,
    needs=(device_is_there, device_in_place),
    effects=(notices.request_received,),
)
MESSAGE = Verb(
    "message",
    on=(*OPEN_REQUESTS, S.COMPLETED),
    permission=P.REQUEST_MESSAGE,
    label=Message("Send message"),
    effects=(notices.message_posted,),
)
NOTE = Verb("note", on=tuple(RequestState), permission=P.REQUEST_NOTE, label=Message("Add internal note"))
ASSESS = Verb(
    "assess",
    on=(S.RECEIVED, S.ASSESSED),
    to=S.ASSESSED,
    permission=P.REQUEST_ASSESS,
    label=Message("Assess"),
    needs=(safety_answered,),
    edits="assessment",
    effects=(notices.request_assessed,),
)
ASSIGN = Verb(
    "assign",
    on=(S.RECEIVED, S.ASSESSED),
    to=S.IN_SERVICE,
    permission=P.REQUEST_ASSIGN,
    label=Message("Assign technician"),
    needs=(safety_answered,),
)
HAND_BACK = Verb(
    "hand_back", on=(S.IN_SERVICE,), to=S.ASSESSED, permission=P.REQUEST_ASSIGN, label=Message("Back to dispatch")
)
COMPLETE = Verb("complete", on=(S.IN_SERVICE,), to=S.COMPLETED, permission=P.REQUEST_ASSIGN, label=Message("Complete"))
RESUME = Verb(
    "resume", on=(S.COMPLETED, S.CLOSED), to=S.IN_SERVICE, permission=P.REQUEST_ASSIGN, label=Message("Resume service")
)
SCREEN = Verb(
    "screen",
    on=(*OPEN_REQUESTS, S.COMPLETED),
    permission=P.REQUEST_SCREEN,
    label=Message("Answer the safety questions"),
    also_locks=lambda request: [request.device],
)
TELL_HARM = Verb(
    "tell_harm",
    on=SCREEN.on,
    permission=P.REQUEST_CANCEL,
    label=Message("Say whether somebody was harmed"),
    also_locks=lambda request: [request.device],
)
"""What a hospital is asked in the place of SCREEN, in one question, when it withdraws its request."""
MERGE = Verb(
    "merge",
    on=(S.RECEIVED, S.ASSESSED),
    to=S.MERGED,
    permission=P.REQUEST_MERGE,
    label=Message("Merge into another request"),
    needs=(safety_answered,),
    effects=(notices.request_merged,),
)
CLOSE = Verb(
    "close",
    on=(S.COMPLETED,),
    to=S.CLOSED,
    permission=P.REQUEST_CLOSE,
    label=Message("Close"),
    needs=(receipts_filed,),
)
CANCEL = Verb(
    "cancel",
    on=(S.RECEIVED, S.ASSESSED),
    to=S.CANCELLED,
    permission=P.REQUEST_CANCEL,
    label=Message("Cancel request"),
    needs=(safety_answered,),
    asks_reason=True,
    effects=(notices.request_cancelled,),
)
REFUSE = Verb(
    "refuse",
    on=(S.RECEIVED, S.ASSESSED),
    to=S.REFUSED,
    permission=P.REQUEST_REFUSE,
    label=Message("Refuse request"),
    needs=(safety_answered,),
    asks_reason=True,
    effects=(notices.request_refused,),
)

REQUEST_LIFECYCLE = Lifecycle(
    ServiceRequest,
    RequestState,
    [
        CREATE,
        MESSAGE,
        NOTE,
        ASSESS,
        SCREEN,
        TELL_HARM,
        ASSIGN,
        HAND_BACK,
        COMPLETE,
        RESUME,
        CLOSE,
        CANCEL,
        REFUSE,
        MERGE,
    ],
)
