"""What each permission is called on the page that shows them."""

from portal.core.errors import Message
from portal.domain.permissions import P

GROUPS = {
    "request": Message("Service requests"),
    "order": Message("Work orders"),
    "device": Message("Devices"),
    "product": Message("Products"),
    "organisation": Message("Organisations"),
    "company": Message("Own companies"),
    "document": Message("Documents"),
    "account": Message("People"),
    "figure": Message("Figures"),
    "trail": Message("Trail"),
    "record": Message("Records"),
    "permissions": Message("Permissions"),
    "undelivered": Message("Undelivered"),
    "staff": Message("Staff pages"),
    "components": Message("Components"),
}

WORDS = {
    P.REQUEST_SEE: Message("See service requests"),
    P.REQUEST_CREATE: Message("Report a fault"),
    P.REQUEST_MESSAGE: Message("Write in the conversation"),
    P.REQUEST_NOTE: Message("Write internal notes"),
    P.REQUEST_ASSESS: Message("Assess a request"),
    P.REQUEST_ASSIGN: Message("Assign a technician"),
    P.REQUEST_REFUSE: Message("Refuse a request"),
    P.REQUEST_CANCEL: Message("Cancel a request"),
    P.REQUEST_CLOSE: Message("Close a request"),
    P.ORDER_SEE: Message("See work orders"),
    P.ORDER_WORK: Message("Work on a work order"),
    P.ORDER_RELEASE: Message("Release or send back"),
    P.ORDER_WITNESS: Message("Witness a customer's signature"),
    P.ORDER_CANCEL: Message("Cancel a work order"),
    P.ORDER_CORRECT: Message("Open a report for correction"),
    P.DEVICE_SEE: Message("See devices"),
    P.DEVICE_EDIT: Message("Register and correct devices"),
    P.PRODUCT_SEE: Message("See products"),
    P.PRODUCT_EDIT: Message("Add and change products"),
    P.ORGANISATION_SEE: Message("See organisations and contacts"),
    P.ORGANISATION_EDIT: Message("Add and change organisations"),
    P.COMPANY_EDIT: Message("Change own companies and centres"),
    P.DOCUMENT_SEE: Message("See and fetch documents"),
    P.DOCUMENT_SIGN: Message("Sign as customer"),
    P.DOCUMENT_PAPER: Message("File a paper signature"),
    P.DOCUMENT_KEEP: Message("Freeze, issue and render (the system alone)"),
    P.ACCOUNT_SEE: Message("See accounts and roles"),
    P.ACCOUNT_INVITE: Message("Invite people"),
    P.ACCOUNT_GRANT: Message("Give and end roles"),
    P.ACCOUNT_DISABLE: Message("Disable accounts"),
    P.ACCOUNT_SELF: Message("Change the own profile"),
    P.FIGURE_SEE: Message("See the figures"),
    P.FIGURE_EDIT: Message("Set figures"),
    P.TRAIL_SEE: Message("Read the trail of all records"),
    P.RECORD_HISTORY: Message("Read the trail on a record's page"),
    P.PERMISSIONS_SEE: Message("See this table"),
    P.UNDELIVERED_SEE: Message("See what was not delivered"),
    P.UNDELIVERED_RETRY: Message("Deliver again"),
    P.STAFF_ENTER: Message("Use the staff's pages"),
    P.COMPONENTS_SEE: Message("See the components of the look"),
}


def words(permission: P) -> Message:
    return WORDS.get(permission) or Message("%(name)s", name=permission.value)
