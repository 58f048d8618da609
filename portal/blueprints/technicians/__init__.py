"""The technician's tablet: my day and the work order."""

from portal.web.pages import Door

door = Door("technicians", __name__, layout="layouts/technician.html", url_prefix="/technician")

from portal.blueprints.technicians import (  # noqa: E402
    costs,  # noqa: F401
    day,  # noqa: F401
    early,  # noqa: F401
    leaving,  # noqa: F401
    orders,  # noqa: F401
    packing,  # noqa: F401
    papers,  # noqa: F401
    plans,  # noqa: F401
    safety,  # noqa: F401
    sheets,  # noqa: F401
    steps,  # noqa: F401
    week,  # noqa: F401
    work,  # noqa: F401
)
