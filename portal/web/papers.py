"""Documents on screen: the frozen content as plain values, cards, and the PDFs of a revision."""

import json
from typing import Any

from flask import url_for

from portal.domain.documents.kinds import KINDS
from portal.domain.documents.models import Document, RenditionState, Revision
from portal.web.languages import say

NAMES = {"zh": "中文", "en": "English"}


def content(revision: Revision) -> dict[str, Any]:
    """What was frozen: the very bytes, parsed."""
    return json.loads(revision.frozen)


def renditions(document: Document) -> list[dict[str, Any]]:
    """The PDFs of the revision in force for `ui.document_card`: a link where ready, else how it stands."""
    if document.in_force is None:
        return []
    return [
        {
            "text": NAMES[rendition.language],
            "lang": rendition.language,
            "href": url_for("records.pdf", uid=document.uid, language=rendition.language) if ready else "",
            "state": say(rendition.state),
            "ready": ready,
            "waits": rendition.state is RenditionState.QUEUED,
        }
        for rendition in document.in_force.renditions
        for ready in [rendition.state is RenditionState.READY]
    ]


def issued_card(row: Any, endpoint: str) -> dict[str, Any]:
    """A row of `documents.queries.issued` for `ui.card_list`."""
    uid, number, kind, subject, state, at, organisation = row
    return {
        "title": f"{say(KINDS[kind].title)} {number}",
        "href": url_for(endpoint, uid=uid),
        "text": subject,
        "meta": say(organisation),
        "at": at,
        "badge": (say(state), "good"),
    }
