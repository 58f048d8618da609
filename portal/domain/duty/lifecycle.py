"""What can be done to shifts of the duty roster, and to calls."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.duty import notices
from portal.domain.duty.models import DutyCall, DutyShift
from portal.domain.duty.words import CallState, ShiftState
from portal.domain.permissions import P


def not_over(act: Act) -> Message | None:
    """Who was on duty is a fact, once the time has passed."""
    if act.record.ends_at > act.at:
        return None
    return Message("This shift is over: the roster keeps who was on duty.")


def not_begun(act: Act) -> Message | None:
    if act.record.starts_at > act.at:
        return None
    return Message("This shift has begun. Change its end, and plan a shift for who takes over.")


PLAN = Verb("plan", on=NEW, to=ShiftState.PLANNED, permission=P.ROSTER_EDIT, label=Message("Plan a shift"))
CHANGE = Verb(
    "change",
    on=(ShiftState.PLANNED,),
    permission=P.ROSTER_EDIT,
    label=Message("Change the shift"),
    edits="shift",
    needs=(not_over,),
)
CANCEL = Verb(
    "cancel",
    on=(ShiftState.PLANNED,),
    to=ShiftState.CANCELLED,
    permission=P.ROSTER_EDIT,
    label=Message("Take the shift away"),
    needs=(not_begun,),
)
SHIFT_LIFECYCLE = Lifecycle(DutyShift, ShiftState, [PLAN, CHANGE, CANCEL])

RING = Verb(
    "ring",
    on=NEW,
    to=CallState.RINGING,
    permission=P.DUTY_KEEP,
    label=Message("Call who is on duty"),
    numbered="DC",
    effects=(notices.rung,),
)
GO_ON = Verb(
    "go_on",
    on=(CallState.RINGING,),
    permission=P.DUTY_KEEP,
    label=Message("Call the next"),
    effects=(notices.rung,),
)
ANSWER = Verb(
    "answer",
    on=(CallState.RINGING,),
    to=CallState.ANSWERED,
    permission=P.DUTY_ANSWER,
    label=Message("I take care of it"),
    effects=(notices.answered,),
)
SETTLE = Verb(
    "settle",
    on=(CallState.RINGING,),
    to=CallState.SETTLED,
    permission=P.DUTY_KEEP,
    label=Message("Dealt with otherwise"),
)
CALL_LIFECYCLE = Lifecycle(DutyCall, CallState, [RING, GO_ON, ANSWER, SETTLE])
