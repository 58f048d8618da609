"""What can be done to documents."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Act, Lifecycle, Verb
from portal.domain.documents.kinds import BlockName
from portal.domain.documents.models import Document, State
from portal.domain.permissions import P


def free_and_next(block: BlockName):
    """A guard: `block` is still free, and every block before it is signed."""

    def guard(act: Act) -> Message | None:
        document: Document = act.record
        if document.current.signed(block):
            return Message("This block is already signed.")
        for earlier in document.form.blocks:
            if earlier.name == block:
                return None
            if not document.current.signed(earlier.name):
                return Message("The block “%(role)s” must be signed first.", role=earlier.role)
        return None

    return guard


def is_notice(act: Act) -> Message | None:
    """Only what was issued without the customer is confirmed as received afterwards."""
    if any(block.receipt for block in act.record.form.blocks):
        return None
    return Message("This document needs no confirmation of receipt.")


def released_first(act: Act) -> Message | None:
    """Only what was released before its review is reviewed afterwards, and once."""
    if act.record.current.released_first is None:
        return Message("This report was released after its review: nothing is left to review.")
    if act.record.current.signed(BlockName.REVIEW):
        return Message("This block is already signed.")
    return None


def not_signed_before(act: Act) -> Message | None:
    """Nobody approves what they filled in (form rule 0)."""
    if any(s.account_id == act.actor.id for s in act.record.current.signatures):
        return Message("You have signed this document already: it needs a second person.")
    return None


FREEZE = Verb("freeze", on=NEW, to=State.FROZEN, permission=P.DOCUMENT_KEEP, label=Message("Freeze"))
FREEZE_AGAIN = Verb(
    "freeze_again",
    on=(State.FROZEN, State.SIGNED, State.ISSUED, State.VOID),
    to=State.FROZEN,
    permission=P.DOCUMENT_KEEP,
    label=Message("New revision"),
)
SIGN_AS_ENGINEER = Verb(
    "sign_as_engineer",
    on=(State.FROZEN,),
    permission=P.ORDER_WORK,
    label=Message("Sign as service engineer"),
    needs=(free_and_next(BlockName.ENGINEER),),
)
SIGN_RELEASE = Verb(
    "sign_release",
    on=(State.FROZEN,),
    permission=P.ORDER_RELEASE,
    label=Message("Sign the release"),
    needs=(free_and_next(BlockName.RELEASE), not_signed_before),
)
SIGN_RELEASE_ALONE = Verb(
    "sign_release_alone",
    on=(State.FROZEN,),
    permission=P.ORDER_WORK,
    label=Message("Sign the release as the repairer"),
    needs=(free_and_next(BlockName.RELEASE),),
)
SIGN_RELEASE_FIRST = Verb(
    "sign_release_first",
    on=(State.FROZEN,),
    permission=P.ORDER_RELEASE_FIRST,
    label=Message("Sign the release before its review"),
    needs=(free_and_next(BlockName.RELEASE),),
)
SIGN_REVIEW = Verb(
    "sign_review",
    on=(State.FROZEN, State.SIGNED, State.ISSUED),
    permission=P.ORDER_RELEASE,
    label=Message("Sign the review of a release"),
    needs=(released_first, not_signed_before),
)
SIGN = Verb(
    "sign",
    on=(State.FROZEN,),
    to=State.SIGNED,
    permission=P.DOCUMENT_SIGN,
    label=Message("Sign"),
    needs=(free_and_next(BlockName.CUSTOMER),),
)
SIGN_WITNESSED = Verb(
    "sign_witnessed",
    on=(State.FROZEN,),
    to=State.SIGNED,
    permission=P.ORDER_WITNESS,
    label=Message("Let the customer sign here"),
    needs=(free_and_next(BlockName.CUSTOMER),),
)
SIGN_ON_PAPER = Verb(
    "sign_on_paper",
    on=(State.FROZEN,),
    to=State.SIGNED,
    permission=P.DOCUMENT_PAPER,
    label=Message("File the signed paper"),
    asks_reason=True,
    needs=(free_and_next(BlockName.CUSTOMER),),
)
SIGN_SEALING = Verb(
    "sign_sealing",
    on=(State.FROZEN,),
    permission=P.HOLD_SEAL,
    label=Message("Sign the sealing list"),
    needs=(free_and_next(BlockName.ENGINEER),),
)
SIGN_NOTICE = Verb(
    "sign_notice",
    on=(State.FROZEN,),
    to=State.SIGNED,
    permission=P.ORDER_RELEASE,
    label=Message("Sign the notice"),
    needs=(free_and_next(BlockName.RELEASE),),
)
ACKNOWLEDGE = Verb(
    "acknowledge",
    on=(State.ISSUED,),
    permission=P.DOCUMENT_SIGN,
    label=Message("Confirm receipt"),
    needs=(is_notice, free_and_next(BlockName.CUSTOMER)),
)
ACKNOWLEDGE_ON_PAPER = Verb(
    "acknowledge_on_paper",
    on=(State.ISSUED,),
    permission=P.DOCUMENT_PAPER,
    label=Message("File the signed receipt"),
    asks_reason=True,
    needs=(is_notice, free_and_next(BlockName.CUSTOMER)),
)
VOID = Verb("void", on=(State.FROZEN, State.SIGNED), to=State.VOID, permission=P.DOCUMENT_KEEP, label=Message("Void"))
ISSUE = Verb(
    "issue",
    on=(State.SIGNED,),
    to=State.ISSUED,
    permission=P.DOCUMENT_KEEP,
    label=Message("Issue"),
    numbered=lambda document: document.form.series,
)
ISSUE_UNSIGNED = Verb(
    "issue_unsigned",
    on=(State.FROZEN,),
    to=State.ISSUED,
    permission=P.DOCUMENT_KEEP,
    label=Message("Issue without a signature"),
    numbered=lambda document: document.form.series,
)
# A PDF belongs to a revision that was issued, and is made also while the document is being corrected already.
RENDERED = Verb("rendered", on=ANY, permission=P.DOCUMENT_KEEP, label=Message("PDF made"))
RENDER_FAILED = Verb("render_failed", on=ANY, permission=P.DOCUMENT_KEEP, label=Message("PDF could not be made"))
RENDER_AGAIN = Verb("render_again", on=ANY, permission=P.UNDELIVERED_RETRY, label=Message("Try the PDF again"))

DOCUMENT_LIFECYCLE = Lifecycle(
    Document,
    State,
    [
        FREEZE,
        FREEZE_AGAIN,
        SIGN_AS_ENGINEER,
        SIGN_RELEASE,
        SIGN_RELEASE_ALONE,
        SIGN_RELEASE_FIRST,
        SIGN_REVIEW,
        SIGN,
        SIGN_WITNESSED,
        SIGN_ON_PAPER,
        SIGN_SEALING,
        SIGN_NOTICE,
        ACKNOWLEDGE,
        ACKNOWLEDGE_ON_PAPER,
        VOID,
        ISSUE,
        ISSUE_UNSIGNED,
        RENDERED,
        RENDER_FAILED,
        RENDER_AGAIN,
    ],
)
