"""Who is told of what about documents. Texts stand in templates/notices."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.files import File, served_key
from portal.core.notices import Enclosure, Notice, NoticeKind, declare, notify
from portal.core.verbs import Act
from portal.domain.accounts.models import State
from portal.domain.accounts.people import holders, load, person_of
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, REPAIR_PLAN, SEALING_LIST, SERVICE_REPORT, STATEMENT
from portal.domain.documents.models import Document, Rendition, RenditionState, Revision
from portal.domain.permissions import P, Role

HOSPITAL = (Role.CUSTOMER, Role.WARD)
MENDERS = (Role.QUALITY, Role.DESK)


def _pdf(session: Session, notice: Notice, language: str) -> Sequence[Enclosure]:
    """The report in the recipient's language, if they may still see it when the mail is written."""
    document = session.get_one(Document, notice.root_id)
    reader = load(session, notice.person_id)
    if reader.state is not State.ACTIVE or not person_of(reader).can(P.DOCUMENT_SEE, document):
        return ()
    revision = next(r for r in document.revisions if r.revision == notice.params["revision"])
    rendition = revision.rendition(language)
    file = session.get_one(File, rendition.file_id)
    return (Enclosure(rendition.file_name, file.media_type, served_key(file), file.size),)


def _failure(session: Session, notice: Notice) -> Mapping[str, Any]:
    """Why, and in which languages, as it stands when the mail is written."""
    document = session.get_one(Document, notice.root_id)
    revision = next(r for r in document.revisions if r.revision == notice.params["revision"])
    failed = [r for r in revision.renditions if r.state is RenditionState.FAILED]
    return {"failed": [(rendition.language, rendition.why_failed) for rendition in failed]}


REPORT_ISSUED = declare(
    NoticeKind(
        "report_issued",
        label=Message("A service report was issued"),
        title=Message("Service report %(number)s was issued"),
        attachments=_pdf,
        concerns=frozenset(HOSPITAL),
    )
)
PLAN_ISSUED = declare(
    NoticeKind(
        "plan_issued",
        label=Message("A repair plan that was consented to is on file"),
        title=Message("The confirmed repair plan %(number)s is on file"),
        attachments=_pdf,
        concerns=frozenset(HOSPITAL),
    )
)
NOTICE_ISSUED = declare(
    NoticeKind(
        "notice_issued",
        label=Message("A notice not to use a device was issued"),
        title=Message("Please read and confirm notice %(number)s: a device must not be used"),
        mandatory=True,
        attachments=_pdf,
        concerns=frozenset(HOSPITAL),
    )
)
SEALING_ISSUED = declare(
    NoticeKind(
        "sealing_issued",
        label=Message("A sealing list was signed by both sides"),
        title=Message("Sealing list %(number)s is on file"),
        attachments=_pdf,
        concerns=frozenset(HOSPITAL),
    )
)
STATEMENT_ISSUED = declare(
    NoticeKind(
        "statement_issued",
        label=Message("A monthly statement was issued"),
        title=Message("Statement of account %(number)s was issued"),
        attachments=_pdf,
        concerns=frozenset({Role.CUSTOMER}),
    )
)
ISSUED = {
    SERVICE_REPORT.name: REPORT_ISSUED,
    REPAIR_PLAN.name: PLAN_ISSUED,
    DO_NOT_USE_NOTICE.name: NOTICE_ISSUED,
    SEALING_LIST.name: SEALING_ISSUED,
    STATEMENT.name: STATEMENT_ISSUED,
}
PDF_FAILED = declare(
    NoticeKind(
        "pdf_failed",
        label=Message("A document could not be made"),
        title=Message("The PDF of %(number)s could not be made"),
        mandatory=True,
        context=_failure,
        concerns=frozenset(MENDERS),
    )
)


def issued(act: Act, revision: Revision) -> None:
    """Tell the hospital that its paper is whole, all languages of it, unless a newer one replaced it meanwhile."""
    document: Document = act.record
    if revision is document.in_force:
        kind = ISSUED[document.kind]
        _tell(act, kind, holders(act.session, P.DOCUMENT_SEE, document, tuple(kind.concerns)), revision)


def pdf_failed(act: Act, rendition: Rendition) -> None:
    """Tell those who can mend it."""
    _tell(act, PDF_FAILED, holders(act.session, P.DOCUMENT_SEE, act.record, MENDERS), rendition.revision)


def _tell(act: Act, kind: NoticeKind, people: Sequence[Any], revision: Revision) -> None:
    document: Document = act.record
    params = {"number": document.number, "revision": revision.revision}
    notify(act.session, kind, people, root=document, params=params, cause_id=act.entry.id)
