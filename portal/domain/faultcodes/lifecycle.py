"""What can be done to fault codes. None is deleted: records carry them."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Lifecycle, Verb
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeState
from portal.domain.permissions import P

S = CodeState

ADD = Verb("add", on=NEW, to=S.IN_USE, permission=P.FAULTCODE_EDIT, label=Message("Add fault code"))
EDIT = Verb("edit", on=(S.IN_USE,), permission=P.FAULTCODE_EDIT, label=Message("Change fault code"), edits="details")
RETIRE = Verb("retire", on=(S.IN_USE,), to=S.RETIRED, permission=P.FAULTCODE_EDIT, label=Message("Take out of use"))
REVIVE = Verb("revive", on=(S.RETIRED,), to=S.IN_USE, permission=P.FAULTCODE_EDIT, label=Message("Take into use again"))

FAULT_CODE_LIFECYCLE = Lifecycle(FaultCode, CodeState, [ADD, EDIT, RETIRE, REVIVE])
