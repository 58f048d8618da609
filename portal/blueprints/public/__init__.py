"""What needs no account: checking a document or a badge, reporting from the ward by a device's label, health."""

from portal.web.pages import Door

door = Door("public", __name__, layout="layouts/plain.html")

from portal.blueprints.public import badges, health, labels, verify, ward_reports  # noqa: E402, F401
