"""Promised times as a ledger: which clock of which record runs since when, until when, and what stopped it.

A clock carries its terms with it (unit, amount, calendar version, steps, rule and version), so that an old promise
is counted again exactly as it was made. Nothing else computes a due date. Clocks change only within acts: those of
their record through an observer, their own verbs, and the tick's.
"""

from portal.core.deadlines.explaining import Row, account, explain
from portal.core.deadlines.ledger import (
    COPIED,
    Step,
    Terms,
    cancel,
    differs,
    forecast,
    next_due,
    open_clocks,
    pause,
    reached,
    resume,
    retime,
    start,
    stop,
    tell,
)
from portal.core.deadlines.models import CalendarVersion, Clock, ClockPause, ClockState, VersionState

__all__ = [
    "COPIED",
    "CalendarVersion",
    "Clock",
    "ClockPause",
    "ClockState",
    "Row",
    "Step",
    "Terms",
    "VersionState",
    "account",
    "cancel",
    "differs",
    "explain",
    "forecast",
    "next_due",
    "open_clocks",
    "pause",
    "reached",
    "resume",
    "retime",
    "start",
    "stop",
    "tell",
]
