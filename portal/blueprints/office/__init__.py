"""Managers and administration: people, organisations, permissions, trail."""

from portal.web.pages import Door

door = Door("office", __name__, layout="layouts/staff.html", url_prefix="/office")

from portal.blueprints.office import views  # noqa: E402, F401
