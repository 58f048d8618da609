"""States of shifts and calls, and in which order people are called."""

from enum import StrEnum

from portal.core.errors import Message


class ShiftState(StrEnum):
    """planned: it counts · cancelled: it was taken away before it began, or somebody else took it over."""

    PLANNED = "planned"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        return SHIFT_LABELS[self]


SHIFT_LABELS = {ShiftState.PLANNED: Message("Planned"), ShiftState.CANCELLED: Message("Cancelled")}


class CallState(StrEnum):
    """ringing: nobody has answered · answered: somebody takes care of it · settled: it was dealt with otherwise."""

    RINGING = "ringing"
    ANSWERED = "answered"
    SETTLED = "settled"

    @property
    def label(self) -> Message:
        return CALL_STATES[self][0]

    @property
    def tone(self) -> str:
        return CALL_STATES[self][1]


CALL_STATES = {
    CallState.RINGING: (Message("Not answered yet"), "bad"),
    CallState.ANSWERED: (Message("Answered"), "good"),
    CallState.SETTLED: (Message("Dealt with"), "neutral"),
}


class Rung(StrEnum):
    """A rung of the ladder: who is called, in this order."""

    ON_DUTY = "on_duty"
    DEPUTY = "deputy"
    HELPERS = "helpers"
    MANAGERS = "managers"

    @property
    def label(self) -> Message:
        return RUNG_LABELS[self]


RUNG_LABELS = {
    Rung.ON_DUTY: Message("On duty"),
    Rung.DEPUTY: Message("Deputy"),
    Rung.HELPERS: Message("Helper"),
    Rung.MANAGERS: Message("Manager"),
}
