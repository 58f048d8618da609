"""Hospitals, dealers and suppliers: the list, and the page of one with its sites and people."""

from decimal import Decimal
from typing import Any

from flask import g, request, url_for
from flask_babel import format_currency
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.forms import DepartmentForm, NewOrganisationForm, OrganisationForm, SiteForm
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.devices import queries as devices
from portal.domain.organisations import queries, service
from portal.domain.organisations.models import Contact, Locality, Organisation, OrganisationKind, Site
from portal.domain.permissions import P
from portal.domain.servicing import queries as servicing
from portal.domain.servicing.words import OPEN_REQUESTS
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.stale import conflict

SHOWN = 10


@door.page("/organisations", access=P.ORGANISATION_SEE)
def organisations():
    """All organisations by name."""
    kind = _kind()
    found = queries.organisations(db.session, g.person, kind=kind, cursor=request.args.get("at"))
    ids = [row[0] for row in found.rows]
    units = devices.counts(db.session, g.person, ids)
    open_ones = servicing.open_counts(db.session, g.person, ids)
    return render(
        "office/organisations.html",
        rows=[(*row[1:], units.get(row[0], 0), open_ones.get(row[0], 0)) for row in found.rows],
        chips=[chip(_("Kind"), "kind", [("", _("All")), *((kind.value, say(kind)) for kind in OrganisationKind)])],
        pager=pager(found),
        clear=address(kind=None) if kind else None,
    )


def _kind() -> OrganisationKind | None:
    value = request.args.get("kind")
    return OrganisationKind(value) if value in set(OrganisationKind) else None


def load(uid: str) -> Organisation:
    """The organisation with its sites and contacts. Raises NotYours."""
    return find(db.session, Organisation, g.person, P.ORGANISATION_SEE, *queries.whole(), uid=uid)


@door.page("/organisations/<uid>", access=P.ORGANISATION_SEE)
def organisation(uid: str):
    """One organisation: where it is, who may sign and consent, what we serve there."""
    return page(uid)


def page(uid: str, status: int = 200, block: str | None = None, **forms: PortalForm) -> Any:
    """The page, or its block. `forms`: those that were sent and are shown again, by name."""
    record = load(uid)
    open_ones = servicing.requests(db.session, g.person, states=OPEN_REQUESTS, organisation_id=record.id, size=SHOWN)
    units = devices.devices(db.session, g.person, organisation_id=record.id, size=SHOWN)
    return render(
        "office/organisation.html",
        block,
        status,
        record=record,
        contacts=_contacts(record),
        requests=open_ones,
        devices=units,
        served=queries.served_by(db.session, record) if record.kind is OrganisationKind.DEALER else [],
        may_edit=g.person.can(P.ORGANISATION_EDIT, record),
        stale=conflict(forms.get("details"), record, "details"),
        **_forms(record, forms),
    )


def _contacts(record: Organisation) -> list[tuple[Contact, str | None]]:
    """Each contact with the amount up to which they may consent, in words."""
    currency = queries.currency(db.session)
    return [(contact, _amount(contact.consent_limit, currency)) for contact in record.contacts]


def _amount(minor: int | None, currency: str) -> str | None:
    return None if minor is None else format_currency(Decimal(minor) / 100, currency)


def _forms(record: Organisation, sent: dict[str, PortalForm]) -> dict[str, PortalForm]:
    """Every form of the page, each with ids of its own."""
    forms = {
        "details": sent.get("details") or _details(record),
        "site": sent.get("site") or SiteForm(formdata=None),
        "department": sent.get("department") or offer_sites(DepartmentForm(formdata=None), record),
    }
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"
    return {f"{name}_form": form for name, form in forms.items()}


def _details(record: Organisation) -> OrganisationForm:
    form = OrganisationForm(formdata=None, obj=record, name_zh=record.name.zh, name_en=record.name.en)
    form.base_version.data = str(record.details_version)
    return form


def offer_sites(form: DepartmentForm, record: Organisation) -> DepartmentForm:
    """Let the form choose among the organisation's sites."""
    form.site.choices = [(site.uid, say(site.name)) for site in record.sites]
    return form


@door.form("/organisations/new", access=P.ORGANISATION_EDIT, endpoint="new_organisation")
def new():
    """Add a hospital, dealer or supplier."""
    form = NewOrganisationForm()
    dealers = queries.dealers(db.session)
    form.dealer.choices = [("", _("Ourselves")), *((dealer.uid, say(dealer.name)) for dealer in dealers)]
    if not form.is_submitted():
        return _new_page(form, 200)
    dealer_id = next((dealer.id for dealer in dealers if dealer.uid == form.dealer.data), None)

    def act(session):
        facts = form.facts() | {"kind": OrganisationKind(form.kind.data)}
        del facts["dealer"]
        made = service.register(session, g.person, dealer_id=dealer_id, **facts)
        return url_for("office.organisation", uid=made.uid)

    return submit(form, act, lambda status: _new_page(form, status), done=_("The organisation is added."))


def _new_page(form: PortalForm, status: int) -> Any:
    return render("office/organisation_new.html", "new", status, form=form)


@door.verb("/organisations/<uid>/edit", access=P.ORGANISATION_EDIT, endpoint="edit_organisation")
def edit(uid: str):
    """Change what is known of it."""
    record_id, form = load(uid).id, OrganisationForm()

    def act(session):
        service.edit(session, session.get_one(Organisation, record_id), g.person, form.version, **form.facts())
        return url_for("office.organisation", uid=uid)

    again = lambda status: page(uid, status, "details", details=form)  # noqa: E731
    return submit(form, act, again, done=_("The organisation is saved."))


@door.verb("/organisations/<uid>/sites", access=P.ORGANISATION_EDIT)
def add_site(uid: str):
    """Add a campus or branch."""
    record_id, form = load(uid).id, SiteForm()

    def act(session):
        record = session.get_one(Organisation, record_id)
        service.add_site(session, record, g.person, **form.facts() | {"locality": Locality(form.locality.data)})
        return url_for("office.organisation", uid=uid, _anchor="sites")

    return submit(form, act, lambda status: page(uid, status, "sites", site=form), done=_("The site is added."))


@door.verb("/organisations/<uid>/departments", access=P.ORGANISATION_EDIT)
def add_department(uid: str):
    """Add a ward or department to a site."""
    record = load(uid)
    form = offer_sites(DepartmentForm(), record)
    site_id = next((site.id for site in record.sites if site.uid == form.site.data), None)

    def act(session):
        if site_id is None:
            raise NotYours()
        facts = form.facts()
        del facts["site"]
        service.add_department(session, session.get_one(Site, site_id), g.person, **facts)
        return url_for("office.organisation", uid=uid, _anchor="sites")

    again = lambda status: page(uid, status, "sites", department=form)  # noqa: E731
    return submit(form, act, again, done=_("The department is added."))
