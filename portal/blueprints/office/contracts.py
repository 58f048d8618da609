"""Contracts: which policy was promised to whom, by which calendar, from when to when, and what they pay."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload
from wtforms import BooleanField, DateField, DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.blueprints.office import door
from portal.blueprints.office.promise_tabs import tabs
from portal.core import clock
from portal.core.db import db
from portal.core.deadlines import VersionState
from portal.core.permissions import find
from portal.domain.organisations.models import Organisation, OrganisationKind
from portal.domain.permissions import P
from portal.domain.policies import queries, registers, rules
from portal.domain.policies.models import ServiceContract, ServicePolicy, Subject
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.stale import conflict

LARGEST = 99_999_999
HUNDRED = 100
SHARES = ("labour_share", "parts_share", "travel_share")


def _share(label: Any) -> IntegerField:
    return IntegerField(label, [Optional(), NumberRange(0, HUNDRED)], default=0)


class TermsForm(PortalForm):
    """What a contract says about promised times, cover, prices and consent."""

    policy = SelectField(_l("Policy"), [InputRequired()])
    calendar = SelectField(_l("Calendar"), default="")
    starts_on = DateField(_l("Valid from"), [InputRequired()])
    ends_on = DateField(_l("Valid until, this day included"), [InputRequired()])
    labour_share = _share(_l("Labour paid"))
    parts_share = _share(_l("Parts paid"))
    travel_share = _share(_l("Travel paid"))
    visits_a_year = IntegerField(_l("Visits a year"), [Optional(), NumberRange(0, 999)])
    lends_device = BooleanField(_l("Promises a loaner"))
    price_terms = SelectField(_l("Where cover does not pay"), default="")
    standing_consent = BooleanField(_l("Consents to repairs beforehand"))
    standing_limit = DecimalField(
        _l("Up to this amount a repair, with tax"), [Optional(), NumberRange(0, LARGEST)], places=2
    )
    standing_clause = TextAreaField(_l("Words of the contract"), [Length(max=2000)])

    def offer(self) -> None:
        """Let policies and calendars be chosen."""
        self.policies = {p.key: p for p in queries.policies(db.session()) if p.subject is Subject.SERVICE}
        self.policy.choices = [(key, _policy_words(p)) for key, p in self.policies.items()]
        self.calendars = {c.uid: c for c, _centre, _versions in registers.calendars(db.session())}
        own = ("", _("that of the service centre"))
        self.price_terms_by = {t.key: t for t in registers.price_terms(db.session())}
        usual = ("", _("as for all others"))
        self.price_terms.choices = [usual, *((key, say(t.name)) for key, t in self.price_terms_by.items())]
        self.calendar.choices = [own, *((uid, say(c.name)) for uid, c in self.calendars.items())]

    def terms(self) -> dict[str, Any]:
        """As a contract keeps them."""
        calendar = self.calendars.get(self.calendar.data)
        prices = self.price_terms_by.get(self.price_terms.data)
        return {
            **{name: self[name].data or 0 for name in SHARES},
            "visits_a_year": self.visits_a_year.data,
            "lends_device": self.lends_device.data,
            "price_terms_id": prices and prices.id,
            "standing_consent": self.standing_consent.data,
            "standing_limit": int((self.standing_limit.data or 0) * HUNDRED),
            "standing_clause": self.standing_clause.data or "",
            "policy_id": self.policies[self.policy.data].id,
            "calendar_id": calendar and calendar.id,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
        }

    def fill(self, contract: ServiceContract) -> None:
        """Show a contract as it stands."""
        self.base_version.data = str(contract.terms_version)
        self.policy.data, self.starts_on.data, self.ends_on.data = (
            contract.policy.key,
            contract.starts_on,
            contract.ends_on,
        )
        for name in (*SHARES, "visits_a_year", "lends_device", "standing_consent", "standing_clause"):
            self[name].data = getattr(contract, name)
        self.price_terms.data = contract.price_terms.key if contract.price_terms else ""
        self.standing_limit.data = Decimal(contract.standing_limit) / HUNDRED if contract.standing_consent else None
        self.calendar.data = next((uid for uid, c in self.calendars.items() if c.id == contract.calendar_id), "")


class NewContractForm(TermsForm):
    """The same, with what cannot be changed later."""

    number = StringField(_l("Contract number"), [DataRequired(), Length(max=60)])
    party = SelectField(_l("Customer"), [InputRequired()])

    def offer(self) -> None:
        """Let hospitals and their sites be chosen, too."""
        super().offer()
        hospitals = _hospitals()
        self.parties = {o.uid: (o.id, None) for o in hospitals}
        self.parties |= {site.uid: (o.id, site.id) for o in hospitals for site in o.sites}
        self.party.choices = [choice for o in hospitals for choice in _party(o)]

    def terms(self) -> dict[str, Any]:
        """`site_id` None is the whole hospital."""
        organisation_id, site_id = self.parties[self.party.data]
        number = self.number.data.strip()
        return super().terms() | {"number": number, "organisation_id": organisation_id, "site_id": site_id}


def _hospitals() -> list[Organisation]:
    found = sa.select(Organisation).where(Organisation.kind == OrganisationKind.HOSPITAL)
    return list(db.session.scalars(found.options(selectinload(Organisation.sites)).order_by(Organisation.sort_key)))


def _party(hospital: Organisation) -> list[tuple[str, str]]:
    """The whole hospital, and each of its sites where it has several."""
    name = say(hospital.name)
    sites = hospital.sites if len(hospital.sites) > 1 else []
    return [(hospital.uid, name), *((site.uid, f"{name} · {say(site.name)}") for site in sites)]


def _policy_words(policy: ServicePolicy) -> str:
    name = say(policy.name)
    return name if _holds(policy) else _("%(policy)s (not in force)", policy=name)


def _holds(policy: ServicePolicy) -> bool:
    return any(version.state is VersionState.IN_FORCE for version in policy.versions)


@door.page("/contracts", access=P.POLICY_SEE)
def contracts():
    """All contracts, with what holds today."""
    today = clock.now().date()
    rows = [(c, o, site, _state(c, today)) for c, o, site in registers.contract_rows(db.session(), g.person)]
    return render("office/contracts.html", tabs=tabs(), rows=rows)


def _state(contract: ServiceContract, today: date) -> tuple[str, str]:
    """Whether it holds, in a word, with its tone."""
    if contract.ends_on < today:
        return _("over"), "muted"
    if not _holds(contract.policy):
        return _("policy not in force"), "warn"
    return (_("holds"), "good") if contract.starts_on <= today else (_("not begun"), "neutral")


@door.form("/contracts/new", access=P.POLICY_EDIT, endpoint="new_contract")
def new():
    """Add a contract."""
    form = NewContractForm()
    form.offer()
    page = lambda status: render("office/contract_new.html", "new", status, form=form)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        rules.sign_contract(session, g.person, **form.terms())
        return url_for("office.contracts")

    return submit(form, act, page, done=_("The contract is added. It holds for new cases."))


@door.form("/contracts/<uid>", access=P.POLICY_EDIT, endpoint="contract")
def contract(uid: str):
    """Change what a contract says. Its number and its customer stay."""
    record, form = _load(uid), TermsForm()
    form.offer()
    if not form.is_submitted():
        form.fill(record)
        return _page(record, form)
    record_id = record.id

    def act(session):
        kept = session.get_one(ServiceContract, record_id)
        rules.amend_contract(session, kept, g.person, form.version, **form.terms())
        return url_for("office.contracts")

    again = lambda status: _page(_load(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The contract is saved. It holds for new cases."))


def _load(uid: str) -> ServiceContract:
    return find(db.session, ServiceContract, g.person, P.POLICY_EDIT, uid=uid)


def _page(record: ServiceContract, form: TermsForm, status: int = 200) -> Any:
    stale = conflict(form, record, "terms", "amend")
    customer = db.session.get_one(Organisation, record.organisation_id).name
    return render("office/contract.html", "contract", status, record=record, customer=customer, form=form, stale=stale)
