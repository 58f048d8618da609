"""Static files: addresses that change with their content, long caching, and compression over the wire."""

import gzip
import mimetypes
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = ("text/", "application/javascript", "image/svg+xml", "application/json", "application/wasm")
SMALLEST = 1000  # bytes; below that compression gains nothing


def install(app: Flask) -> None:
    """Give static addresses their content's mark, and send the files compressed."""
    mimetypes.add_type("application/wasm", ".wasm")  # not every system knows it, and browsers insist
    folder = Path(app.static_folder)

    @app.url_defaults
    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = _mark(folder / values["filename"])

    @app.after_request
    def finish(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200:
            response.headers["Cache-Control"] = FOREVER if "v" in request.args else "public, no-cache"
            _compress(response)
        return response


@lru_cache(maxsize=512)
def _mark(path: Path) -> str | None:
    return sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None


def _compress(response: Response) -> None:
    """Static files only: compressing pages would let an attacker weigh their secrets."""
    response.vary.add("Accept-Encoding")
    fits = response.mimetype.startswith(COMPRESSIBLE) and (response.content_length or 0) >= SMALLEST
    if not fits or "gzip" not in request.accept_encodings or request.range:
        return
    response.direct_passthrough = False
    response.set_data(_gzip(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("ETag", None)


@lru_cache(maxsize=128)
def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)
