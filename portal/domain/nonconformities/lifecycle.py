"""What can be done to a nonconformity."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Lifecycle, Verb
from portal.domain.nonconformities.models import Nonconformity, State
from portal.domain.permissions import P

OPEN = Verb(
    "open",
    on=NEW,
    to=State.OPEN,
    permission=P.NONCONFORMITY_OPEN,
    label=Message("Open a nonconformity"),
    numbered="NC",
)
CLOSE = Verb(
    "close",
    on=(State.OPEN,),
    to=State.CLOSED,
    permission=P.NONCONFORMITY_CLOSE,
    label=Message("Close the nonconformity"),
    asks_reason=True,
)
NONCONFORMITY_LIFECYCLE = Lifecycle(Nonconformity, State, [OPEN, CLOSE])
