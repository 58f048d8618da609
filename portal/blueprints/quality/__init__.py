"""Quality: release, reports."""

from portal.web.pages import Door

door = Door("quality", __name__, layout="layouts/staff.html", url_prefix="/quality")

from portal.blueprints.quality import views  # noqa: E402, F401
