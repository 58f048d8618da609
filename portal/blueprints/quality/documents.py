"""Issued reports: revisions, signatures and what they cover, PDFs, and the way to a correction."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.quality import door
from portal.blueprints.quality.forms import ReasonForm
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.files import FileState, attached
from portal.core.permissions import find
from portal.domain.documents import queries, service
from portal.domain.documents.kinds import KINDS, SEALING_LIST, SERVICE_REPORT
from portal.domain.documents.models import Document, Rendition, RenditionState, Revision, RevisionState, State
from portal.domain.permissions import P
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.orders import CORRECT
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import chip, pager
from portal.web.papers import NAMES, content

TONES = {
    RevisionState.FROZEN: "warn",
    RevisionState.SIGNED: "accent",
    RevisionState.ISSUED: "good",
    RevisionState.SUPERSEDED: "neutral",
    RevisionState.VOID: "neutral",
}
PDF_TONES = {RenditionState.QUEUED: "accent", RenditionState.READY: "good", RenditionState.FAILED: "bad"}
ALL = "all"


@door.page("/documents", access=P.DOCUMENT_SEE, endpoint="documents")
def all_documents():
    """The reports, newest first: the issued ones unless another state is chosen."""
    states = {"": [State.ISSUED], ALL: []} | {state.value: [state] for state in State}
    chosen = request.args.get("state", "")
    found = queries.documents(db.session, g.person, states.get(chosen, [State.ISSUED]), request.args.get("at"))
    others = [(state.value, say(state)) for state in State if state is not State.ISSUED]
    chips = [chip(_("State"), "state", [("", say(State.ISSUED)), *others, (ALL, _("All"))])]
    return render("quality/documents.html", rows=[_row(row) for row in found.rows], pager=pager(found), chips=chips)


def _row(row: Any) -> tuple[Any, ...]:
    uid, number, kind, subject, state, at, organisation = row
    title, tone = say(KINDS[kind].title), TONES[RevisionState(state.value)]
    href = url_for("quality.document", uid=uid)
    return number or title, href, title if number else "", subject, say(organisation), say(state), tone, at


def _load(uid: str) -> Document:
    return find(db.session, Document, g.person, P.DOCUMENT_SEE, *queries.whole(), uid=uid)


@door.page("/documents/<uid>", access=P.DOCUMENT_SEE, endpoint="document")
def show(uid: str):
    """One report: every revision with its signatures and PDFs, and the content of the one chosen by ?revision=."""
    return _page(_load(uid))


def _page(document: Document, status: int = 200, block: str | None = None, **forms: Any):
    order = _order(document)
    pictures = _pictures(document)
    values = {
        "document": document,
        "order": order,
        "revisions": [_revision(document, revision, pictures) for revision in reversed(document.revisions)],
        "may_file_paper": _may_file_paper(document),
        "may_correct": document.form is SERVICE_REPORT
        and CORRECT.possible_in(order.state)
        and g.person.can(P.ORDER_CORRECT, order),
        "may_retry": g.person.can(P.UNDELIVERED_RETRY),
        "reason_form": forms.get("reason_form") or ReasonForm(),
        "retry_form": forms.get("retry_form"),
        **_chosen(document),
    }
    return render("quality/document.html", block, status, **values)


def _order(document: Document) -> WorkOrder | None:
    """The work order that a paper is about, where it is about one."""
    return servicing.order_of(db.session, document) if document.root_kind == WorkOrder.__tablename__ else None


def _may_file_paper(document: Document) -> bool:
    """Whether a page that the customer signed by hand can be filed here; reports and plans are filed on the tablet."""
    waits = document.awaits_receipt or (document.form is SEALING_LIST and document.awaits_customer)
    return waits and g.person.can(P.DOCUMENT_PAPER, document)


def _chosen(document: Document) -> dict[str, Any]:
    """The revision to be read below: the newest one unless the address names another."""
    wanted = request.args.get("revision", "")
    revision = next((r for r in document.revisions if str(r.revision) == wanted), document.current)
    return {"chosen": revision, "payload": content(revision), "signatures": []}


def _pictures(document: Document) -> dict[int, str]:
    """Drawn signatures and photographs of signed paper, by file: the address of the thumbnail, "" while prepared."""
    rows = db.session.execute(attached(document, with_internal=True))
    return {
        file.id: url_for("records.thumbnail", uid=attachment.uid) if file.state is FileState.READY else ""
        for attachment, file in rows
    }


def _revision(document: Document, revision: Revision, pictures: dict[int, str]) -> dict[str, Any]:
    signatures = [(document.form.block(s.block, s.manner), s, pictures.get(s.picture_id)) for s in revision.signatures]
    renditions = [(NAMES[r.language], r, PDF_TONES[r.state]) for r in revision.renditions]
    return {
        "revision": revision,
        "tone": TONES[revision.state],
        "signatures": signatures,
        "renditions": renditions,
        "open_blocks": [
            block
            for block in document.form.blocks
            if not revision.signed(block.name) and (not block.owed or revision.owes_review)
        ],
    }


@door.verb("/documents/<uid>/correct", access=P.ORDER_CORRECT)
def correct(uid: str):
    """Open the report for a correction: the order goes back to the technician, and a new revision will follow."""
    document, form = _load(uid), ReasonForm()
    if document.form is not SERVICE_REPORT:
        raise NotYours()
    order_id = document.root_id

    def act(session):
        servicing.correct(session, session.get_one(WorkOrder, order_id), g.person, form.reason.data)
        return url_for("quality.document", uid=uid)

    again = lambda status: _page(_load(uid), status, "correct", reason_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The report is open for correction."))


@door.verb("/documents/<uid>/pdfs/<rendition>/retry", access=P.UNDELIVERED_RETRY)
def retry(uid: str, rendition: str):
    """Have a PDF made that failed."""
    found = (r for revision in _load(uid).revisions for r in revision.renditions if r.uid == rendition)
    rendition_id, form = getattr(next(found, None), "id", None), PortalForm()
    if rendition_id is None:
        raise NotYours()

    def act(session):
        service.render_again(session, session.get_one(Rendition, rendition_id), g.person)
        return url_for("quality.document", uid=uid)

    again = lambda status: _page(_load(uid), status, "revisions", retry_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The PDF will be made once more."))
