"""What a fault code says, and whether it is in use."""

from enum import StrEnum

from portal.core.errors import Message


class CodeKind(StrEnum):
    """The four things that are coded of a fault."""

    SYMPTOM = "symptom"
    AREA = "area"
    CAUSE = "cause"
    ACTION = "action"

    @property
    def label(self) -> Message:
        return KIND_LABELS[self]


KIND_LABELS = {
    CodeKind.SYMPTOM: Message("Symptom"),
    CodeKind.AREA: Message("Area of the fault"),
    CodeKind.CAUSE: Message("Cause of the fault"),
    CodeKind.ACTION: Message("What was done"),
}


class CodeState(StrEnum):
    IN_USE = "in_use"
    RETIRED = "retired"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return "good" if self is CodeState.IN_USE else "neutral"


STATE_LABELS = {CodeState.IN_USE: Message("In use"), CodeState.RETIRED: Message("No longer in use")}
