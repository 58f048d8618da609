"""Whether background work is piling up: asked of the database at most every ten seconds in each process."""

import time

from portal.core import outbox
from portal.core.db import db

ASK_EVERY = 10.0

_asked_at = float("-inf")
_waits = False


def waits() -> bool:
    """Whether something has been due for over a minute with no worker at it."""
    global _asked_at, _waits
    if time.monotonic() - _asked_at >= ASK_EVERY:
        _waits, _asked_at = outbox.late(db.session) > 0, time.monotonic()
    return _waits
