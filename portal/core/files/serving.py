"""How a file is given out. Whoever may see its record may see it; that is the door's matter."""

from portal.core.files.blobs import THUMBNAIL
from portal.core.files.kinds import JPEG
from portal.core.files.models import File, FileState
from portal.core.files.names import content_disposition, with_extension

SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Whatever a browser makes of the bytes: no script, no origin, no request."""
READABLE = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
"""For our own PDFs: the sandbox would keep browsers from opening their reader."""


def headers(file: File, *, inline: bool = False, thumbnail: bool = False) -> dict[str, str]:
    """All headers of an answer that carries `file`.

    Only pictures that were prepared are ever shown in the page, whatever `inline` says.
    """
    shown = (inline or thumbnail) and file.is_picture
    name = with_extension(file.display_name, JPEG.ending) if thumbnail else file.display_name
    media_type = JPEG.media_type if thumbnail else file.media_type
    return _headers(media_type, content_disposition(name, inline=shown), SEALED)


def document_headers(name: str, *, inline: bool) -> dict[str, str]:
    """All headers of an answer that carries a PDF which the portal itself rendered."""
    return _headers("application/pdf", content_disposition(name, inline=inline), READABLE)


def served_key(file: File, *, thumbnail: bool = False) -> str | None:
    """The blob that may be given out: never the original. None while it is being prepared, or when it is gone."""
    if file.state is not FileState.READY:
        return None
    return file.key + THUMBNAIL if thumbnail else file.key


def _headers(media_type: str, disposition: str, policy: str) -> dict[str, str]:
    return {
        "Content-Type": media_type,
        "Content-Disposition": disposition,
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
