"""Who reviews a repair, with the words that screens use."""

from enum import StrEnum

from portal.core.errors import Message


class Review(StrEnum):
    """Who must have reviewed a repair when the device is released; the strictest first."""

    BEFORE = "before"
    LATER = "later"
    ALONE = "alone"

    @property
    def label(self) -> Message:
        return _REVIEWS[self][0]

    @property
    def tone(self) -> str:
        return _REVIEWS[self][1]

    @property
    def leniency(self) -> int:
        """0 for the strictest."""
        return list(Review).index(self)


_REVIEWS = {
    Review.BEFORE: (Message("A second person, before the release"), "hold"),
    Review.LATER: (Message("A second person; it may be released first, with a reason and a deadline"), "warn"),
    Review.ALONE: (Message("Nobody else: the repairer releases it, once all tests have results"), "neutral"),
}
