"""What a door answers: pages, fragments, redirects."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, redirect, request
from flask.json import dumps


def is_htmx() -> bool:
    """Whether htmx sent the request."""
    return request.headers.get("HX-Request") == "true"


def wants_fragment() -> bool:
    """Whether htmx will put the answer into a part of the page, so that a block of it suffices."""
    return (
        is_htmx()
        and request.headers.get("HX-Request-Type") == "partial"
        and "HX-History-Restore-Request" not in request.headers
    )


def go(url: str) -> Response | Any:
    """Lead the browser to one of our own pages, with or without htmx.

    Where that is the page it is on, it is read again in its place: a redirect to an anchor of the same page
    would only scroll.
    """
    if not is_htmx():
        return redirect(url, 303)
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    there = urlsplit(url)
    if (here.path, here.query) == (there.path, there.query):
        return Response(status=204, headers={"HX-Refresh": "true"})
    return Response(status=204, headers={"HX-Redirect": url})


def render(template: str, block: str | None = None, status: int = 200, **values: Any) -> tuple[str, int]:
    """The whole page, or only its block `block` when htmx asked for a part."""
    page = current_app.jinja_env.get_template(template)
    context = page.new_context(_context(values))
    if block and wants_fragment():
        return "".join(page.blocks[block](context)), status
    return page.render(context.get_all()), status


def _context(values: dict[str, Any]) -> dict[str, Any]:
    context = dict(values)
    current_app.update_template_context(context)
    return context


def trigger(response: Response, **events: Any) -> Response:
    """Add HX-Trigger events (ASCII JSON: header values are latin-1)."""
    response.headers["HX-Trigger"] = dumps(events)
    return response
