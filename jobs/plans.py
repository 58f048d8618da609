"""What happens to repair plans by the clock."""

from jobs import JobContext, job
from portal.core import clock
from portal.domain.plans import service

AT_ONCE = 20
"""Offers that end in one transaction: few, so that the lock is held briefly."""


@job("plans.run_out")
def run_out(ctx: JobContext) -> None:
    """Let offers expire whose last day is over."""
    while True:
        with ctx.saving() as session:
            if service.run_out(session, clock.now(), AT_ONCE) < AT_ONCE:
                return
