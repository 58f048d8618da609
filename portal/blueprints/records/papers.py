"""The PDFs of issued documents."""

from flask import Response, g, request

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.errors import Message, NotYours
from portal.core.files import File, document_headers, served_key
from portal.core.permissions import find
from portal.domain.documents import queries
from portal.domain.documents.models import Document, Rendition, RenditionState, Revision
from portal.domain.permissions import P
from portal.web.giving import give


@door.page("/documents/<uid>/<any(zh, en):language>.pdf", access=P.DOCUMENT_SEE)
def pdf(uid: str, language: str) -> Response:
    """The PDF of the revision in force, or of ?revision=; with ?download= it is saved instead of shown."""
    document = find(db.session, Document, g.person, P.DOCUMENT_SEE, *queries.whole(), uid=uid)
    rendition = _ready(_wanted(document), language)
    file = db.session.get_one(File, rendition.file_id)
    headers = document_headers(rendition.file_name, inline="download" not in request.args)
    return give(served_key(file), headers, kind="rendition", record=rendition.uid)


def _wanted(document: Document) -> Revision | None:
    wanted = request.args.get("revision")
    if wanted is None:
        return document.in_force
    return next((r for r in document.revisions if str(r.revision) == wanted), None)


def _ready(revision: Revision | None, language: str) -> Rendition:
    rendition = revision.rendition(language) if revision else None
    if rendition is None:
        raise NotYours(Message("There is no PDF of this revision."))
    if rendition.state is not RenditionState.READY:
        raise NotYours(Message("This PDF is not ready. It is made in a moment; if not, we are told and see to it."))
    return rendition
