"""Whether the portal lives, for supervisors and load balancers. Says what is missing, never how it is reached."""

from flask import Response, current_app, jsonify

from portal import health
from portal.blueprints.public import door
from portal.web.pages import PUBLIC


@door.page("/healthz", access=PUBLIC)
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return Response("alive\n", mimetype="text/plain")


@door.page("/readyz", access=PUBLIC)
def readyz() -> tuple[Response, int]:
    """Whether pages can be served (200, else 503), and the names of what does not work at the moment."""
    report = health.report(current_app.extensions["settings"])
    return jsonify(ready=report.ready, degraded=report.degraded), 200 if report.ready else 503
