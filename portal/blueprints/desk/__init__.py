"""Service desk: requests, assignment, devices."""

from portal.web.pages import Door
from portal.web.staff import staff_only

door = staff_only(Door("desk", __name__, layout="layouts/staff.html", url_prefix="/desk"))

from portal.blueprints.desk import (  # noqa: E402
    absences,  # noqa: F401
    board,  # noqa: F401
    calendar,  # noqa: F401
    conversation,  # noqa: F401
    cover,  # noqa: F401
    device_history,  # noqa: F401
    device_swap,  # noqa: F401
    devices,  # noqa: F401
    dispatch,  # noqa: F401
    endings,  # noqa: F401
    intake,  # noqa: F401
    merging,  # noqa: F401
    plans,  # noqa: F401
    register,  # noqa: F401
    requests,  # noqa: F401
    roster,  # noqa: F401
    safety,  # noqa: F401
)
