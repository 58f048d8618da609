"""Calls to the people on duty: begun by an urgent intake, gone on with by the clock."""

from jobs import JobContext, job
from portal.core import clock
from portal.core.db import db, writing
from portal.domain.duty import calls, queries
from portal.domain.servicing.models import ServiceRequest


@job(calls.RING_JOB)
def ring(ctx: JobContext) -> None:
    """Call who is on duty about one request, if the centre is closed now."""
    with ctx.finishing() as session:
        calls.ring(session, session.get_one(ServiceRequest, ctx.payload["request"]), ctx.payload["by"] or None)


def go_on() -> int:
    """Call the next one of every call that nobody has answered in time; returns how many. Any number of ticks may."""
    at = clock.now()
    due = queries.to_go_on(db.session(), at)
    db.session.rollback()
    count = 0
    for call_id in due:
        with writing("duty.go_on") as session:
            count += calls.go_on(session, call_id, at) is not None
    return count
