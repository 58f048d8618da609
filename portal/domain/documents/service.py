"""Freezing, signing and issuing documents."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import outbox
from portal.core.documents import canonical_bytes, content_hash
from portal.core.errors import Message
from portal.core.files import File, Incoming, attach, store
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act, Effect, Verb
from portal.domain.documents import lifecycle, notices
from portal.domain.documents.kinds import BlockName, Kind
from portal.domain.documents.models import (
    Document,
    Method,
    Rendition,
    RenditionState,
    Revision,
    RevisionState,
    Signature,
)

LANGUAGES = ("zh", "en")


def of(session: Session, kind: Kind, root: Any, *options: Any) -> Document | None:
    """The document of this kind about `root`, if there is one; `options` say what is loaded with it."""
    return session.execute(
        sa.select(Document)
        .where(Document.kind == kind.name, Document.root_kind == root.__tablename__, Document.root_id == root.id)
        .options(*options)
    ).scalar_one_or_none()


def freeze(
    session: Session, cause: Act, kind: Kind, root: Any, payload: dict[str, Any], *, subject: str, reason: str = ""
) -> Document:
    """Freeze `payload` as the next revision of the document about `root`; `reason` says why there is another one.

    `root` carries the scope columns of a document. Signatures of the revision before become void with it.
    `cause` is the act that demands it; its actor's language is kept as the language that was shown.
    """
    frozen = canonical_bytes(payload)
    document = of(session, kind, root)
    known = document is not None
    document = document or _blank(kind, root)

    def change(act: Act) -> None:
        document.subject = subject
        document.technician_id, document.dealer_id = root.technician_id, root.dealer_id
        _put_aside(document)
        document.revision = (document.revision or 0) + 1
        document.revisions.append(
            Revision(
                revision=document.revision,
                frozen=frozen,
                content_hash=content_hash(frozen),
                form_code=kind.form_code,
                form_version=kind.form_version,
                language=cause.actor.language,
                frozen_at=act.at,
                reason=reason,
                state=RevisionState.FROZEN,
            )
        )

    perform(session, lifecycle.FREEZE_AGAIN if known else lifecycle.FREEZE, document, SYSTEM, change, cause=cause)
    return document


def _blank(kind: Kind, root: Any) -> Document:
    return Document(
        kind=kind.name,
        root_kind=root.__tablename__,
        root_id=root.id,
        company=root.company,
        organisation_id=root.organisation_id,
        site_id=root.site_id,
        dealer_id=root.dealer_id,
        centre_id=root.centre_id,
    )


def _put_aside(document: Document) -> None:
    """An unissued revision becomes void; an issued one stays in force until the next is issued."""
    for revision in document.revisions:
        if revision.state in (RevisionState.FROZEN, RevisionState.SIGNED):
            revision.state = RevisionState.VOID


def void(session: Session, cause: Act, document: Document) -> None:
    """Give up the unissued revision: its content is about to change."""

    def change(act: Act) -> None:
        _put_aside(document)

    perform(session, lifecycle.VOID, document, SYSTEM, change, cause=cause, reason=cause.reason)


@dataclass(frozen=True)
class Signing:
    """Who signs, and how. For a person signed in, `name` is the account's; else what was written down.

    `language` is the one the content was shown in; without it, the signed-in person's own. `choice` names the option
    that was chosen, where the content offers several; `manner` and `terms` are as a signature keeps them.
    """

    method: Method
    name: str
    function: str = ""
    department: str = ""
    phone: str = ""
    place: str = ""
    picture: Incoming | None = None
    reason: str = ""
    rating: int | None = None
    comment: str = ""
    language: str = ""
    choice: str = ""
    manner: str = ""
    terms: dict[str, Any] | None = None


RECEIPT_VERBS = {Method.PASSWORD: lifecycle.ACKNOWLEDGE, Method.PAPER: lifecycle.ACKNOWLEDGE_ON_PAPER}
"""How the customer may confirm a receipt."""

SIGN_VERBS = {
    Method.PASSWORD: lifecycle.SIGN,
    Method.WITNESSED: lifecycle.SIGN_WITNESSED,
    Method.PAPER: lifecycle.SIGN_ON_PAPER,
}
"""How the customer may sign."""


def sign(
    session: Session, verb: Verb, document: Document, block: BlockName, person: Person, signing: Signing, seen: str
) -> Act:
    """Put a signature into `block` of the current revision.

    `seen` is the content hash that the signer was shown: another one means that the content changed meanwhile.
    The caller has checked the second proof (password) before. Raises NotNow, Stale.
    """

    def change(act: Act) -> None:
        picture = _picture(act, document, signing)
        document.current.signatures.append(_signature(document.current, block, person, signing, act, picture))
        if verb.to is not None:
            document.current.state = RevisionState.SIGNED

    return perform(session, _seen(verb, seen), document, person, change, reason=signing.reason)


def acknowledge(session: Session, document: Document, person: Person, signing: Signing, seen: str) -> Act:
    """The customer has received what was issued: in the own account, or on paper. Raises NotNow, Stale."""
    return sign(session, RECEIPT_VERBS[signing.method], document, BlockName.CUSTOMER, person, signing, seen)


def _seen(verb: Verb, seen: str) -> Verb:
    """`verb` with one more guard: what was shown is what stands now."""

    def same_content(act: Act) -> Message | None:
        if act.record.current.content_hash != seen:
            return Message("The document has changed since you opened it. Please read it again before you sign.")
        return None

    return replace(verb, needs=(*verb.needs, same_content))


def _picture(act: Act, document: Document, signing: Signing) -> File | None:
    """The drawn signature, or the photo of the signed paper, as a file of the document."""
    if signing.picture is None:
        return None
    owner = {"organisation_id": document.organisation_id, "created_by_id": act.actor.id}
    file = store(act.session, signing.picture, **owner)
    attach(act.session, file, root=document, purpose="signature", created_by_id=act.actor.id)
    return file


def _signature(
    revision: Revision, block: BlockName, person: Person, signing: Signing, act: Act, picture: File | None
) -> Signature:
    own = signing.method is Method.PASSWORD
    witness = {} if own else {"witness_id": person.id, "witness_name": person.name}
    return Signature(
        content_hash=revision.content_hash,
        block=block,
        method=signing.method,
        signed_at=act.at,
        account_id=person.id if own else None,
        name=signing.name,
        function=signing.function,
        department=signing.department,
        phone=signing.phone,
        place=signing.place,
        language=signing.language or person.language,
        picture_id=picture.id if picture else None,
        reason=signing.reason,
        rating=signing.rating,
        comment=signing.comment,
        choice=signing.choice,
        manner=signing.manner,
        terms=signing.terms or {},
        **witness,
    )


def issue(cause: Act) -> None:
    """Reaction to the last signature: number the document and have its PDFs made in both languages."""
    react(cause, lifecycle.ISSUE, cause.record, _issuing(cause.record))


def issue_unsigned(cause: Act, document: Document) -> None:
    """Within a reaction: issue what nobody has to sign, because `cause` itself makes it valid."""
    react(cause, lifecycle.ISSUE_UNSIGNED, document, _issuing(document))


def _issuing(document: Document) -> Effect:
    def change(act: Act) -> None:
        for revision in document.revisions[:-1]:
            if revision.state is RevisionState.ISSUED:
                revision.state = RevisionState.SUPERSEDED
        revision = document.current
        revision.state = RevisionState.ISSUED
        document.issued_at = act.at
        renditions = [_queued(revision, language) for language in LANGUAGES]
        act.session.add_all(renditions)
        act.session.flush()
        for rendition in renditions:
            _ask_for(act.session, rendition)

    return change


def _queued(revision: Revision, language: str) -> Rendition:
    return Rendition(
        language=language,
        template_version=revision.document.form.template_version,
        state=RenditionState.QUEUED,
        revision=revision,
    )


def _ask_for(session: Session, rendition: Rendition) -> None:
    outbox.put(session, "document.render", {"rendition_id": rendition.id})


def rendered(session: Session, rendition: Rendition, pdf: Incoming, pages: int) -> bool:
    """Keep a finished PDF. False when this rendition was ready already: a repeat changes nothing.

    With the last language the report is whole, and the hospital is told.
    """
    document = rendition.revision.document
    lock(session, document)
    session.refresh(rendition)
    if rendition.state is RenditionState.READY:
        return False

    def change(act: Act) -> None:
        file = store(session, pdf, organisation_id=document.organisation_id, created_by_id=None)
        rendition.state, rendition.why_failed = RenditionState.READY, None
        rendition.file_id, rendition.file_hash, rendition.pages = file.id, file.sha256_stored, pages
        rendition.made_at = act.at

    act = perform(session, lifecycle.RENDERED, document, SYSTEM, change)
    if all(each.state is RenditionState.READY for each in rendition.revision.renditions):
        notices.issued(act, rendition.revision)
    return True


def render_failed(session: Session, rendition: Rendition, why: Message) -> None:
    """Mark a PDF that cannot be made; its number stays, and staff are told why. `why` has text and numbers only."""
    document = rendition.revision.document
    lock(session, document)
    session.refresh(rendition)
    if rendition.state is not RenditionState.QUEUED:
        return

    def change(act: Act) -> None:
        rendition.state, rendition.why_failed = RenditionState.FAILED, why

    act = perform(session, lifecycle.RENDER_FAILED, document, SYSTEM, change)
    others = [each for each in rendition.revision.renditions if each is not rendition]
    if not any(each.state is RenditionState.FAILED and each.error == rendition.error for each in others):
        notices.pdf_failed(act, rendition)


def render_again(session: Session, rendition: Rendition, person: Person) -> None:
    """Ask for a failed PDF once more. Raises NotNow for one that is ready or on its way."""

    def failed(act: Act) -> Message | None:
        ready = rendition.state is not RenditionState.FAILED
        return Message("This PDF is ready, or being made already.") if ready else None

    def change(act: Act) -> None:
        rendition.state, rendition.why_failed = RenditionState.QUEUED, None
        _ask_for(session, rendition)

    verb = replace(lifecycle.RENDER_AGAIN, needs=(failed,))
    perform(session, verb, rendition.revision.document, person, change)
