"""Documents on screen: the frozen content as plain values, cards, and the PDFs of a revision."""

import json
from typing import Any

from flask import url_for

from portal.domain.documents.kinds import KINDS
from portal.domain.documents.models import Document, RenditionState, Revision
from portal.web.filters import money
from portal.web.languages import say

NAMES = {"zh": "中文", "en": "English"}


def content(revision: Revision) -> dict[str, Any]:
    """What was frozen: the very bytes, parsed."""
    return json.loads(revision.frozen)


def plan_options(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """The options of a frozen repair plan, each with its price, to choose from."""
    return [
        (option["name"], f"{option['name']} · {money(option['gross'], plan['currency'])}") for option in plan["options"]
    ]


def offer_choice(form: Any, plan: dict[str, Any]) -> None:
    """Let `form.choice` be one of the plan's options; where there is one alone, it is chosen."""
    form.choice.choices = plan_options(plan)
    if len(form.choice.choices) == 1:
        form.choice.data = form.choice.choices[0][0]


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
        "title": say(KINDS[kind].title),
        "href": url_for(endpoint, uid=uid),
        "text": f"{number} · {subject}",
        "meta": say(organisation),
        "at": at,
        "badge": (say(state), "good"),
    }
