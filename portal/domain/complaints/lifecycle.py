"""What can be done to a complaint."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Lifecycle, Verb
from portal.domain.complaints import notices
from portal.domain.complaints.models import Complaint, State
from portal.domain.permissions import P

OPEN = Verb(
    "open",
    on=NEW,
    to=State.OPEN,
    permission=P.COMPLAINT_OPEN,
    label=Message("Open complaint"),
    numbered="CP",
    effects=(notices.complaint_opened,),
)
RENEW = Verb(
    "renew",
    on=(State.OPEN, State.ASSESSED),
    to=State.OPEN,
    permission=P.COMPLAINT_OPEN,
    label=Message("Open again: new answers"),
    effects=(notices.complaint_opened,),
)
ASSESS = Verb(
    "assess",
    on=(State.OPEN, State.ASSESSED),
    to=State.ASSESSED,
    permission=P.COMPLAINT_ASSESS,
    label=Message("Assess complaint"),
    edits="assessment",
)

COMPLAINT_LIFECYCLE = Lifecycle(Complaint, State, [OPEN, RENEW, ASSESS])
