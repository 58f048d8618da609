"""What needs no account: checking a document, health."""

from portal.web.pages import Door

door = Door("public", __name__, layout="layouts/plain.html")

from portal.blueprints.public import health, verify  # noqa: E402, F401
