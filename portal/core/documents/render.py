"""From HTML to PDF, in a child process that can be stopped."""

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from portal.core import clock
from portal.core.documents.child import Draw, Limits, run_in_child
from portal.core.documents.failures import Reason, RenderFailed, Unprintable
from portal.core.documents.glyphs import FONTS, unprintable

BLOB_URL = "app://blob/"

FONTCONFIG = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class RenderResult:
    """A rendered PDF; `seconds` of wall clock and `peak_bytes` of memory that it took."""

    pdf: bytes
    pages: int
    seconds: float
    peak_bytes: int


def render_pdf(
    html: str,
    *,
    blobs: Mapping[str, tuple[str, bytes]] | None = None,
    attachments: Sequence[tuple[str, str, bytes, str]] = (),
    at: datetime,
    limits: Limits | None = None,
) -> RenderResult:
    """Render `html` (see templates/documents/base.html) as tagged PDF/A-3, with our typefaces only.

    `blobs` maps each "app://blob/…" address that the page names to (media type, content); beside them the page may
    name "app://static/…". `attachments` are (file name, media type, content, relationship), the frozen bytes being
    "Source". `at` is the aware time the document carries. The same arguments give the same bytes.

    Raises Unprintable for a character that would be a box, RenderFailed for everything else.
    """
    if boxes := unprintable(html):
        raise Unprintable({"": boxes})
    blobs = blobs or {}
    if strange := [url for url in blobs if not url.startswith(BLOB_URL)]:
        raise ValueError(f"not a blob address: {strange[0]}")
    limits = limits or Limits()
    use_our_fonts()
    started = time.monotonic()
    head, pdf = run_in_child(
        _engine, html, dict(blobs), list(attachments), at.astimezone(UTC), limits.pages, limits=limits
    )
    return RenderResult(pdf, head["pages"], time.monotonic() - started, head["peak_bytes"])


def warm() -> None:
    """Load the engine into this process and draw one page, so that each later render only forks.

    For the worker, before its first job; a process that answers people never calls it. Raises RenderFailed.
    """
    use_our_fonts()
    _engine()("<html lang=zh-CN><title>报告</title><p>报告 <b>Report</b>", {}, [], clock.now(), 1)
    gc.collect()
    gc.freeze()


@cache
def use_our_fonts() -> None:
    """Let this process and its children see the portal's typefaces and no others."""
    folder = Path(tempfile.mkdtemp(prefix="aftercare-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "fonts.conf").write_text(FONTCONFIG.format(fonts=FONTS, cache=folder), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")


def _engine() -> Draw:
    try:
        from portal.core.documents import engine
    except OSError as error:  # a system library is missing
        raise RenderFailed(Reason.ENGINE, str(error)[:300]) from None
    return engine.draw
