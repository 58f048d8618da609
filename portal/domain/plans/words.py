"""States and kinds of repair plans and price lists."""

from enum import StrEnum

from portal.core.errors import Message


class PlanState(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    CONSENTED = "consented"
    REFUSED = "refused"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        return STATE_TONES[self]


STATE_LABELS = {
    PlanState.DRAFT: Message("Plan in preparation"),
    PlanState.OFFERED: Message("Waits for consent"),
    PlanState.CONSENTED: Message("Consented"),
    PlanState.REFUSED: Message("Declined by the customer"),
    PlanState.EXPIRED: Message("Offer expired"),
    PlanState.SUPERSEDED: Message("Replaced by a newer plan"),
}
STATE_TONES = {
    PlanState.DRAFT: "neutral",
    PlanState.OFFERED: "hold",
    PlanState.CONSENTED: "good",
    PlanState.REFUSED: "bad",
    PlanState.EXPIRED: "warn",
    PlanState.SUPERSEDED: "neutral",
}


class Basis(StrEnum):
    """Who pays (保修/自费), and what is charged where cover is excluded (forms-and-rules 2.4, W2)."""

    BY_COVER = "by_cover"
    EXCLUDED_MATERIAL = "excluded_material"
    EXCLUDED = "excluded"

    @property
    def label(self) -> Message:
        return BASIS_LABELS[self]


BASIS_LABELS = {
    Basis.BY_COVER: Message("By the cover of the device"),
    Basis.EXCLUDED_MATERIAL: Message("Excluded from cover: material is charged"),
    Basis.EXCLUDED: Message("Excluded from cover: material, labour and travel are charged"),
}


class LineKind(StrEnum):
    PART = "part"
    LABOUR = "labour"
    TRAVEL = "travel"
    OTHER = "other"

    @property
    def label(self) -> Message:
        return KIND_LABELS[self]


KIND_LABELS = {
    LineKind.PART: Message("Part"),
    LineKind.LABOUR: Message("Labour"),
    LineKind.TRAVEL: Message("Travel"),
    LineKind.OTHER: Message("Other"),
}

OPTIONS = ("A", "B", "C")
"""What a customer may choose between, such as original and equivalent parts."""
