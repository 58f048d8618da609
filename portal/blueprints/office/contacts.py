"""People at an organisation, with the rights to sign and to consent."""

from decimal import Decimal
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.forms import ContactForm
from portal.blueprints.office.organisations import load
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.organisations import queries, service
from portal.domain.organisations.lifecycle import EDIT_CONTACT
from portal.domain.organisations.models import Contact, ContactFunction, Organisation
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.stale import compare
from portal.web.trail import doer

MINOR = 100
"""Minor units of the currency in one unit."""


@door.form("/organisations/<uid>/contacts/new", access=P.ORGANISATION_EDIT)
def new_contact(uid: str):
    """Add a contact."""
    record = load(uid)
    record_id, form = record.id, _offer(ContactForm(), record)
    if not form.is_submitted():
        return _page(uid, form, 200)
    places = _places(record)

    def act(session):
        values = _values(form, places)
        service.add_contact(session, session.get_one(Organisation, record_id), g.person, **values)
        return url_for("office.organisation", uid=uid, _anchor="contacts")

    return submit(form, act, lambda status: _page(uid, form, status), done=_("The contact is added."))


@door.form("/organisations/<uid>/contacts/<contact_uid>", access=P.ORGANISATION_EDIT)
def edit_contact(uid: str, contact_uid: str):
    """Change a contact or its rights."""
    record = load(uid)
    contact = _of(record, contact_uid)
    contact_id, form = contact.id, _offer(_filled(contact), record)
    if not form.is_submitted():
        return _page(uid, form, 200, contact_uid)
    places = _places(record)

    def act(session):
        contact = session.get_one(Contact, contact_id)
        service.edit_contact(session, contact, g.person, form.version, **_values(form, places))
        return url_for("office.organisation", uid=uid, _anchor="contacts")

    again = lambda status: _page(uid, form, status, contact_uid)  # noqa: E731
    return submit(form, act, again, done=_("The contact is saved."))


def _of(record: Organisation, contact_uid: str) -> Contact:
    contact = next((contact for contact in record.contacts if contact.uid == contact_uid), None)
    if contact is None:
        raise NotYours()
    return contact


def _filled(contact: Contact) -> ContactForm:
    department = contact.department.uid if contact.department else ""
    kept = {"name": contact.name, "phone": contact.phone, "email": contact.email, "may_sign": contact.may_sign}
    version, limit = contact.details_version, _in_units(contact.consent_limit)
    return ContactForm(
        version=version, function=contact.function.value, department=department, consent_limit=limit, **kept
    )


def _in_units(minor: int | None) -> Decimal | None:
    return None if minor is None else Decimal(minor) / MINOR


def _offer(form: ContactForm, record: Organisation) -> ContactForm:
    """Let the form choose among the organisation's departments."""
    form.department.choices = [("", "—"), *_departments(record)]
    return form


def _departments(record: Organisation) -> list[tuple[str, str]]:
    return [
        (department.uid, f"{say(site.name)} · {say(department.name)}")
        for site in record.sites
        for department in site.departments
    ]


def _places(record: Organisation) -> dict[str, tuple[int, int]]:
    """Department's uid → its id and that of its site."""
    return {each.uid: (each.id, site.id) for site in record.sites for each in site.departments}


def _values(form: ContactForm, places: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """What was typed, as the contact keeps it: the department's id, its site, the limit in minor units."""
    department_id, site_id = places.get(form.department.data, (None, None))
    limit = form.consent_limit.data
    return form.values("department") | {
        "function": ContactFunction(form.function.data),
        "department_id": department_id,
        "site_id": site_id,
        "consent_limit": None if limit is None else int(limit * MINOR),
    }


def _conflict(form: ContactForm, contact: Contact | None, record: Organisation) -> dict[str, Any] | None:
    """What stands now beside what was typed, and who saved it; None where nobody was faster."""
    if form.stale is None or contact is None:
        return None
    places = dict(_departments(record))
    form.stale.current = form.stale.current | {
        "function": contact.function.label,
        "department": places.get(contact.department.uid) if contact.department else None,
        "consent_limit": _in_units(contact.consent_limit),
    }
    entry = trail.last(db.session, record, EDIT_CONTACT.name)
    rows = compare(form, contact.details_version)
    return {"rows": rows, "who": doer(entry, entry.facts), "at": entry.at} if entry else {"rows": rows}


def _page(uid: str, form: ContactForm, status: int, contact_uid: str = "") -> Any:
    record = load(uid)
    contact = _of(record, contact_uid) if contact_uid else None
    return render(
        "office/contact.html",
        "contact",
        status,
        record=record,
        form=form,
        currency=queries.currency(db.session),
        contact=contact,
        stale=_conflict(form, contact, record),
    )
