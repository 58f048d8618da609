"""What happens to ratings by the clock."""

from jobs import JobContext, job
from portal.core import clock
from portal.domain.ratings import service

AT_ONCE = 20
"""Reminders in one transaction: few, so that the lock is held briefly."""


@job("ratings.remind")
def remind(ctx: JobContext) -> None:
    """Ask once more for the ratings whose reminder has come."""
    while True:
        with ctx.saving() as session:
            if service.remind(session, clock.now(), AT_ONCE) < AT_ONCE:
                return
