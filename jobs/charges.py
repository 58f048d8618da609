"""What happens to charges by the clock."""

from jobs import JobContext, job
from portal.core import clock
from portal.domain.charges import service

AT_ONCE = 20
"""Reminders in one transaction: few, so that the lock is held briefly."""


@job("charges.chase")
def chase(ctx: JobContext) -> None:
    """Remind of invoices that are not paid in time."""
    while True:
        with ctx.saving() as session:
            if service.chase(session, clock.now(), AT_ONCE) < AT_ONCE:
                return
