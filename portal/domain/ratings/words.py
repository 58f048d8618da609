"""Scores, states and sources of ratings, with the words that screens use."""

from enum import StrEnum

from portal.core.errors import N_, Message

SCORES = {
    5: Message("Very satisfied"),
    4: Message("Satisfied"),
    3: Message("Fair"),
    2: Message("Dissatisfied"),
    1: Message("Very dissatisfied"),
}
"""The customer's evaluation of the service (JL-56-00, F42), the best first."""


def tone_of(score: int) -> str:
    return "good" if score > 3 else "warn" if score > 2 else "bad"


class RatingState(StrEnum):
    """asked · given · low: somebody must look into it · settled: somebody did."""

    ASKED = "asked"
    GIVEN = "given"
    LOW = "low"
    SETTLED = "settled"

    @property
    def label(self) -> Message:
        return _STATES[self][0]

    @property
    def tone(self) -> str:
        return _STATES[self][1]


_STATES = {
    RatingState.ASKED: (Message("Waits for the customer"), "neutral"),
    RatingState.GIVEN: (Message("Rated"), "good"),
    RatingState.LOW: (Message("To be followed up"), "bad"),
    RatingState.SETTLED: (Message("Followed up"), "accent"),
}
RATED = (RatingState.GIVEN, RatingState.LOW, RatingState.SETTLED)


class Source(StrEnum):
    """By which way the customer said it."""

    SIGNATURE = "signature", N_("With the signature")
    ACCOUNT = "account", N_("In the own account")
    LINK = "link", N_("By the mailed link")
    PHONE = "phone", N_("By telephone")

    def __new__(cls, value: str, msgid: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Message(msgid)
        return member
