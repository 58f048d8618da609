"""Making PDFs of issued documents: from frozen bytes and signatures to a sealed file, once for each language."""

import logging
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobs import JobContext, job
from jobs.lease import Lease
from portal.core.db import Text2, db
from portal.core.documents import Reason, RenderFailed, Sheet, render_pdf, trimmed
from portal.core.errors import Message
from portal.core.files import Room, discard, keep, limits_in_force
from portal.domain.documents import rendering, seals, service
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, REPAIR_PLAN, SEALING_LIST, SERVICE_REPORT, STATEMENT
from portal.domain.documents.models import Rendition, RenditionState
from portal.domain.documents.rendering import Altered, Figures, Paper
from portal.domain.holds import content as sealed
from portal.domain.servicing import report
from portal.settings import Settings
from portal.web.filters import exact
from portal.web.languages import LANGUAGES, as_reader, say
from portal.web.signing import RATINGS

log = logging.getLogger(__name__)

FIGURES: dict[str, Figures] = {
    SERVICE_REPORT.name: report.figures,
    REPAIR_PLAN.name: lambda session, revision: (),
    DO_NOT_USE_NOTICE.name: lambda session, revision: (),
    SEALING_LIST.name: sealed.figures,
    STATEMENT.name: lambda session, revision: (),
}
"""Where the pictures of each kind of document come from."""

MAY_PASS = frozenset({Reason.TIME, Reason.MEMORY, Reason.CRASHED, Reason.ENGINE})
"""Failures of the machine, not of the document: another try may succeed."""

LONGEST_ERROR = 300
ATTACHED = "report.json"
"""What the frozen bytes are called inside the PDF."""


class Made(NamedTuple):
    """A finished PDF and what it is called."""

    name: str
    pdf: bytes
    pages: int


def give_up(session: Session, row: Lease, error: str) -> None:
    """After the last try: staff see that there is no PDF, and why."""
    why = Message("After several tries the PDF could not be made: %(error)s", error=error[:LONGEST_ERROR])
    service.render_failed(session, session.get_one(Rendition, row.payload["rendition_id"]), why)


# The first pause is short: a drawn signature is often still being prepared when its document is issued.
@job("document.render", timeout=120, tries=6, backoff=(5, 60, 300, 1500), when_dead=give_up)
def render(ctx: JobContext) -> None:
    """Make the PDF of one rendition. A second run for the same one makes nothing."""
    try:
        made = make(ctx.payload["rendition_id"])
    except (RenderFailed, Altered) as failure:
        if isinstance(failure, RenderFailed) and failure.reason in MAY_PASS:
            raise
        _note_failure(ctx, failure)
    else:
        if made:
            _keep(ctx, made)


def make(rendition_id: int) -> Made | None:
    """The sealed PDF, made outside any transaction; None where it is there already."""
    session, settings = db.session(), _settings()
    rendition = rendering.load(session, rendition_id)
    if rendition.state is RenditionState.READY:
        return None
    revision, company = rendition.revision, rendition.revision.document.company
    paper = rendering.gather(session, rendition, FIGURES[revision.document.kind](session, revision))
    key = seals.key_of(company.code, str(company.name), settings.data_dir, settings.seal_passphrase)
    with as_reader(rendition.language, company.zone):
        sheet = _sheet(paper)
        html = _page(paper, sheet, key.fingerprint)
        reason = _("Issued by %(company)s", company=sheet.company)
    name, at, frozen = rendition.file_name, revision.issued_at, revision.frozen
    session.rollback()  # rendering takes seconds, and no transaction stays open for them
    source = [(ATTACHED, "application/json", frozen, "Source")]
    made = render_pdf(html, blobs=_contents(paper), attachments=source, at=at)
    return Made(name, key.apply(made.pdf, reason=reason, name=sheet.company, at=at), made.pages)


def _sheet(paper: Paper) -> Sheet:
    """The frame of the page, in the language that texts are said in now."""
    revision, company = paper.revision, paper.values["company"]
    number, n, language = paper.document.number, revision.revision, paper.rendition.language
    lines = (Text2(**company["address"]).in_(language), company["phone"])
    return Sheet(
        language=LANGUAGES[language],
        title=say(paper.document.form.title),
        number=number if n == 1 else _("%(number)s, revision %(n)s", number=number, n=n),
        company=Text2(**company["name"]).in_(language),
        company_lines=[line for line in lines if line],
        content_hash=revision.content_hash,
        address=url_for("public.verify_form", _external=True),
        link=url_for("public.verify", number=number, hash=revision.content_hash, _external=True),
        at=revision.issued_at,
    )


def _page(paper: Paper, sheet: Sheet, fingerprint: str) -> str:
    """The page as HTML, in the language that texts are said in now."""
    zone = paper.document.company.zone
    return current_app.jinja_env.get_template(paper.document.form.template).render(
        made_from=paper,
        sheet=sheet,
        content=paper.values,
        language=paper.rendition.language,
        pictures=[
            (address, f"{n}  {say(figure.caption)}, {exact(figure.at)}")
            for n, (address, figure) in enumerate(paper.pictures, 1)
        ],
        ratings=RATINGS,
        fingerprint=fingerprint,
        zone=f"{zone}, {_offset(zone, sheet.at)}",
    )


def _offset(zone: str, at: datetime) -> str:
    """UTC+08:00, as it is in that zone at that moment."""
    return f"UTC{at.astimezone(ZoneInfo(zone)).isoformat()[-6:]}"


def _contents(paper: Paper) -> dict[str, tuple[str, bytes]]:
    """The blobs' bytes by address, as the renderer wants them; what was drawn is cut to its ink, the file stays."""
    found, drawn = {}, {signed.picture for signed in paper.signed if signed.is_drawn}
    for address, (media_type, key) in paper.blobs.items():
        with _room().blobs.open(key) as blob:
            content = blob.read()
        found[address] = ("image/png", trimmed(content)) if address in drawn else (media_type, content)
    return found


def _keep(ctx: JobContext, made: Made) -> None:
    """Put the file into the store, then note it; take it out again when it is not wanted after all."""
    incoming = keep(made.pdf, made.name, "application/pdf", limits=limits_in_force(db.session()), room=_room())
    try:
        with ctx.finishing() as session:
            rendition = session.get_one(Rendition, ctx.payload["rendition_id"])
            service.rendered(session, rendition, incoming, made.pages)
    finally:
        discard(incoming, _room())


def _note_failure(ctx: JobContext, failure: RenderFailed | Altered) -> None:
    log.error("rendition %s cannot be made: %s", ctx.payload["rendition_id"], failure)
    with ctx.finishing() as session:
        service.render_failed(session, session.get_one(Rendition, ctx.payload["rendition_id"]), failure.message)


def _settings() -> Settings:
    return current_app.extensions["settings"]


def _room() -> Room:
    return current_app.extensions["room"]
