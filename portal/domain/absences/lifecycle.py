"""What can be done to absences."""

from zoneinfo import ZoneInfo

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.absences import notices
from portal.domain.absences.models import Absence
from portal.domain.absences.words import AbsenceState
from portal.domain.permissions import P

S = AbsenceState


def by_another(act: Act) -> Message | None:
    """Nobody approves their own leave."""
    if act.actor.id is not None and act.actor.id == act.record.account_id:
        return Message("Somebody else decides on your own absence.")
    return None


def not_over(act: Act) -> Message | None:
    today = act.at.astimezone(ZoneInfo(act.record.account.zone)).date()
    return None if act.record.last_on >= today else Message("This absence is over.")


ASK = Verb(
    "ask",
    on=NEW,
    to=S.ASKED,
    permission=P.ABSENCE_ASK,
    label=Message("Ask for leave"),
    effects=(notices.absence_asked,),
)
APPROVE = Verb(
    "approve",
    on=(S.ASKED,),
    to=S.APPROVED,
    permission=P.ABSENCE_DECIDE,
    label=Message("Approve"),
    needs=(by_another,),
    effects=(notices.absence_decided,),
)
REFUSE = Verb(
    "refuse",
    on=(S.ASKED,),
    to=S.REFUSED,
    permission=P.ABSENCE_DECIDE,
    label=Message("Refuse"),
    needs=(by_another,),
    asks_reason=True,
    effects=(notices.absence_decided,),
)
CANCEL = Verb(
    "cancel",
    on=(S.ASKED, S.APPROVED),
    to=S.CANCELLED,
    permission=P.ABSENCE_ASK,
    label=Message("Take the absence back"),
    needs=(not_over,),
)
ABSENCE_LIFECYCLE = Lifecycle(Absence, AbsenceState, [ASK, APPROVE, REFUSE, CANCEL])
