"""Found on the path of a portal under test, it moves the portal's time ahead by the seconds that the file AHEAD says.

Only what the portal takes for the time is moved: its own clock, and the database's as the outbox asks for it. Browser
and machine keep theirs. A story can so begin on a Friday evening and go on two days later.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from portal.core import clock, outbox

_AHEAD = Path(os.environ["AHEAD"])
_from_now = outbox.from_now


def _seconds() -> float:
    return float(_AHEAD.read_text())


class Ahead(datetime):
    """What the portal's clock reads."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds=_seconds())


clock.datetime = Ahead
outbox.from_now = lambda session, seconds=0: _from_now(session, seconds + _seconds())
