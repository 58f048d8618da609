"""States of charges and payments."""

from enum import StrEnum

from portal.core.errors import Message


class ChargeState(StrEnum):
    OPEN = "open"
    INVOICED = "invoiced"
    PAID = "paid"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        return _STATES[self]

    @property
    def tone(self) -> str:
        return {"open": "warn", "invoiced": "hold", "paid": "good"}.get(self.value, "neutral")


_STATES = {
    ChargeState.OPEN: Message("To be invoiced"),
    ChargeState.INVOICED: Message("Invoiced, to be paid"),
    ChargeState.PAID: Message("Paid"),
    ChargeState.CANCELLED: Message("Charge cancelled"),
}
OWED = (ChargeState.OPEN, ChargeState.INVOICED)


class PaymentState(StrEnum):
    TAKEN = "taken"
    RECEIVED = "received"

    @property
    def label(self) -> Message:
        return _PAYMENTS[self]

    @property
    def tone(self) -> str:
        return "warn" if self is PaymentState.TAKEN else "good"


_PAYMENTS = {
    PaymentState.TAKEN: Message("To be handed to finance"),
    PaymentState.RECEIVED: Message("With finance"),
}


class PaidBy(StrEnum):
    TRANSFER = "transfer"
    CASH = "cash"

    @property
    def label(self) -> Message:
        return _WAYS[self]


_WAYS = {PaidBy.TRANSFER: Message("Bank transfer"), PaidBy.CASH: Message("Cash")}
