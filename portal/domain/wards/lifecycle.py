"""What can be done to a ward's report, and to how a site lets its wards report."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.permissions import P
from portal.domain.wards import notices
from portal.domain.wards.models import WardDesk, WardReport
from portal.domain.wards.words import ReportState, Route

S = ReportState


def device_is_there(act: Act) -> Message | None:
    """The device stands where the report says."""
    if act.record.device.site_id != act.record.site_id:
        return Message("This device is not at this site.")
    return None


REPORT = Verb(
    "report",
    on=NEW,
    to=S.REPORTED,
    permission=P.WARD_REPORT_FILE,
    label=Message("Report from the ward"),
    numbered="WR",
    needs=(device_is_there,),
    effects=(notices.ward_reported,),
)
CONFIRM = Verb(
    "confirm",
    on=(S.REPORTED,),
    to=S.CONFIRMED,
    permission=P.WARD_REPORT_SETTLE,
    label=Message("Pass on to the service company"),
)
RELEASE = Verb(
    "release",
    on=(S.REPORTED,),
    to=S.CONFIRMED,
    permission=P.WARD_REPORT_KEEP,
    label=Message("Passed on at once"),
)
MERGE = Verb(
    "merge",
    on=(S.REPORTED,),
    to=S.MERGED,
    permission=P.WARD_REPORT_SETTLE,
    label=Message("Add to an open request"),
)
JOIN = Verb(
    "join",
    on=(S.REPORTED,),
    to=S.MERGED,
    permission=P.WARD_REPORT_KEEP,
    label=Message("Added to an open request at once"),
)
SOLVE = Verb(
    "solve",
    on=(S.REPORTED,),
    to=S.SOLVED,
    permission=P.WARD_REPORT_SETTLE,
    label=Message("Solved by ourselves"),
)
DISMISS = Verb(
    "dismiss",
    on=(S.REPORTED,),
    to=S.DISMISSED,
    permission=P.WARD_REPORT_SETTLE,
    label=Message("Do not pursue"),
)
REMIND = Verb(
    "remind",
    on=(S.REPORTED,),
    permission=P.WARD_REPORT_KEEP,
    label=Message("Remind the equipment department"),
    effects=(notices.ward_report_waits,),
)

WARD_REPORT_LIFECYCLE = Lifecycle(
    WardReport, ReportState, [REPORT, CONFIRM, RELEASE, MERGE, JOIN, SOLVE, DISMISS, REMIND]
)


def still_open(act: Act) -> Message | None:
    """A code is worth nothing where nobody reports by the label."""
    if act.record.route is Route.CLOSED:
        return Message("Let the wards of this site report first, then draw a new code.")
    return None


OPEN = Verb("open", on=NEW, permission=P.WARD_DESK_EDIT, label=Message("Let wards report by the label"))
EDIT = Verb("edit", on=ANY, permission=P.WARD_DESK_EDIT, label=Message("Change how wards report"), edits="settings")
RENEW_CODE = Verb(
    "renew_code",
    on=ANY,
    permission=P.WARD_DESK_EDIT,
    label=Message("Draw a new confirmation code"),
    needs=(still_open,),
)

WARD_DESK_LIFECYCLE = Lifecycle(WardDesk, None, [OPEN, EDIT, RENEW_CODE])
