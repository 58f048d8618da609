"""What can be done to formats of labels and to sheets."""

from portal.core import outbox
from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.labels.models import LabelFormat, LabelSheet, SheetState
from portal.domain.permissions import P

PRINT = "labels.print"
"""The job that makes the PDF of a sheet."""


def fits_on_the_page(act: Act) -> Message | None:
    record = act.record
    if record.needs_width > record.page_width or record.needs_height > record.page_height:
        return Message("The labels do not fit on the page: check their number, size and gaps.")
    return None


def _ask_for_the_pdf(act: Act) -> None:
    outbox.put(act.session, PRINT, {"sheet_id": act.record.id}, actor_id=act.actor.id)


ADD = Verb(
    "add",
    on=NEW,
    permission=P.LABEL_FORMAT,
    label=Message("Add format of labels"),
    needs=(fits_on_the_page,),
)
CHANGE = Verb(
    "change",
    on=ANY,
    permission=P.LABEL_FORMAT,
    label=Message("Change format of labels"),
    edits="details",
)
FORMAT_LIFECYCLE = Lifecycle(LabelFormat, None, [ADD, CHANGE])

ASK = Verb(
    "ask",
    on=NEW,
    to=SheetState.ASKED,
    permission=P.LABEL_PRINT,
    label=Message("Print labels"),
    effects=(_ask_for_the_pdf,),
)
FINISH = Verb(
    "finish",
    on=(SheetState.ASKED,),
    to=SheetState.READY,
    permission=P.LABEL_KEEP,
    label=Message("Finish the labels"),
)
FAIL = Verb(
    "fail",
    on=(SheetState.ASKED,),
    to=SheetState.FAILED,
    permission=P.LABEL_KEEP,
    label=Message("Give up the labels"),
)
SHEET_LIFECYCLE = Lifecycle(LabelSheet, SheetState, [ASK, FINISH, FAIL])
