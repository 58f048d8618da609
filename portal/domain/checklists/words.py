"""States and kinds of checklists and test sheets, with the words that screens use."""

from enum import StrEnum

from portal.core.errors import N_, Message


class _Toned(StrEnum):
    """An enumeration whose members carry their label and their tone."""

    def __new__(cls, value: str, msgid: str, tone: str = "neutral"):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Message(msgid)
        member.tone = tone
        return member


class VersionState(_Toned):
    """Where a version of a checklist stands."""

    DRAFT = "draft", N_("Draft"), "hold"
    PUBLISHED = "published", N_("Published"), "good"
    WITHDRAWN = "withdrawn", N_("Withdrawn"), "neutral"


class SheetState(_Toned):
    """Where a test sheet stands."""

    OPEN = "open", N_("Being filled in"), "warn"
    COMPLETE = "complete", N_("Waits for review"), "hold"
    REVIEWED = "reviewed", N_("Reviewed"), "good"
    REJECTED = "rejected", N_("Rejected"), "bad"


class Purpose(_Toned):
    """What a checklist is for. Of each purpose, the most particular one holds for a device."""

    REPAIR = "repair", N_("After a repair: function and performance")
    SAFETY = "safety", N_("Electrical safety")


class Group(_Toned):
    """The test that an item belongs to; each has its verdict in the service report (F06)."""

    FUNCTIONAL = "functional", N_("Functional test")
    PERFORMANCE = "performance", N_("Performance test")
    SAFETY = "safety", N_("Electrical safety test")


class ItemKind(_Toned):
    """What is written down for an item."""

    NUMBER = "number", N_("Measured value")
    CHECK = "check", N_("Passed or failed")
    CHOICE = "choice", N_("Choice")
    TEXT = "text", N_("Written remark")
    PHOTO = "photo", N_("Photo")


class Outcome(_Toned):
    """What a reading means."""

    PASS = "pass", N_("Passed"), "good"
    WARNING = "warning", N_("Passed, near the limit"), "warn"
    FAIL = "fail", N_("Failed"), "bad"
    NOT_APPLICABLE = "not_applicable", N_("Not applicable"), "neutral"


class Protection(_Toned):
    """Class of protection against electric shock, as the rating plate says (YY/T 0841-2023, 3)."""

    I = "class_i", N_("Class I: with protective earth")  # noqa: E741
    II = "class_ii", N_("Class II: double insulation")
    INTERNAL = "internal", N_("Internally powered")
    NONE = "not_electrical", N_("Not an electrical device")


class AppliedPart(_Toned):
    """Type of the part that touches the patient, as the rating plate says."""

    B = "type_b", N_("Type B")
    BF = "type_bf", N_("Type BF")
    CF = "type_cf", N_("Type CF")
    NONE = "no_applied_part", N_("No applied part")
