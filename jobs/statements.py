"""Statements of a month, drawn up for all customers."""

from jobs import JobContext, job
from portal.core import clock
from portal.domain.statements import service
from portal.domain.statements.lifecycle import DRAW_UP_ALL
from portal.domain.statements.models import StatementRun

AT_ONCE = 5
"""Statements in one transaction: few, so that the lock is held briefly."""


@job("statements.look")
def look(ctx: JobContext) -> None:
    """On its day, begin with the statements of the month before."""
    with ctx.saving() as session:
        service.ask_by_the_clock(session, clock.now())


@job(DRAW_UP_ALL, timeout=240)
def draw_up(ctx: JobContext) -> None:
    """Draw up the statements of a run. A second run for the same one makes what is missing."""
    more = True
    while more:
        with ctx.saving() as session:
            more = service.go_on(session, session.get_one(StatementRun, ctx.payload["run_id"]), AT_ONCE)
