"""What can be done to known answers. None is deleted: the trail says what people were told, and when."""

from portal.core.errors import Message
from portal.core.verbs import NEW, Lifecycle, Verb
from portal.domain.answers.models import KnownAnswer
from portal.domain.answers.words import AnswerState
from portal.domain.permissions import P

S = AnswerState

ADD = Verb("add", on=NEW, to=S.IN_USE, permission=P.ANSWER_EDIT, label=Message("Add known answer"))
EDIT = Verb("edit", on=(S.IN_USE,), permission=P.ANSWER_EDIT, label=Message("Change known answer"), edits="details")
RETIRE = Verb("retire", on=(S.IN_USE,), to=S.RETIRED, permission=P.ANSWER_EDIT, label=Message("Take out of use"))
REVIVE = Verb("revive", on=(S.RETIRED,), to=S.IN_USE, permission=P.ANSWER_EDIT, label=Message("Take into use again"))
HELP = Verb("help", on=(S.IN_USE,), permission=P.ANSWER_USE, label=Message("It solved the problem"))

ANSWER_LIFECYCLE = Lifecycle(KnownAnswer, AnswerState, [ADD, EDIT, RETIRE, REVIVE, HELP])
