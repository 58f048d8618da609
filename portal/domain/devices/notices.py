"""Who is told that a device must not be used, and that it may be again."""

from portal.core.errors import Message
from portal.core.notices import NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.people import holders
from portal.domain.permissions import P, Role

HOSPITAL = (Role.CUSTOMER, Role.WARD)

DEVICE_STOPPED = declare(
    NoticeKind(
        "device_stopped",
        label=Message("A device must not be used"),
        title=Message("Do not use %(device)s"),
        concerns=frozenset(HOSPITAL),
    )
)
DEVICE_LIFTED = declare(
    NoticeKind(
        "device_lifted",
        label=Message("A device may be used again"),
        title=Message("%(device)s may be used again"),
        concerns=frozenset(HOSPITAL),
    )
)


def device_stopped(act: Act) -> None:
    """To everybody of the hospital who sees the device."""
    _tell(act, DEVICE_STOPPED)


def device_lifted(act: Act) -> None:
    _tell(act, DEVICE_LIFTED)


def _tell(act: Act, kind: NoticeKind) -> None:
    device = act.record
    people = holders(act.session, P.DEVICE_SEE, device, HOSPITAL)
    name = f"{device.product.model} {device.identity}"
    params = {"number": device.number or "", "device": name, "reason": act.reason}
    notify(act.session, kind, people, root=device, params=params, cause_id=act.entry.id)
