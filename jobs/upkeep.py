"""Keeping the machinery's own tables small."""

from datetime import timedelta

from jobs import JobContext, job
from portal.core import clock, outbox

DONE_ROWS_ARE_KEPT = timedelta(days=30)


@job("outbox.tidy", timeout=240)
def tidy(ctx: JobContext) -> None:
    """Forget what was done long ago, in portions that hold the write lock only briefly."""
    before = clock.now() - DONE_ROWS_ARE_KEPT
    while True:
        with ctx.saving() as session:
            if not outbox.tidy(session, before):
                return
