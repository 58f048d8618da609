"""What can be done to kits."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.kits.models import KitItem
from portal.domain.permissions import P


def still_in_use(act: Act) -> Message | None:
    return None if act.record.in_use else Message("This is not on the list any more.")


ADD = Verb("add", on=NEW, permission=P.PRODUCT_EDIT, label=Message("Add to what to take along"))
DROP = Verb("drop", on=ANY, permission=P.PRODUCT_EDIT, label=Message("No longer needed"), needs=(still_in_use,))
KIT_LIFECYCLE = Lifecycle(KitItem, None, [ADD, DROP])
