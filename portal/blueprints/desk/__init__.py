"""Service desk: requests, assignment, devices."""

from portal.web.pages import Door

door = Door("desk", __name__, layout="layouts/staff.html", url_prefix="/desk")

from portal.blueprints.desk import views  # noqa: E402, F401
