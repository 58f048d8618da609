"""What can be done to devices."""

from portal.core.errors import Message
from portal.core.lifecycle import ANY, NEW, Act, Lifecycle, Verb
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

DEVICE_LIFECYCLE = Lifecycle(Device, State, [REGISTER, EDIT])
