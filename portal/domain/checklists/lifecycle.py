"""What can be done to checklists, to their versions and to test sheets."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.checklists.models import Checklist, ChecklistVersion, TestSheet
from portal.domain.checklists.words import SheetState, VersionState
from portal.domain.permissions import P

V, S = VersionState, SheetState


def not_the_drafter(act: Act) -> Message | None:
    """Who publishes is not who wrote it last."""
    if act.record.drafted_by_id is not None and act.record.drafted_by_id == act.actor.id:
        return Message("You wrote this draft last: somebody else must publish it.")
    return None


def has_items(act: Act) -> Message | None:
    return None if act.record.items else Message("A checklist needs at least one item before it is published.")


def not_the_repairer(act: Act) -> Message | None:
    """Nobody reviews their own tests (QCR-6)."""
    if act.actor.id == act.record.technician_id:
        return Message("Whoever did the tests cannot review them: it needs a second person.")
    return None


def not_released_first(act: Act) -> Message | None:
    """What was released before its review is reviewed as a whole, not sheet by sheet."""
    if act.actor.is_system or act.record.order.to_review is None:
        return None
    return Message("This device was released first: accept or refuse the release, on the page of its work order.")


FOUND = Verb("found", on=NEW, permission=P.CHECKLIST_EDIT, label=Message("Add checklist"))
CHOOSE = Verb(
    "choose", on=ANY, permission=P.CHECKLIST_PUBLISH, label=Message("Change which devices it is for"), edits="use"
)
CHECKLIST_LIFECYCLE = Lifecycle(Checklist, None, [FOUND, CHOOSE])

DRAFT = Verb("draft", on=NEW, to=V.DRAFT, permission=P.CHECKLIST_EDIT, label=Message("Draft a new version"))
EDIT = Verb("edit", on=(V.DRAFT,), permission=P.CHECKLIST_EDIT, label=Message("Edit the draft"), edits="draft")
PUBLISH = Verb(
    "publish",
    on=(V.DRAFT,),
    to=V.PUBLISHED,
    permission=P.CHECKLIST_PUBLISH,
    label=Message("Publish"),
    needs=(not_the_drafter, has_items),
)
DISCARD = Verb(
    "discard", on=(V.DRAFT,), to=V.WITHDRAWN, permission=P.CHECKLIST_EDIT, label=Message("Discard the draft")
)
WITHDRAW = Verb(
    "withdraw",
    on=(V.PUBLISHED,),
    to=V.WITHDRAWN,
    permission=P.CHECKLIST_PUBLISH,
    label=Message("Withdraw"),
    asks_reason=True,
)
REPLACE = Verb(
    "replace", on=(V.PUBLISHED,), to=V.WITHDRAWN, permission=P.DOCUMENT_KEEP, label=Message("Replace by a newer one")
)
VERSION_LIFECYCLE = Lifecycle(ChecklistVersion, VersionState, [DRAFT, EDIT, PUBLISH, DISCARD, WITHDRAW, REPLACE])

OPEN = Verb("open", on=NEW, to=S.OPEN, permission=P.SHEET_FILL, label=Message("Begin a test sheet"))
RECORD = Verb("record", on=(S.OPEN,), permission=P.SHEET_FILL, label=Message("Write down readings"))
COMPLETE = Verb(
    "complete",
    on=(S.OPEN,),
    to=S.COMPLETE,
    permission=P.SHEET_FILL,
    label=Message("Complete the sheet"),
    also_locks=lambda sheet: [sheet.order],
)
REVIEW = Verb(
    "review",
    on=(S.COMPLETE,),
    to=S.REVIEWED,
    permission=P.SHEET_REVIEW,
    label=Message("Accept the tests"),
    needs=(not_the_repairer, not_released_first),
)
REJECT = Verb(
    "reject",
    on=(S.COMPLETE,),
    to=S.REJECTED,
    permission=P.SHEET_REVIEW,
    label=Message("Reject the tests"),
    needs=(not_the_repairer, not_released_first),
    asks_reason=True,
    also_locks=lambda sheet: [sheet.order],
)
SHEET_LIFECYCLE = Lifecycle(TestSheet, SheetState, [OPEN, RECORD, COMPLETE, REVIEW, REJECT])
