"""Headers on every answer, and what is refused at the edge of every request."""

from flask import Flask, Response, abort, request
from werkzeug.datastructures import MultiDict

from portal.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask, settings: Settings) -> None:
    """Refuse cross-site and unprintable requests; send the security headers."""

    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CSP)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        if settings.secure_cookies:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if response.status_code == 503:
            headers.setdefault("Retry-After", "5")
        if response.mimetype == "text/html":
            headers.setdefault("Cache-Control", "private, no-store")
            response.vary.update(("Cookie", "HX-Request", "HX-Request-Type"))
        return response

    app.before_request(_check_edge)
    app.after_request(finish)


def _check_edge() -> None:
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        abort(403)
    if _unprintable(request.path) or not _printable(request.args):
        abort(400)
    if request.method not in SAFE_METHODS and not _printable(request.form):
        abort(400)


def _printable(values: MultiDict) -> bool:
    return not any(_unprintable(name) or any(map(_unprintable, given)) for name, given in values.lists())


def _unprintable(text: str) -> bool:
    """NUL and lone surrogates: no database column can hold them."""
    return "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)
