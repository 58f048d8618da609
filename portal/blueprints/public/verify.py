"""Checking a document by its number and hash: for anyone, without signing in, and without a name in sight (QCR-9)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import InputRequired

from portal.blueprints.public import door
from portal.core.db import db
from portal.core.documents import content_hash
from portal.core.errors import Message
from portal.domain.documents import queries, seals
from portal.domain.documents.models import Document, RenditionState, Revision, RevisionState
from portal.web.answers import render
from portal.web.languages import say
from portal.web.pages import PUBLIC

SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_NUMBER = 40
LANGUAGES = {"zh": Message("Chinese"), "en": Message("English")}


class CheckForm(Form):
    """What stands on the paper. Nothing is changed by asking, so it is sent by GET."""

    number = StringField(_l("Number of the document"), validators=[InputRequired()])
    hash = StringField(_l("Hash (SHA-256)"))


@dataclass(frozen=True)
class Known:
    """One hash that belongs to a document, and what has it: the signed content of a revision, or one of its PDFs."""

    hash: str
    says: Message
    revision: Revision


@dataclass(frozen=True)
class Verdict:
    """What the given hash says."""

    tone: str
    says: Message


@door.page("/verify", access=PUBLIC)
def verify_form() -> Any:
    """Ask for the number; when it is given, lead to its page."""
    form = CheckForm(request.args)
    number = (form.number.data or "").strip().upper()
    if number:
        return redirect(url_for("public.verify", number=number, hash=_plain(form.hash.data) or None), 303)
    return render("public/verify_form.html", form=form)


@door.page("/verify/<number>", access=PUBLIC)
def verify(number: str) -> Any:
    """What was issued under this number, and whether a given hash belongs to it."""
    document = queries.public(db.session, number) if len(number) <= LONGEST_NUMBER else None
    revisions = [r for r in reversed(document.revisions) if r.is_public] if document else []
    if not revisions:
        return render("public/verify_unknown.html", status=404, form=CheckForm(number=number))
    known = [one for revision in revisions for one in _hashes(revision)]
    given = _plain(request.args.get("hash"))
    return render(
        "public/verify.html",
        document=document,
        revisions=[_shown(revision, document) for revision in revisions],
        known=known,
        given=given,
        verdict=_verdict(given, known, document) if given else None,
        seals=seals.fingerprints(current_app.extensions["settings"].data_dir, document.company.code),
        form=CheckForm(number=number, hash=given),
    )


def _plain(typed: str | None) -> str:
    """A hash as people paste it, without its spaces and capitals."""
    return "".join((typed or "").split()).lower()


def _hashes(revision: Revision) -> Iterator[Known]:
    n = revision.revision
    yield Known(revision.content_hash, Message("the signed content of revision %(n)s", n=n), revision)
    for pdf in revision.renditions:
        if pdf.state is RenditionState.READY:
            words = Message("the PDF of revision %(n)s in %(language)s", n=n, language=LANGUAGES[pdf.language])
            yield Known(pdf.file_hash, words, revision)


def _verdict(given: str, known: list[Known], document: Document) -> Verdict:
    if not SHA256.fullmatch(given):
        return Verdict("warn", Message("This is not a SHA-256 hash: it has 64 digits, 0 to 9 and a to f."))
    match = next((one for one in known if one.hash == given), None)
    if match is None:
        return Verdict("bad", Message("This is not what we issued under %(number)s.", number=document.number))
    if match.revision.state is RevisionState.SUPERSEDED:
        return Verdict("warn", Message("Genuine, but no longer in force: %(what)s.", what=match.says))
    return Verdict("good", Message("Genuine and in force: %(what)s.", what=match.says))


def _shown(revision: Revision, document: Document) -> dict[str, Any]:
    """A revision without any name: states, times, hashes, and which blocks are signed."""
    form = document.form
    return {
        "n": revision.revision,
        "state": say(revision.state),
        "in_force": revision.state is RevisionState.ISSUED,
        "review_due_at": revision.released_first.review_due_at if revision.owes_review else None,
        "superseded_by": None if revision.state is RevisionState.ISSUED else _next(revision, document),
        "issued_at": revision.issued_at,
        "content_hash": revision.content_hash,
        "intact": content_hash(revision.frozen) == revision.content_hash,
        "pdfs": [
            {"language": LANGUAGES[pdf.language], "state": pdf.state, "hash": pdf.file_hash, "pages": pdf.pages}
            for pdf in revision.renditions
        ],
        "signatures": [
            {"role": form.block(s.block, s.manner).role, "method": s.method, "at": s.signed_at, "covers": s.covers}
            for s in revision.signatures
        ],
    }


def _next(revision: Revision, document: Document) -> int | None:
    """The number of the revision that replaced this one."""
    return next((r.revision for r in document.revisions if r.is_public and r.revision > revision.revision), None)
