"""Keeping the register of companies, centres and organisations."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.errors import Message, NotValid
from portal.core.perform import perform, require_version
from portal.core.permissions import Person
from portal.core.text import sort_key
from portal.core.verbs import Act, setting
from portal.domain.organisations import lifecycle
from portal.domain.organisations.models import Centre, Company, Contact, Department, InvoiceKind, Organisation, Site


def found(session: Session, person: Person, **values: Any) -> Company:
    """Add an own company."""
    return perform(session, lifecycle.FOUND, Company(**values), person).record


def edit_company(session: Session, company: Company, person: Person, base_version: int, **values: Any) -> None:
    """Change a company's letterhead."""
    perform(session, lifecycle.EDIT_COMPANY, company, person, setting(values), base_version=base_version)


def open_centre(session: Session, person: Person, **values: Any) -> Centre:
    """Add a service centre."""
    return perform(session, lifecycle.OPEN_CENTRE, Centre(**values), person).record


def register(session: Session, person: Person, **values: Any) -> Organisation:
    """Add a hospital, dealer or supplier."""
    organisation = Organisation(sort_key=sort_key(values["name"]), **values)
    return perform(session, lifecycle.REGISTER, organisation, person).record


def edit(session: Session, organisation: Organisation, person: Person, base_version: int, **values: Any) -> None:
    """Change an organisation's details."""
    if "name" in values:
        values["sort_key"] = sort_key(values["name"])
    perform(session, lifecycle.EDIT, organisation, person, setting(values), base_version=base_version)


def edit_invoicing(
    session: Session, organisation: Organisation, person: Person, base_version: int, **values: Any
) -> None:
    """Change what invoices say of an organisation. Raises NotValid where a special invoice lacks what it needs."""
    if values["invoice_kind"] is InvoiceKind.SPECIAL:
        needed = ("invoice_title", "tax_number", "invoice_address", "invoice_bank")
        missing = [name for name in needed if not values[name].strip()]
        if missing:
            raise NotValid(**dict.fromkeys(missing, Message("A special VAT invoice needs this.")))
    perform(session, lifecycle.EDIT_INVOICING, organisation, person, setting(values), base_version=base_version)


def add_site(session: Session, organisation: Organisation, person: Person, **values: Any) -> Site:
    """Add a campus or branch."""
    site = Site(organisation_id=organisation.id, **values)
    perform(session, lifecycle.ADD_SITE, organisation, person, lambda act: session.add(site))
    return site


def add_department(session: Session, site: Site, person: Person, **values: Any) -> Department:
    """Add a ward or department to a site."""
    department = Department(site_id=site.id, **values)
    perform(session, lifecycle.ADD_DEPARTMENT, site.organisation, person, lambda act: session.add(department))
    return department


def add_contact(session: Session, organisation: Organisation, person: Person, **values: Any) -> Contact:
    """Add a contact with its rights."""
    contact = Contact(organisation_id=organisation.id, **values)
    perform(session, lifecycle.ADD_CONTACT, organisation, person, lambda act: session.add(contact))
    return contact


def edit_contact(session: Session, contact: Contact, person: Person, base_version: int, **values: Any) -> None:
    """Change a contact or its rights. Raises Stale where somebody changed them since `base_version`."""

    def change(act: Act) -> None:
        act.session.refresh(contact)  # read before its organisation was locked
        require_version(contact, "details", base_version)
        contact.details_version += 1
        for name, value in values.items():
            setattr(contact, name, value)

    perform(session, lifecycle.EDIT_CONTACT, contact.organisation, person, change)
