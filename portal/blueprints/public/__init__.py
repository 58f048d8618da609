"""What needs no account: checking a document or a badge, reporting by a device's label, rating by a link, health."""

from portal.web.pages import Door

door = Door("public", __name__, layout="layouts/plain.html")

from portal.blueprints.public import badges, health, labels, ratings, verify, ward_reports  # noqa: E402, F401
