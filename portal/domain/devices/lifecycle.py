"""What can be done to devices."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.devices import notices
from portal.domain.devices.models import Device, State
from portal.domain.permissions import P


def place_fits(act: Act) -> Message | None:
    """The site belongs to the organisation and the department to the site."""
    device = act.record
    if device.site.organisation_id != device.organisation_id:
        return Message("This site does not belong to the organisation.")
    if device.department is not None and device.department.site_id != device.site_id:
        return Message("This department does not belong to the site.")
    return None


def held(device: Device) -> Message | None:
    """The refusal of whatever would change a device that is kept as evidence (R12; 医疗纠纷条例 25); None without."""
    if device.held_at is None:
        return None
    return Message(
        "This device is held as evidence and may not be changed: %(reason)s. "
        "Quality or a manager can release it; the log and photos stay open.",
        reason=device.held_reason,
    )


def not_held(act: Act) -> Message | None:
    return held(act.record)


def is_a_unit(act: Act) -> Message | None:
    """A lot of goods is used up, not replaced by another."""
    if not act.record.product.by_lot:
        return None
    return Message("Goods counted by lot are not replaced as a unit: register the lot that came instead.")


REGISTER = Verb(
    "register",
    on=NEW,
    to=State.IN_USE,
    permission=P.DEVICE_EDIT,
    label=Message("Register device"),
    numbered="DV",
    needs=(place_fits,),
)
EDIT = Verb("edit", on=ANY, permission=P.DEVICE_EDIT, label=Message("Edit device"), edits="details")

STOP = Verb(
    "stop",
    on=(State.IN_USE, State.IDLE),
    to=State.DO_NOT_USE,
    permission=P.DEVICE_STOP,
    label=Message("Declare not to be used"),
    asks_reason=True,
    effects=(notices.device_stopped,),
)
LIFT = Verb(
    "lift",
    on=(State.DO_NOT_USE,),
    to=State.IN_USE,
    permission=P.DEVICE_LIFT,
    label=Message("Let it be used again"),
    asks_reason=True,
    needs=(not_held,),
    effects=(notices.device_lifted,),
)

HOLD = Verb("hold", on=ANY, permission=P.HOLD_KEEP, label=Message("Hold as evidence"))
LET_GO = Verb("let_go", on=ANY, permission=P.HOLD_KEEP, label=Message("No longer evidence"))

RELABEL = Verb("relabel", on=ANY, permission=P.DEVICE_EDIT, label=Message("Give a new label code"), asks_reason=True)

SWAP_OUT = Verb(
    "swap_out",
    on=(State.IN_USE, State.IDLE, State.DO_NOT_USE),
    to=State.REPLACED,
    permission=P.DEVICE_SWAP,
    label=Message("Replace by another unit"),
    asks_reason=True,
    needs=(not_held, is_a_unit),
)
SWAP_IN = Verb(
    "swap_in",
    on=NEW,
    to=State.IN_USE,
    permission=P.DEVICE_SWAP,
    label=Message("Take another unit's place"),
    numbered="DV",
    needs=(place_fits,),
)

DEVICE_LIFECYCLE = Lifecycle(Device, State, [REGISTER, EDIT, STOP, LIFT, HOLD, LET_GO, RELABEL, SWAP_OUT, SWAP_IN])
