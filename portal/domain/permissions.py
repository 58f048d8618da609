"""Every permission × role × scope, on one page.

A role may do a thing to the records within the scope named here; what is not named is not allowed.
Sources: requirement catalogue, “People (roles)”; 21 CFR 11.10(d), (g).
"""

from enum import StrEnum

from portal.core.errors import Message


class Role(StrEnum):
    """What a person is here. `label` is what the screens say."""

    CUSTOMER = "customer"
    WARD = "ward"
    TECHNICIAN = "technician"
    DEALER_DESK = "dealer_desk"
    DESK = "desk"
    QUALITY = "quality"
    STORES = "stores"
    FINANCE = "finance"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def label(self) -> Message:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.CUSTOMER: Message("Equipment officer"),
    Role.WARD: Message("Ward user"),
    Role.TECHNICIAN: Message("Technician"),
    Role.DEALER_DESK: Message("Dealer's desk"),
    Role.DESK: Message("Service desk"),
    Role.QUALITY: Message("Quality"),
    Role.STORES: Message("Stores"),
    Role.FINANCE: Message("Finance"),
    Role.MANAGER: Message("Manager"),
    Role.AUDITOR: Message("Auditor"),
    Role.ADMIN: Message("Administrator"),
}


class Scope(StrEnum):
    """How far a permission reaches. Models map each scope to one of their columns."""

    OWN = "own"
    SITE = "site"
    ORGANISATION = "organisation"
    DEALER = "dealer"
    CENTRE = "centre"
    ASSIGNED = "assigned"
    ALL = "all"

    @property
    def label(self) -> Message:
        return SCOPE_LABELS[self]


SCOPE_LABELS = {
    Scope.OWN: Message("own"),
    Scope.SITE: Message("own site"),
    Scope.ORGANISATION: Message("own organisation"),
    Scope.DEALER: Message("own dealer"),
    Scope.CENTRE: Message("own centre"),
    Scope.ASSIGNED: Message("assigned"),
    Scope.ALL: Message("all"),
}


class P(StrEnum):
    """Permissions, named noun:verb."""

    REQUEST_SEE = "request:see"
    REQUEST_CREATE = "request:create"
    REQUEST_MESSAGE = "request:message"
    REQUEST_NOTE = "request:note"
    REQUEST_ASSESS = "request:assess"
    REQUEST_ASSIGN = "request:assign"
    REQUEST_REFUSE = "request:refuse"
    REQUEST_CANCEL = "request:cancel"
    REQUEST_CLOSE = "request:close"
    REQUEST_SCREEN = "request:screen"
    REQUEST_MERGE = "request:merge"
    ORDER_SEE = "order:see"
    ORDER_WORK = "order:work"
    ORDER_RELEASE = "order:release"
    ORDER_RELEASE_FIRST = "order:release_first"
    ORDER_WITNESS = "order:witness"
    ORDER_CANCEL = "order:cancel"
    ORDER_SCHEDULE = "order:schedule"
    ORDER_CORRECT = "order:correct"
    ESCALATION_SEE = "escalation:see"
    ESCALATION_ASK = "escalation:ask"
    ESCALATION_ANSWER = "escalation:answer"
    ESCALATION_RECORD = "escalation:record"
    HOLD_SEE = "hold:see"
    HOLD_ASK = "hold:ask"
    HOLD_PLACE = "hold:place"
    HOLD_SEAL = "hold:seal"
    HOLD_KEEP = "hold:keep"
    PLAN_SEE = "plan:see"
    PLAN_DRAW_UP = "plan:draw_up"
    PLAN_CONFIRM = "plan:confirm"
    PLAN_ANSWER = "plan:answer"
    PLAN_FILE = "plan:file"
    COVER_DECIDE = "cover:decide"
    CHARGE_SEE = "charge:see"
    CHARGE_EDIT = "charge:edit"
    CHARGE_DISCOUNT = "charge:discount"
    CHARGE_KEEP = "charge:keep"
    PAYMENT_RECORD = "payment:record"
    PAYMENT_TAKE = "payment:take"
    INVOICING_EDIT = "invoicing:edit"
    STATEMENT_SEE = "statement:see"
    STATEMENT_EDIT = "statement:edit"
    STATEMENT_KEEP = "statement:keep"
    RECEIPT_FILE = "receipt:file"
    PRICE_SEE = "price:see"
    PRICE_EDIT = "price:edit"
    CHECKLIST_SEE = "checklist:see"
    CHECKLIST_EDIT = "checklist:edit"
    CHECKLIST_PUBLISH = "checklist:publish"
    SHEET_SEE = "sheet:see"
    SHEET_FILL = "sheet:fill"
    SHEET_REVIEW = "sheet:review"
    RELEASE_SEE = "release:see"
    RELEASE_EDIT = "release:edit"
    RELEASE_APPROVE = "release:approve"
    NONCONFORMITY_SEE = "nonconformity:see"
    NONCONFORMITY_OPEN = "nonconformity:open"
    NONCONFORMITY_CLOSE = "nonconformity:close"
    DEVICE_SEE = "device:see"
    DEVICE_EDIT = "device:edit"
    DEVICE_STOP = "device:stop"
    DEVICE_SWAP = "device:swap"
    DEVICE_LIFT = "device:lift"
    LABEL_PRINT = "label:print"
    LABEL_FORMAT = "label:format"
    LABEL_KEEP = "label:keep"
    PRODUCT_SEE = "product:see"
    PRODUCT_EDIT = "product:edit"
    FAULTCODE_SEE = "faultcode:see"
    FAULTCODE_EDIT = "faultcode:edit"
    ANSWER_SEE = "answer:see"
    ANSWER_EDIT = "answer:edit"
    ANSWER_USE = "answer:use"
    ORGANISATION_SEE = "organisation:see"
    ORGANISATION_EDIT = "organisation:edit"
    COMPANY_EDIT = "company:edit"
    DOCUMENT_SEE = "document:see"
    DOCUMENT_SIGN = "document:sign"
    DOCUMENT_PAPER = "document:paper"
    DOCUMENT_KEEP = "document:keep"
    COMPLAINT_SEE = "complaint:see"
    COMPLAINT_OPEN = "complaint:open"
    COMPLAINT_ASSESS = "complaint:assess"
    RATING_SEE = "rating:see"
    RATING_GIVE = "rating:give"
    RATING_RECORD = "rating:record"
    RATING_FOLLOW_UP = "rating:follow_up"
    RATING_KEEP = "rating:keep"
    RATING_ASPECT_EDIT = "rating_aspect:edit"
    WARD_REPORT_FILE = "ward_report:file"
    WARD_REPORT_SEE = "ward_report:see"
    WARD_REPORT_SETTLE = "ward_report:settle"
    WARD_REPORT_KEEP = "ward_report:keep"
    WARD_DESK_EDIT = "ward_desk:edit"
    WARD_USER_MANAGE = "ward_user:manage"
    ROUTE_EDIT = "route:edit"
    ACCOUNT_SEE = "account:see"
    ACCOUNT_INVITE = "account:invite"
    ACCOUNT_GRANT = "account:grant"
    ACCOUNT_DISABLE = "account:disable"
    ACCOUNT_UNLOCK = "account:unlock"
    ACCOUNT_SELF = "account:self"
    BADGE_EDIT = "badge:edit"
    CERTIFICATE_EDIT = "certificate:edit"
    ABSENCE_SEE = "absence:see"
    ABSENCE_ASK = "absence:ask"
    ABSENCE_DECIDE = "absence:decide"
    CALENDAR_SEE = "calendar:see"
    ROSTER_SEE = "roster:see"
    ROSTER_EDIT = "roster:edit"
    DUTY_SEE = "duty:see"
    DUTY_ANSWER = "duty:answer"
    DUTY_KEEP = "duty:keep"
    FIGURE_SEE = "figure:see"
    FIGURE_EDIT = "figure:edit"
    POLICY_SEE = "policy:see"
    POLICY_EDIT = "policy:edit"
    POLICY_APPROVE = "policy:approve"
    CLOCK_SEE = "clock:see"
    CLOCK_PAUSE = "clock:pause"
    CLOCK_CORRECT = "clock:correct"
    CLOCK_ACCOUNT = "clock:account"
    CLOCK_ANNUL = "clock:annul"
    CLOCK_KEEP = "clock:keep"
    TRAIL_SEE = "trail:see"
    PERMISSIONS_SEE = "permissions:see"
    UNDELIVERED_SEE = "undelivered:see"
    UNDELIVERED_RETRY = "undelivered:retry"
    COMPONENTS_SEE = "components:see"
    STAFF_ENTER = "staff:enter"
    RECORD_HISTORY = "record:history"


R, S = Role, Scope

_HOSPITAL = {R.CUSTOMER: S.ORGANISATION, R.WARD: S.OWN}
_FIELD = {R.TECHNICIAN: S.ASSIGNED, R.DEALER_DESK: S.DEALER}
_HOUSE = {R.DESK: S.ALL, R.QUALITY: S.ALL, R.MANAGER: S.ALL}
_READERS = {R.AUDITOR: S.ALL}

RULES: dict[P, dict[Role, Scope]] = {
    P.REQUEST_SEE: _HOSPITAL | _FIELD | _HOUSE | _READERS,
    P.REQUEST_CREATE: {R.CUSTOMER: S.ORGANISATION, R.WARD: S.SITE, R.DESK: S.ALL, R.DEALER_DESK: S.DEALER},
    P.REQUEST_MESSAGE: _HOSPITAL | _FIELD | _HOUSE,
    P.REQUEST_NOTE: _FIELD | _HOUSE,
    P.REQUEST_ASSESS: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.DEALER_DESK: S.DEALER},
    P.REQUEST_ASSIGN: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.DEALER_DESK: S.DEALER},
    P.REQUEST_REFUSE: {R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.REQUEST_CANCEL: {R.CUSTOMER: S.ORGANISATION, R.WARD: S.OWN, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.REQUEST_CLOSE: {R.CUSTOMER: S.ORGANISATION, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.REQUEST_SCREEN: _FIELD | _HOUSE,
    P.REQUEST_MERGE: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.DEALER_DESK: S.DEALER},
    P.ORDER_SEE: _FIELD | _HOUSE | _READERS,
    P.ORDER_WORK: {R.TECHNICIAN: S.ASSIGNED},
    P.ORDER_RELEASE: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.ORDER_RELEASE_FIRST: {R.TECHNICIAN: S.ASSIGNED, R.DESK: S.ALL},
    P.ORDER_WITNESS: {R.TECHNICIAN: S.ASSIGNED},
    P.ORDER_CANCEL: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.DEALER_DESK: S.DEALER},
    P.ORDER_SCHEDULE: {R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD,
    P.ORDER_CORRECT: {R.TECHNICIAN: S.ASSIGNED, R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.ESCALATION_SEE: _FIELD | _HOUSE | _READERS,
    P.ESCALATION_ASK: {R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD,
    P.ESCALATION_ANSWER: dict.fromkeys((R.TECHNICIAN, R.DEALER_DESK, R.DESK, R.QUALITY, R.MANAGER), S.OWN),
    P.ESCALATION_RECORD: _FIELD | _HOUSE,
    P.HOLD_SEE: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER} | _HOUSE | _READERS,
    P.HOLD_ASK: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER} | _HOUSE,
    P.HOLD_PLACE: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.HOLD_SEAL: {R.TECHNICIAN: S.CENTRE, R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.HOLD_KEEP: {},  # the mark on the device follows from the hold: the system alone
    P.PLAN_SEE: {R.CUSTOMER: S.ORGANISATION, R.FINANCE: S.ALL} | _FIELD | _HOUSE | _READERS,
    P.PLAN_DRAW_UP: {R.TECHNICIAN: S.ASSIGNED, R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.PLAN_CONFIRM: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.QUALITY: S.ALL},
    P.PLAN_ANSWER: {R.CUSTOMER: S.ORGANISATION},
    P.PLAN_FILE: {R.CUSTOMER: S.ORGANISATION, R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD,
    P.COVER_DECIDE: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.DEALER_DESK: S.DEALER},
    P.CHARGE_SEE: {R.CUSTOMER: S.ORGANISATION, R.FINANCE: S.ALL, R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD | _READERS,
    P.CHARGE_EDIT: {R.FINANCE: S.ALL},
    P.CHARGE_DISCOUNT: {R.MANAGER: S.ALL},
    P.CHARGE_KEEP: {},  # charges open, settle and remind by what happens and by the clock: the system alone
    P.PAYMENT_RECORD: {R.FINANCE: S.ALL},
    P.PAYMENT_TAKE: {R.TECHNICIAN: S.ASSIGNED},
    P.INVOICING_EDIT: {R.CUSTOMER: S.ORGANISATION, R.FINANCE: S.ALL},
    P.STATEMENT_SEE: {R.FINANCE: S.ALL, R.MANAGER: S.ALL} | _READERS,
    P.STATEMENT_EDIT: {R.FINANCE: S.ALL},
    P.STATEMENT_KEEP: {},  # a job draws up those of a month: the system alone
    P.RECEIPT_FILE: {R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD,
    P.PRICE_SEE: {R.CUSTOMER: S.ALL, R.TECHNICIAN: S.ALL, R.DEALER_DESK: S.ALL, R.FINANCE: S.ALL, R.ADMIN: S.ALL}
    | _HOUSE
    | _READERS,
    P.PRICE_EDIT: {R.MANAGER: S.ALL, R.FINANCE: S.ALL},
    P.CHECKLIST_SEE: {R.TECHNICIAN: S.ALL, R.DEALER_DESK: S.ALL, R.ADMIN: S.ALL} | _HOUSE | _READERS,
    P.CHECKLIST_EDIT: {R.QUALITY: S.ALL, R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.CHECKLIST_PUBLISH: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.SHEET_SEE: _FIELD | _HOUSE | _READERS,
    P.SHEET_FILL: {R.TECHNICIAN: S.ASSIGNED},
    P.SHEET_REVIEW: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.RELEASE_SEE: {R.TECHNICIAN: S.ALL, R.DEALER_DESK: S.ALL, R.ADMIN: S.ALL} | _HOUSE | _READERS,
    P.RELEASE_EDIT: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.RELEASE_APPROVE: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.NONCONFORMITY_SEE: _FIELD | _HOUSE | _READERS,
    P.NONCONFORMITY_OPEN: {R.TECHNICIAN: S.ASSIGNED},
    P.NONCONFORMITY_CLOSE: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.DEVICE_SEE: {R.CUSTOMER: S.ORGANISATION, R.WARD: S.SITE, R.STORES: S.ALL, R.FINANCE: S.ALL}
    | {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER, R.ADMIN: S.ALL}
    | _HOUSE
    | _READERS,
    P.DEVICE_EDIT: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.DEVICE_STOP: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER} | _HOUSE,
    P.DEVICE_SWAP: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.DEVICE_LIFT: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.LABEL_PRINT: dict.fromkeys((R.DESK, R.MANAGER, R.ADMIN, R.TECHNICIAN, R.DEALER_DESK), S.OWN),
    P.LABEL_FORMAT: {R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.LABEL_KEEP: {},  # a job makes the labels: the system alone
    P.PRODUCT_SEE: dict.fromkeys(Role, S.ALL),
    P.PRODUCT_EDIT: {R.QUALITY: S.ALL, R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.FAULTCODE_SEE: {R.TECHNICIAN: S.ALL, R.DEALER_DESK: S.ALL, R.ADMIN: S.ALL} | _HOUSE | _READERS,
    P.FAULTCODE_EDIT: {R.QUALITY: S.ALL, R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.ANSWER_SEE: {R.TECHNICIAN: S.ALL, R.DEALER_DESK: S.ALL, R.ADMIN: S.ALL} | _HOUSE | _READERS,
    P.ANSWER_EDIT: _HOUSE,
    P.ANSWER_USE: dict.fromkeys((R.CUSTOMER, R.WARD, R.DESK, R.DEALER_DESK), S.ALL),
    P.ORGANISATION_SEE: {R.CUSTOMER: S.ORGANISATION, R.DEALER_DESK: S.DEALER, R.ADMIN: S.ALL}
    | {R.STORES: S.ALL, R.FINANCE: S.ALL}
    | _HOUSE
    | _READERS,
    P.ORGANISATION_EDIT: {R.DESK: S.ALL, R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.COMPANY_EDIT: {R.ADMIN: S.ALL},
    P.DOCUMENT_SEE: {R.CUSTOMER: S.ORGANISATION, R.WARD: S.SITE, R.FINANCE: S.ALL} | _FIELD | _HOUSE | _READERS,
    P.DOCUMENT_SIGN: {R.CUSTOMER: S.ORGANISATION},
    P.DOCUMENT_PAPER: {R.TECHNICIAN: S.ASSIGNED, R.DESK: S.ALL, R.QUALITY: S.ALL},
    P.DOCUMENT_KEEP: {},  # freezing, issuing and rendering follow from other verbs: the system alone
    P.COMPLAINT_SEE: {R.DEALER_DESK: S.DEALER} | _HOUSE | _READERS,
    P.COMPLAINT_OPEN: {},  # opening follows from the answers to the safety questions: the system alone
    P.COMPLAINT_ASSESS: {R.QUALITY: S.ALL, R.MANAGER: S.ALL},
    P.RATING_SEE: _HOSPITAL | _FIELD | _HOUSE | _READERS,
    P.RATING_GIVE: _HOSPITAL,
    P.RATING_RECORD: {R.DESK: S.ALL, R.MANAGER: S.ALL},  # nobody writes down what was said of themselves
    P.RATING_FOLLOW_UP: {R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.RATING_KEEP: {},  # asking, and taking over what was signed, follow from the report: the system alone
    P.RATING_ASPECT_EDIT: {R.MANAGER: S.ALL, R.QUALITY: S.ALL, R.ADMIN: S.ALL},
    P.WARD_REPORT_FILE: {R.WARD: S.SITE},
    P.WARD_REPORT_SEE: {R.CUSTOMER: S.ORGANISATION},
    P.WARD_REPORT_SETTLE: {R.CUSTOMER: S.ORGANISATION},
    P.WARD_REPORT_KEEP: {},  # passing on what must not wait and reminding follow from rules: the system alone
    P.WARD_DESK_EDIT: {R.CUSTOMER: S.ORGANISATION},
    P.WARD_USER_MANAGE: {R.CUSTOMER: S.ORGANISATION},
    P.ROUTE_EDIT: {R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.ACCOUNT_SEE: {R.ADMIN: S.ALL, R.MANAGER: S.ALL, R.AUDITOR: S.ALL},
    P.ACCOUNT_INVITE: {R.ADMIN: S.ALL},
    P.ACCOUNT_GRANT: {R.ADMIN: S.ALL},
    P.ACCOUNT_DISABLE: {R.ADMIN: S.ALL},
    P.ACCOUNT_UNLOCK: {R.ADMIN: S.ALL},
    P.ACCOUNT_SELF: dict.fromkeys(Role, S.OWN),
    P.BADGE_EDIT: {R.TECHNICIAN: S.OWN, R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.CERTIFICATE_EDIT: {R.MANAGER: S.ALL, R.ADMIN: S.ALL},
    P.ABSENCE_SEE: {R.TECHNICIAN: S.OWN, R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL} | _READERS,
    P.ABSENCE_ASK: {R.TECHNICIAN: S.OWN, R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.ABSENCE_DECIDE: {R.DEALER_DESK: S.DEALER, R.MANAGER: S.ALL},
    P.CALENDAR_SEE: {R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL, R.QUALITY: S.ALL},
    P.ROSTER_SEE: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER} | _HOUSE | _READERS,
    P.ROSTER_EDIT: {R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.DUTY_SEE: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER} | _HOUSE | _READERS,
    P.DUTY_ANSWER: {R.TECHNICIAN: S.CENTRE, R.DEALER_DESK: S.DEALER, R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.DUTY_KEEP: {},  # calling, and calling the next, follow from an urgent intake and from time: the system alone
    P.FIGURE_SEE: {R.ADMIN: S.ALL, R.MANAGER: S.ALL, R.QUALITY: S.ALL, R.AUDITOR: S.ALL},
    P.FIGURE_EDIT: {R.MANAGER: S.ALL},
    P.POLICY_SEE: {R.ADMIN: S.ALL, R.DEALER_DESK: S.ALL} | _HOUSE | _READERS,
    P.POLICY_EDIT: {R.MANAGER: S.ALL, R.QUALITY: S.ALL, R.ADMIN: S.ALL},
    P.POLICY_APPROVE: {R.MANAGER: S.ALL, R.QUALITY: S.ALL},
    P.CLOCK_SEE: _FIELD | _HOUSE | _READERS,
    P.CLOCK_PAUSE: {R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD,
    P.CLOCK_CORRECT: {R.DESK: S.ALL, R.MANAGER: S.ALL},
    P.CLOCK_ACCOUNT: {R.DESK: S.ALL, R.MANAGER: S.ALL} | _FIELD,
    P.CLOCK_ANNUL: {R.MANAGER: S.ALL, R.QUALITY: S.ALL},
    P.CLOCK_KEEP: {},  # warnings, breaches and counting anew follow from time and rules: the system alone
    P.TRAIL_SEE: {R.QUALITY: S.ALL, R.MANAGER: S.ALL, R.AUDITOR: S.ALL, R.ADMIN: S.ALL},
    P.PERMISSIONS_SEE: {R.ADMIN: S.ALL, R.MANAGER: S.ALL, R.QUALITY: S.ALL, R.AUDITOR: S.ALL},
    P.UNDELIVERED_SEE: {R.ADMIN: S.ALL, R.MANAGER: S.ALL, R.QUALITY: S.ALL, R.DESK: S.ALL},
    P.UNDELIVERED_RETRY: {R.ADMIN: S.ALL, R.MANAGER: S.ALL},
    P.COMPONENTS_SEE: {R.ADMIN: S.ALL},
    P.STAFF_ENTER: {role: S.ALL for role in Role if role not in _HOSPITAL},
    P.RECORD_HISTORY: {R.ADMIN: S.ALL} | _HOUSE | _READERS,
}
