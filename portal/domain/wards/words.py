"""States of a ward's report and the ways it can go, with the words that screens use."""

from enum import StrEnum

from portal.core.errors import N_, Message


class ReportState(StrEnum):
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    MERGED = "merged"
    SOLVED = "solved"
    DISMISSED = "dismissed"

    @property
    def label(self) -> Message:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]


_STATES = {
    ReportState.REPORTED: (Message("To be confirmed"), "warn"),
    ReportState.CONFIRMED: (Message("Passed on to the service company"), "accent"),
    ReportState.MERGED: (Message("Added to an open request"), "accent"),
    ReportState.SOLVED: (Message("Solved by the hospital"), "good"),
    ReportState.DISMISSED: (Message("Not pursued"), "muted"),
}

WITH_THE_COMPANY = (ReportState.CONFIRMED, ReportState.MERGED)


class Route(StrEnum):
    """Who reads a ward's report first. CLOSED: nobody can report by the label."""

    HOSPITAL = "hospital", N_("First to us, the equipment department")
    COMPANY = "company", N_("Straight to the service company")
    CLOSED = "closed", N_("Nobody reports by the label here")

    def __new__(cls, value: str, msgid: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Message(msgid)
        return member
