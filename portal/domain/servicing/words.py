"""States and enumerations of servicing, with the words that screens use."""

from enum import StrEnum

from portal.core.errors import N_, Message


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


class EarlyState(StrEnum):
    """How a release before its review stands. lapsed: the report was corrected before anybody reviewed it."""

    DUE = "due"
    PASSED = "passed"
    FAILED = "failed"
    LAPSED = "lapsed"

    @property
    def label(self) -> Message:
        return _EARLY_STATES[self][0]

    @property
    def tone(self) -> str:
        return _EARLY_STATES[self][1]


_EARLY_STATES = {
    EarlyState.DUE: (Message("Review due"), "warn"),
    EarlyState.PASSED: (Message("Reviewed and accepted"), "good"),
    EarlyState.FAILED: (Message("Reviewed and not accepted"), "bad"),
    EarlyState.LAPSED: (Message("Corrected before its review"), "neutral"),
}


class _Labelled(StrEnum):
    """An enumeration whose members carry their label."""

    def __new__(cls, value: str, msgid: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Message(msgid)
        return member


class Kind(_Labelled):
    """What the customer asks for (F01 request type)."""

    REPAIR = "repair", N_("Repair")
    INSTALLATION = "installation", N_("Installation")
    MAINTENANCE = "maintenance", N_("Maintenance")
    CONSULTATION = "consultation", N_("Consultation")
    TRAINING = "training", N_("Training")
    SOFTWARE = "software", N_("Software upgrade")
    PARTS = "parts", N_("Parts and consumables")
    COMPLAINT = "complaint", N_("Complaint")
    RETURN = "return", N_("Return or exchange")
    SUGGESTION = "suggestion", N_("Suggestion")


class Concern(_Labelled):
    """What it is about, which decides who looks into it (003-c 第7条)."""

    PRODUCT = "product", N_("The product: quality or function")
    PACKAGING = "packaging", N_("Packaging damaged, goods spoiled")
    CONDUCT = "conduct", N_("Conduct or neglect of our people")
    OTHER = "other", N_("Something else")


class Division(_Labelled):
    """Which part of the house a request is given to."""

    SERVICE = "service", N_("After-sales service")
    QUALITY = "quality", N_("Quality department")
    MANUFACTURER = "manufacturer", N_("The manufacturer, through quality")
    LOGISTICS = "logistics", N_("Warehouse and logistics")
    MANAGER = "manager", N_("Customer service manager")


class Harm(_Labelled):
    """Whether somebody was harmed, or could be."""

    NO = "no", N_("No")
    POSSIBLE = "possible", N_("Nobody was, but somebody could be")
    YES = "yes", N_("Yes, somebody was harmed")


class Asked(_Labelled):
    """When the safety questions were answered (ISO 13485 7.5.4, 21 CFR 820.35)."""

    INTAKE = "intake", N_("At intake")
    CLOSING = "closing", N_("Before the report")


class Channel(_Labelled):
    """How the request reached us (F01 channel)."""

    PORTAL = "portal", N_("Portal")
    PHONE = "phone", N_("Telephone call")
    EMAIL = "email", N_("E-mail")
    LETTER = "letter", N_("Letter")
    VISIT = "visit", N_("Visit")
    MESSENGER = "messenger", N_("Messenger")


class Urgency(_Labelled):
    """How urgent: a stopped device that patients depend on is critical."""

    NORMAL = "normal", N_("Normal")
    URGENT = "urgent", N_("Urgent")
    CRITICAL = "critical", N_("Critical")

    @property
    def tone(self) -> str:
        return {"normal": "muted", "urgent": "warn", "critical": "bad"}[self.value]


class Verdict(_Labelled):
    """The outcome of a test (F06)."""

    PASS = "pass", N_("Passed")
    FAIL = "fail", N_("Failed")
    NOT_APPLICABLE = "not_applicable", N_("Not applicable")


class Conclusion(_Labelled):
    """Whether the device may be used (F06 usable conclusion)."""

    USABLE = "usable", N_("May be used")
    RESTRICTED = "restricted", N_("Restricted use")
    STOP = "stop", N_("Stop using")


class ContactMode(_Labelled):
    """How the technician looked at the fault (F03)."""

    PHONE = "by_phone", N_("By telephone")
    REMOTE = "remotely", N_("By remote access")
    ON_SITE = "at_device", N_("At the device")


class Difficulty(_Labelled):
    """How large the repair is (F03: 小修, 中修, 大修)."""

    MINOR = "minor_repair", N_("Minor repair")
    MEDIUM = "medium_repair", N_("Medium repair")
    MAJOR = "major_repair", N_("Major repair")


class FaultClass(_Labelled):
    """Whether the fault can wait (F03: 一般, 紧急)."""

    ORDINARY = "ordinary_fault", N_("Ordinary")
    URGENT = "urgent_fault", N_("Urgent")


class Outlook(_Labelled):
    """What the diagnosis came to (F03)."""

    SOLVED = "solved_remotely", N_("Solved without a visit")
    ON_SITE = "repair_on_site", N_("To be repaired on site")
    PARTS = "parts_first", N_("Parts must come first")
    WORKSHOP = "to_workshop", N_("To be repaired in the workshop")
    HELP = "help_needed", N_("Second line or the maker must help")
