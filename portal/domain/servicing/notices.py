"""Who is told of what in servicing. Texts stand in templates/notices."""

from collections.abc import Iterable
from typing import Any

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role
from portal.domain.servicing.words import Division

HOSPITAL = (Role.CUSTOMER, Role.WARD)
DISPATCHERS = (Role.DESK, Role.DEALER_DESK)
FIELD = (Role.TECHNICIAN,)
QUALITY = (Role.QUALITY,)


def _roles(*groups: tuple[Role, ...]) -> frozenset[Role]:
    return frozenset(role for group in groups for role in group)


REQUEST_RECEIVED = declare(
    NoticeKind(
        "request_received",
        label=Message("A service request was received"),
        title=Message("Service request %(number)s was received"),
        concerns=_roles(HOSPITAL),
    )
)
REQUEST_FILED = declare(
    NoticeKind(
        "request_filed",
        label=Message("A customer filed a service request"),
        title=Message("New service request %(number)s"),
        concerns=_roles(DISPATCHERS),
    )
)
REQUEST_ROUTED = declare(
    NoticeKind(
        "request_routed",
        label=Message("A service request is for your part of the house"),
        title=Message("Service request %(number)s is for you"),
        concerns=frozenset({Role.QUALITY, Role.STORES, Role.MANAGER}),
    )
)
REQUEST_MERGED = declare(
    NoticeKind(
        "request_merged",
        label=Message("A service request was merged into another"),
        title=Message("Service request %(number)s was merged"),
        concerns=_roles(HOSPITAL),
    )
)
REQUEST_ASSESSED = declare(
    NoticeKind(
        "request_assessed",
        label=Message("A service request was assessed"),
        title=Message("Service request %(number)s was assessed"),
        concerns=_roles(HOSPITAL),
    )
)
REQUEST_ENDED = declare(
    NoticeKind(
        "request_ended",
        label=Message("A service request was cancelled or refused"),
        title=Message("Service request %(number)s was ended"),
        concerns=_roles(HOSPITAL, DISPATCHERS),
    )
)
MESSAGE_POSTED = declare(
    NoticeKind(
        "message_posted",
        label=Message("A new message on a service request"),
        title=Message("New message on %(number)s"),
        concerns=_roles(HOSPITAL, DISPATCHERS, FIELD),
    )
)
ORDER_DISPATCHED = declare(
    NoticeKind(
        "order_dispatched",
        label=Message("A work order is assigned to you"),
        title=Message("Work order %(number)s is assigned to you"),
        concerns=_roles(FIELD),
    )
)
TECHNICIAN_NAMED = declare(
    NoticeKind(
        "technician_named",
        label=Message("A technician was assigned to your request"),
        title=Message("A technician was assigned to %(request)s"),
        concerns=_roles(HOSPITAL),
    )
)
APPOINTMENT_MOVED = declare(
    NoticeKind(
        "appointment_moved",
        label=Message("An appointment was moved"),
        title=Message("The appointment for %(request)s was moved"),
        concerns=_roles(HOSPITAL, FIELD),
    )
)
ORDER_DECLINED = declare(
    NoticeKind(
        "order_declined",
        label=Message("A technician handed a work order back"),
        title=Message("Work order %(number)s was handed back"),
        concerns=_roles(DISPATCHERS),
    )
)
ORDER_TO_RELEASE = declare(
    NoticeKind(
        "order_to_release",
        label=Message("A work order waits for release"),
        title=Message("Work order %(number)s waits for release"),
        concerns=_roles(QUALITY),
    )
)
ORDER_RELEASED_FIRST = declare(
    NoticeKind(
        "order_released_first",
        label=Message("A device was released before its review"),
        title=Message("Work order %(number)s was released first: please review it"),
        concerns=_roles(QUALITY),
    )
)
ORDER_SENT_BACK = declare(
    NoticeKind(
        "order_sent_back",
        label=Message("Your work order was sent back"),
        title=Message("Work order %(number)s was sent back"),
        concerns=_roles(FIELD),
    )
)
ORDER_CANCELLED = declare(
    NoticeKind(
        "order_cancelled",
        label=Message("Your work order was cancelled"),
        title=Message("Work order %(number)s was cancelled"),
        concerns=_roles(FIELD),
    )
)
REPORT_TO_SIGN = declare(
    NoticeKind(
        "report_to_sign",
        label=Message("A service report waits for your signature"),
        title=Message("The service report on %(request)s waits for your signature"),
        concerns=_roles(HOSPITAL),
    )
)


def _tell(act: Act, kind: NoticeKind, people: Iterable[Account], **params: Any) -> None:
    """Tell `people`, except whoever did it."""
    others = [account for account in people if account.id != act.actor.id]
    root = act.record
    params = {"number": root.number or ""} | params
    notify(act.session, kind, others, root=root, params=params, cause_id=act.entry.id if act.entry else None)


def _hospital(act: Act, request: Any) -> list[Account]:
    """The reporter and the equipment officers of the hospital."""
    return holders(act.session, P.REQUEST_SEE, request, HOSPITAL)


def request_received(act: Act) -> None:
    """Acknowledge to the hospital with the number, the reporter included; tell the dispatchers (INT-8)."""
    request = act.record
    notify(
        act.session,
        REQUEST_RECEIVED,
        _hospital(act, request),
        root=request,
        params={"number": request.number},
        cause_id=act.entry.id,
    )
    _tell(act, REQUEST_FILED, holders(act.session, P.REQUEST_ASSIGN, request, DISPATCHERS))
    role = LOOKS_INTO.get(request.routed_to)
    if role is not None:
        _tell(act, REQUEST_ROUTED, holders(act.session, P.STAFF_ENTER, request, (role,)))


LOOKS_INTO = {
    Division.QUALITY: Role.QUALITY,
    Division.MANUFACTURER: Role.QUALITY,
    Division.LOGISTICS: Role.STORES,
    Division.MANAGER: Role.MANAGER,
}
"""Division → whose people are told; the dispatchers are told of everything anyway."""


def request_merged(act: Act) -> None:
    """To the hospital: where it goes on."""
    _tell(act, REQUEST_MERGED, _hospital(act, act.record), into=act.record.merged_into.number)


def request_assessed(act: Act) -> None:
    _tell(act, REQUEST_ASSESSED, _hospital(act, act.record))


def request_cancelled(act: Act) -> None:
    everybody = _hospital(act, act.record) + holders(act.session, P.REQUEST_ASSIGN, act.record, DISPATCHERS)
    _tell(act, REQUEST_ENDED, everybody)


def request_refused(act: Act) -> None:
    _tell(act, REQUEST_ENDED, _hospital(act, act.record))


def message_posted(act: Act) -> None:
    """A customer's message goes to the staff at work on it, a staff message to the hospital."""
    request, message = act.record, act.record.messages[-1]
    _tell(act, MESSAGE_POSTED, _staff_of(act, request) if message.from_customer else _hospital(act, request))


def _staff_of(act: Act, request: Any) -> list[Account]:
    if request.technician is not None:
        return [request.technician, *([request.first_handler] if request.first_handler else [])]
    return holders(act.session, P.REQUEST_ASSIGN, request, DISPATCHERS)


def order_dispatched(act: Act) -> None:
    order = act.record
    _tell(act, ORDER_DISPATCHED, [order.technician])
    named = {"request": order.request.number, "badge": order.technician.badge_code}
    _tell(act, TECHNICIAN_NAMED, _hospital(act, order.request), **named)


def appointment_moved(act: Act) -> None:
    """To the hospital and the technician; the new time and the reason stand on their pages (DSP-2)."""
    order = act.record
    _tell(act, APPOINTMENT_MOVED, [*_hospital(act, order.request), order.technician], request=order.request.number)


def order_declined(act: Act) -> None:
    _tell(act, ORDER_DECLINED, holders(act.session, P.REQUEST_ASSIGN, act.record, DISPATCHERS))


def order_to_release(act: Act) -> None:
    _tell(act, ORDER_TO_RELEASE, holders(act.session, P.ORDER_RELEASE, act.record, (Role.QUALITY,)))


def order_released_first(act: Act) -> None:
    _tell(act, ORDER_RELEASED_FIRST, holders(act.session, P.ORDER_RELEASE, act.record, (Role.QUALITY,)))


def order_sent_back(act: Act) -> None:
    _tell(act, ORDER_SENT_BACK, [act.record.technician])


def order_cancelled(act: Act) -> None:
    _tell(act, ORDER_CANCELLED, [act.record.technician])


def report_to_sign(act: Act) -> None:
    order = act.record
    signers = holders(act.session, P.DOCUMENT_SIGN, order.request)
    _tell(act, REPORT_TO_SIGN, signers, request=order.request.number)
