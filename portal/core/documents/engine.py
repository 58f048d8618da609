"""WeasyPrint at work. Importing this module loads it (a second, 60 MB): the package does so inside functions only.

`draw` is meant for a child process under limits; `render` starts it there.
"""

import logging
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portal.core.documents.accessible import mark_accessible
from portal.core.documents.failures import Reason, RenderFailed, Unprintable

PORTAL = Path(__file__).resolve().parents[2]
STYLESHEET = PORTAL / "templates" / "documents" / "paper.css"
STATIC = (PORTAL / "static").resolve()
STATIC_URL = "app://static/"

PICTURES = {"dpi": 200}
"""As fine as print shows them. Said when the page is laid out: that is when the engine reads pictures."""


class Blob(NamedTuple):
    media_type: str
    content: bytes


class AppFetcher(URLFetcher):
    """Gives out our own static files and the blobs named for this render. Anything else ends the render."""

    def __init__(self, blobs: Mapping[str, Blob]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._blobs = blobs

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        found = self._blobs.get(url) or self._static(url)
        if found is None:
            raise FatalURLFetchingError(f"refused {url[:100]}")
        return URLFetcherResponse(url, found.content, {"Content-Type": found.media_type})

    def _static(self, url: str) -> Blob | None:
        if not url.startswith(STATIC_URL):
            return None
        path = (STATIC / url.removeprefix(STATIC_URL)).resolve()
        if not (path.is_relative_to(STATIC) and path.is_file()):
            return None
        return Blob(mimetypes.guess_type(path.name)[0] or "application/octet-stream", path.read_bytes())


@cache
def look() -> tuple[FontConfiguration, CSS]:
    """The typefaces and the parsed stylesheet, made once a process."""
    fonts = FontConfiguration()
    return fonts, CSS(
        string=STYLESHEET.read_text(encoding="utf-8"),
        base_url=STATIC_URL,
        font_config=fonts,
        url_fetcher=AppFetcher({}),
    )


def draw(
    html: str,
    blobs: Mapping[str, tuple[str, bytes]],
    attachments: Sequence[tuple[str, str, bytes, str]],
    at: datetime,
    most_pages: int,
) -> tuple[int, bytes]:
    """The number of pages and the PDF/A-3 of `html`. Arguments as for `render_pdf`, errors too."""
    fonts, stylesheet = look()
    with _complaints():
        try:
            fetcher = AppFetcher({url: Blob(*blob) for url, blob in blobs.items()})
            page = HTML(string=html, base_url="app://document/", url_fetcher=fetcher)
            document = page.render(stylesheets=[stylesheet], font_config=fonts, **PICTURES)
            if len(document.pages) > most_pages:
                raise RenderFailed(Reason.PAGES, f"{len(document.pages)} pages, {most_pages} allowed")
            return len(document.pages), mark_accessible(_paint(document, attachments, at))
        except FatalURLFetchingError as refusal:
            raise RenderFailed(Reason.REFUSED, str(refusal)) from None


def _paint(document: Document, attachments: Sequence[tuple[str, str, bytes, str]], at: datetime) -> bytes:
    return document.write_pdf(
        attachments=[_attachment(*attachment, at) for attachment in attachments],
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
    )


def _attachment(name: str, media_type: str, content: bytes, relationship: str, at: datetime) -> Attachment:
    url = f"app://attachment/{name}"  # by way of a fetcher, because only its answer carries the media type
    return Attachment(
        url=url,
        url_fetcher=AppFetcher({url: Blob(media_type, content)}),
        name=name,
        created=at,
        modified=at,
        relationship=relationship,
    )


@contextmanager
def _complaints() -> Iterator[None]:
    """Turn what WeasyPrint only logs into failures: a box for a character, a picture left out."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = records.append
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    boxes = {f"U+{record.args[-1]:04X}" for record in records if str(record.msg).startswith(".notdef glyph")}
    if boxes:
        raise Unprintable({"": sorted(boxes)})
    for record in records:
        if record.levelno >= logging.ERROR:
            raise RenderFailed(Reason.BROKEN, record.getMessage()[:300])
