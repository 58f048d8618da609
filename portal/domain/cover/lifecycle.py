"""What can be done to the decision on who pays."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.cover.models import Choice, CoverDecision
from portal.domain.permissions import P


def grounds_given(act: Act) -> Message | None:
    """Whoever departs from the cover says why."""
    if act.record.choice is Choice.BY_COVER or act.record.grounds.strip():
        return None
    return Message("Say why it is not simply charged as covered.")


DECIDE = Verb(
    "decide",
    on=NEW,
    permission=P.COVER_DECIDE,
    label=Message("Decide who pays"),
    edits="decision",
    needs=(grounds_given,),
)
CHANGE = Verb("change", on=ANY, permission=P.COVER_DECIDE, label=Message("Decide anew who pays"), edits="decision")

COVER_LIFECYCLE = Lifecycle(CoverDecision, None, [DECIDE, CHANGE])
