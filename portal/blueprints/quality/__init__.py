"""Quality: release, reports, complaints, fault codes."""

from portal.web.pages import Door
from portal.web.staff import staff_only

door = staff_only(Door("quality", __name__, layout="layouts/staff.html", url_prefix="/quality"))

from portal.blueprints.quality import complaints, documents, families, fault_codes, release, sheets  # noqa: E402, F401
