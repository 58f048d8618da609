"""States and enumerations of servicing, with the words that screens use."""

from enum import StrEnum

from portal.core.errors import Message


class RequestState(StrEnum):
    RECEIVED = "received"
    ASSESSED = "assessed"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    CLOSED = "closed"
    MERGED = "merged"
    CANCELLED = "cancelled"
    REFUSED = "refused"

    @property
    def label(self) -> Message:
        return _REQUEST_STATES[self][0]

    @property
    def tone(self) -> str:
        return _REQUEST_STATES[self][1]


_REQUEST_STATES = {
    RequestState.RECEIVED: (Message("Received"), "accent"),
    RequestState.ASSESSED: (Message("Assessed"), "accent"),
    RequestState.IN_SERVICE: (Message("In service"), "warn"),
    RequestState.COMPLETED: (Message("Completed"), "good"),
    RequestState.CLOSED: (Message("Closed"), "muted"),
    RequestState.MERGED: (Message("Merged"), "muted"),
    RequestState.CANCELLED: (Message("Cancelled"), "muted"),
    RequestState.REFUSED: (Message("Refused"), "bad"),
}

OPEN_REQUESTS = (RequestState.RECEIVED, RequestState.ASSESSED, RequestState.IN_SERVICE)


class OrderState(StrEnum):
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    TESTING = "testing"
    TO_RELEASE = "to_release"
    SENT_BACK = "sent_back"
    TO_SIGN = "to_sign"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Message:
        return _ORDER_STATES[self][0]

    @property
    def tone(self) -> str:
        return _ORDER_STATES[self][1]


_ORDER_STATES = {
    OrderState.ASSIGNED: (Message("Assigned"), "accent"),
    OrderState.ACCEPTED: (Message("Accepted"), "accent"),
    OrderState.TRAVELLING: (Message("On the way"), "accent"),
    OrderState.ON_SITE: (Message("On site"), "warn"),
    OrderState.TESTING: (Message("Testing"), "warn"),
    OrderState.TO_RELEASE: (Message("To release"), "hold"),
    OrderState.SENT_BACK: (Message("Sent back"), "bad"),
    OrderState.TO_SIGN: (Message("To be signed by the customer"), "accent"),
    OrderState.DONE: (Message("Done"), "good"),
    OrderState.CANCELLED: (Message("Cancelled"), "muted"),
}

OPEN_ORDERS = tuple(state for state in OrderState if state not in (OrderState.DONE, OrderState.CANCELLED))


class _Labelled(StrEnum):
    """An enumeration whose members carry their label."""

    def __new__(cls, value: str, msgid: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Message(msgid)
        return member


class Kind(_Labelled):
    """What the customer asks for (F01 request type)."""

    REPAIR = "repair", "Repair"
    INSTALLATION = "installation", "Installation"
    MAINTENANCE = "maintenance", "Maintenance"
    CONSULTATION = "consultation", "Consultation"
    TRAINING = "training", "Training"


class Channel(_Labelled):
    """How the request reached us (F01 channel)."""

    PORTAL = "portal", "Portal"
    PHONE = "phone", "Telephone"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    VISIT = "visit", "Visit"
    MESSENGER = "messenger", "Messenger"


class Urgency(_Labelled):
    """How urgent: a stopped device that patients depend on is critical."""

    NORMAL = "normal", "Normal"
    URGENT = "urgent", "Urgent"
    CRITICAL = "critical", "Critical"

    @property
    def tone(self) -> str:
        return {"normal": "muted", "urgent": "warn", "critical": "bad"}[self.value]


class Verdict(_Labelled):
    """The outcome of a test (F06)."""

    PASS = "pass", "Passed"
    FAIL = "fail", "Failed"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class Conclusion(_Labelled):
    """Whether the device may be used (F06 usable conclusion)."""

    USABLE = "usable", "May be used"
    RESTRICTED = "restricted", "Restricted use"
    STOP = "stop", "Stop using"
