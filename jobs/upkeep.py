"""Keeping the machinery's own tables small."""

from datetime import timedelta

from jobs import JobContext, job
from portal.core import clock, idempotency, outbox
from portal.domain.accounts import links, sessions, throttle
from portal.domain.ratings import links as rating_links

DONE_ROWS_ARE_KEPT = timedelta(days=30)


@job("outbox.tidy", timeout=240)
def tidy(ctx: JobContext) -> None:
    """Forget what was done long ago, in portions that hold the write lock only briefly."""
    before = clock.now() - DONE_ROWS_ARE_KEPT
    while True:
        with ctx.saving() as session:
            if not outbox.tidy(session, before):
                return


SECRETS_ARE_KEPT = timedelta(days=30)
REPEATS_ARE_KNOWN = timedelta(days=90)


@job("ground.tidy", timeout=240)
def tidy_ground(ctx: JobContext) -> None:
    """Forget old tries at signing in, ended sessions, used links, and the keys of forms long sent."""
    now = clock.now()
    with ctx.saving() as session:
        throttle.tidy(session, now - SECRETS_ARE_KEPT)
        sessions.tidy(session, now - SECRETS_ARE_KEPT)
        links.tidy(session, now - SECRETS_ARE_KEPT)
        rating_links.tidy(session, now - SECRETS_ARE_KEPT)
    with ctx.saving() as session:
        idempotency.tidy(session, now - REPEATS_ARE_KNOWN)
