"""Who may read a known answer, and whether it is offered."""

from enum import StrEnum

from portal.core.errors import Message


class Audience(StrEnum):
    """Whom an answer is written for."""

    CUSTOMER = "customer"
    STAFF = "staff"

    @property
    def label(self) -> Message:
        return AUDIENCE_LABELS[self]


AUDIENCE_LABELS = {Audience.CUSTOMER: Message("Customers and staff"), Audience.STAFF: Message("Staff only")}


class AnswerState(StrEnum):
    IN_USE = "in_use"
    RETIRED = "retired"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return "good" if self is AnswerState.IN_USE else "neutral"


STATE_LABELS = {AnswerState.IN_USE: Message("In use"), AnswerState.RETIRED: Message("No longer in use")}
