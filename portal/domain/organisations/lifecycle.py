"""What can be done to companies, centres and organisations."""

from portal.core.errors import Message
from portal.core.verbs import ANY, NEW, Lifecycle, Verb
from portal.domain.organisations.models import Centre, Company, Organisation
from portal.domain.permissions import P

FOUND = Verb("found", on=NEW, permission=P.COMPANY_EDIT, label=Message("Add company"))
EDIT_COMPANY = Verb("edit", on=ANY, permission=P.COMPANY_EDIT, label=Message("Edit company"), edits="details")
OPEN_CENTRE = Verb("open", on=NEW, permission=P.COMPANY_EDIT, label=Message("Add service centre"))

REGISTER = Verb("register", on=NEW, permission=P.ORGANISATION_EDIT, label=Message("Add organisation"))
EDIT = Verb("edit", on=ANY, permission=P.ORGANISATION_EDIT, label=Message("Edit organisation"), edits="details")
EDIT_INVOICING = Verb(
    "edit_invoicing", on=ANY, permission=P.INVOICING_EDIT, label=Message("Change invoice data"), edits="invoicing"
)
ADD_SITE = Verb("add_site", on=ANY, permission=P.ORGANISATION_EDIT, label=Message("Add site"))
ADD_DEPARTMENT = Verb("add_department", on=ANY, permission=P.ORGANISATION_EDIT, label=Message("Add department"))
ADD_CONTACT = Verb("add_contact", on=ANY, permission=P.ORGANISATION_EDIT, label=Message("Add contact"))
EDIT_CONTACT = Verb("edit_contact", on=ANY, permission=P.ORGANISATION_EDIT, label=Message("Edit contact"))

COMPANY_LIFECYCLE = Lifecycle(Company, None, [FOUND, EDIT_COMPANY])
CENTRE_LIFECYCLE = Lifecycle(Centre, None, [OPEN_CENTRE])
ORGANISATION_LIFECYCLE = Lifecycle(
    Organisation, None, [REGISTER, EDIT, EDIT_INVOICING, ADD_SITE, ADD_DEPARTMENT, ADD_CONTACT, EDIT_CONTACT]
)
