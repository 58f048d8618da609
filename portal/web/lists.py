"""What lists share: links to the neighbouring pages that keep every filter of the address."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from portal.core.listing import Page


def address(**changes: Any) -> str:
    """This page's address with some parameters changed; None takes one away, and the cursor always goes."""
    query = {name: value for name, value in request.args.items() if name != "at"}
    query.update(changes)
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return request.path + (f"?{urlencode(kept)}" if kept else "")


def pager(page: Page) -> dict[str, str | None]:
    """`previous` and `next` for `ui.pager`."""
    return {
        "previous": address(at=page.previous) if page.previous else None,
        "next": address(at=page.next) if page.next else None,
    }


def chip(label: str, name: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    """A filter for `ui.filter_bar`: `options` are (value, label); the empty value means all."""
    chosen = request.args.get(name, "")
    entries = [{"label": text, "href": address(**{name: value}), "current": value == chosen} for value, text in options]
    current = next((text for value, text in options if value == chosen), options[0][1])
    return {"label": label, "value": current, "options": entries}
