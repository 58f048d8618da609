"""What can be done to an evidence hold. Who releases is never who held."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Act, Lifecycle, Verb
from portal.domain.holds import notices
from portal.domain.holds.models import EvidenceHold, State
from portal.domain.permissions import P


def items_listed(act: Act) -> Message | None:
    """A sealing list without an item proves nothing."""
    return None if act.record.items else Message("Write down first what is sealed, in which condition, by which seal.")


def not_the_holder(act: Act) -> Message | None:
    if act.actor.id == act.record.held_by_id:
        return Message("Whoever placed the hold cannot release it: it needs a second person of quality, or a manager.")
    return None


def _its_device(hold: EvidenceHold) -> list:
    return [hold.device]


ASK = Verb(
    "ask",
    on=NEW,
    to=State.ASKED,
    permission=P.HOLD_ASK,
    label=Message("Ask for an evidence hold"),
    numbered="EH",
    effects=(notices.hold_asked,),
)
PLACE = Verb(
    "place",
    on=NEW,
    to=State.HELD,
    permission=P.HOLD_PLACE,
    label=Message("Hold as evidence"),
    numbered="EH",
    effects=(notices.device_held,),
)
GRANT = Verb(
    "grant",
    on=(State.ASKED,),
    to=State.HELD,
    permission=P.HOLD_PLACE,
    label=Message("Hold as requested"),
    also_locks=_its_device,
    effects=(notices.device_held,),
)
DECLINE = Verb(
    "decline",
    on=(State.ASKED,),
    to=State.DECLINED,
    permission=P.HOLD_PLACE,
    label=Message("Decline the hold"),
    asks_reason=True,
    effects=(notices.hold_declined,),
)
LIST = Verb("list", on=(State.HELD,), permission=P.HOLD_SEAL, label=Message("Keep the sealing list"), edits="list")
SEAL = Verb(
    "seal", on=(State.HELD,), permission=P.HOLD_SEAL, label=Message("Sign the sealing list"), needs=(items_listed,)
)
RELEASE = Verb(
    "release",
    on=(State.HELD,),
    to=State.RELEASED,
    permission=P.HOLD_PLACE,
    label=Message("Release the device"),
    asks_reason=True,
    needs=(not_the_holder,),
    also_locks=_its_device,
    effects=(notices.hold_released,),
)

HOLD_LIFECYCLE = Lifecycle(EvidenceHold, State, [ASK, PLACE, GRANT, DECLINE, LIST, SEAL, RELEASE])
