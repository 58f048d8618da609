"""The technician's tablet: my day and the work order."""

from portal.web.pages import Door

door = Door("technicians", __name__, layout="layouts/technician.html", url_prefix="/technician")

from portal.blueprints.technicians import day, orders, papers, plans, safety, steps, week, work  # noqa: E402, F401
