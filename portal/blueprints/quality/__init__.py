"""Quality: release, reports, complaints, fault codes, known answers."""

from portal.web.pages import Door
from portal.web.staff import staff_only

door = staff_only(Door("quality", __name__, layout="layouts/staff.html", url_prefix="/quality"))

from portal.blueprints.quality import (  # noqa: E402
    complaints,  # noqa: F401
    documents,  # noqa: F401
    early,  # noqa: F401
    families,  # noqa: F401
    fault_codes,  # noqa: F401
    known_answers,  # noqa: F401
    nonconformities,  # noqa: F401
    release,  # noqa: F401
    release_drafts,  # noqa: F401
    release_rules,  # noqa: F401
    sheets,  # noqa: F401
)
