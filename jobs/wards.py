"""What happens to reports of wards by the clock."""

from jobs import JobContext, job
from portal.core import clock
from portal.domain.wards import service

AT_ONCE = 20
"""Reminders in one transaction: few, so that the lock is held briefly."""


@job("wards.remind")
def remind(ctx: JobContext) -> None:
    """Remind the equipment departments of what has waited too long."""
    while True:
        with ctx.saving() as session:
            if service.remind(session, clock.now(), AT_ONCE) < AT_ONCE:
                return
