"""Who is told of evidence holds."""

from collections.abc import Iterable

import sqlalchemy as sa

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import Account
from portal.domain.accounts.people import holders
from portal.domain.holds.models import EvidenceHold
from portal.domain.permissions import P, Role
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS

HOSPITAL = (Role.CUSTOMER, Role.WARD)
DECIDERS = (Role.QUALITY, Role.MANAGER)
EVERYBODY = frozenset({*HOSPITAL, *DECIDERS, Role.TECHNICIAN, Role.DESK, Role.DEALER_DESK})

HOLD_ASKED = declare(
    NoticeKind(
        "hold_asked",
        label=Message("Somebody asks to hold a device as evidence"),
        title=Message("Decide on evidence hold %(number)s"),
        concerns=frozenset(DECIDERS),
    )
)
HOLD_DECLINED = declare(
    NoticeKind(
        "hold_declined",
        label=Message("Your request for an evidence hold was declined"),
        title=Message("Evidence hold %(number)s was declined"),
        concerns=frozenset({Role.TECHNICIAN, Role.DESK, Role.DEALER_DESK}),
    )
)
DEVICE_HELD = declare(
    NoticeKind(
        "device_held",
        label=Message("A device is held as evidence"),
        title=Message("%(device)s is held as evidence"),
        mandatory=True,
        concerns=EVERYBODY,
    )
)
HOLD_RELEASED = declare(
    NoticeKind(
        "hold_released",
        label=Message("A device is no longer held as evidence"),
        title=Message("%(device)s is no longer held as evidence"),
        mandatory=True,
        concerns=EVERYBODY,
    )
)


def _tell(act: Act, kind: NoticeKind, people: Iterable[Account | None]) -> None:
    """Tell `people`, except whoever did it. The number leads each reader to the device."""
    hold: EvidenceHold = act.record
    device = hold.device
    others = [account for account in people if account is not None and account.id != act.actor.id]
    params = {"device": f"{device.product.model} {device.identity}", "reason": act.reason or hold.reason}
    params |= {"number": hold.number if kind in (HOLD_ASKED, HOLD_DECLINED) else device.number}
    notify(act.session, kind, others, root=hold, params=params, cause_id=act.entry.id)


def hold_asked(act: Act) -> None:
    _tell(act, HOLD_ASKED, holders(act.session, P.HOLD_PLACE, act.record, DECIDERS))


def hold_declined(act: Act) -> None:
    _tell(act, HOLD_DECLINED, [act.session.get(Account, act.record.asked_by_id)])


def device_held(act: Act) -> None:
    """To the hospital, to whoever works on the device, and to whoever asked for it."""
    _tell(act, DEVICE_HELD, _concerned(act))


def hold_released(act: Act) -> None:
    _tell(act, HOLD_RELEASED, _concerned(act))


def _concerned(act: Act) -> list[Account | None]:
    hold: EvidenceHold = act.record
    at_work = sa.select(Account).join(WorkOrder, WorkOrder.technician_id == Account.id).join(ServiceRequest)
    at_work = at_work.where(ServiceRequest.device_id == hold.device_id, WorkOrder.state.in_(OPEN_ORDERS))
    hospital = holders(act.session, P.DEVICE_SEE, hold.device, HOSPITAL)
    asker = act.session.get(Account, hold.asked_by_id) if hold.asked_by_id else None
    return [*hospital, *act.session.scalars(at_work), asker]
