"""What can be done to a question to second line or to the manufacturer."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.escalations import notices
from portal.domain.escalations.models import Escalation, State
from portal.domain.permissions import P
from portal.domain.servicing.words import OPEN_ORDERS


def order_open(act: Act) -> Message | None:
    """Nobody asks about work that is over."""
    if act.record.order.state in OPEN_ORDERS:
        return None
    return Message("This work order is over: there is nothing left to ask about it.")


def to_somebody_else(act: Act) -> Message | None:
    if act.record.expert_id is not None and act.record.expert_id == act.actor.id:
        return Message("Choose a colleague: a question to oneself helps nobody.")
    return None


def from_the_maker(act: Act) -> Message | None:
    """A colleague answers in the own account; only a manufacturer's answer is written down by somebody else."""
    if act.record.supplier_id is not None:
        return None
    return Message("This question went to a colleague, who answers it in the own account.")


ASK = Verb(
    "ask",
    on=NEW,
    to=State.OPEN,
    permission=P.ESCALATION_ASK,
    label=Message("Ask second line or the manufacturer"),
    numbered="EQ",
    needs=(order_open, to_somebody_else),
    effects=(notices.asked,),
)
ANSWER = Verb(
    "answer",
    on=(State.OPEN,),
    to=State.ANSWERED,
    permission=P.ESCALATION_ANSWER,
    label=Message("Answer"),
    effects=(notices.answered,),
)
RECORD_ANSWER = Verb(
    "record_answer",
    on=(State.OPEN,),
    to=State.ANSWERED,
    permission=P.ESCALATION_RECORD,
    label=Message("Record the manufacturer's answer"),
    needs=(from_the_maker,),
    effects=(notices.answered,),
)
WITHDRAW = Verb(
    "withdraw",
    on=(State.OPEN,),
    to=State.WITHDRAWN,
    permission=P.ESCALATION_ASK,
    label=Message("Withdraw the question"),
    asks_reason=True,
    effects=(notices.withdrawn,),
)
REMIND = Verb("remind", on=(State.OPEN,), permission=P.CLOCK_KEEP, label=Message("Remind"))

ESCALATION_LIFECYCLE = Lifecycle(Escalation, State, [ASK, ANSWER, RECORD_ANSWER, WITHDRAW, REMIND])
