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
    effects=(notices.device_lifted,),
)

DEVICE_LIFECYCLE = Lifecycle(Device, State, [REGISTER, EDIT, STOP, LIFT])
