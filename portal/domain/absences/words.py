"""Kinds and states of absences."""

from enum import StrEnum

from portal.core.errors import Message


class AbsenceKind(StrEnum):
    ANNUAL = "annual"
    SICK = "sick"
    TRAINING = "training"
    TRAVEL = "travel"
    OTHER = "other"

    @property
    def label(self) -> Message:
        return ABSENCE_KINDS[self]


ABSENCE_KINDS = {
    AbsenceKind.ANNUAL: Message("Annual leave"),
    AbsenceKind.SICK: Message("Sick leave"),
    AbsenceKind.TRAINING: Message("Training away"),
    AbsenceKind.TRAVEL: Message("Work elsewhere"),
    AbsenceKind.OTHER: Message("Other leave"),
}


class AbsenceState(StrEnum):
    """asked · approved: the person is away · refused · cancelled: asked for, or approved, and taken back."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        return ABSENCE_STATES[self][0]

    @property
    def tone(self) -> str:
        return ABSENCE_STATES[self][1]


ABSENCE_STATES = {
    AbsenceState.ASKED: (Message("To be decided"), "warn"),
    AbsenceState.APPROVED: (Message("Approved"), "good"),
    AbsenceState.REFUSED: (Message("Refused"), "neutral"),
    AbsenceState.CANCELLED: (Message("Cancelled"), "neutral"),
}
AWAY_OR_ASKED = (AbsenceState.ASKED, AbsenceState.APPROVED)
