"""The cast: companies, hospitals, dealers, people, products and devices. Tests play with the same people."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Text2
from portal.core.errors import Message
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.core.text import sort_key
from portal.core.verbs import NEW, Act, Verb
from portal.demo.registers import (
    CERTIFICATES,
    DEALERS,
    DEPARTMENTS,
    DEVICES,
    FAMILY_OF,
    HOSPITALS,
    PRODUCTS,
    STAFF,
    Hospital,
)
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.catalog import service as catalog
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.catalog.queries import families
from portal.domain.checklists import seeding as checklists
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.faultcodes import seeding as faultcodes
from portal.domain.labels import service as labels
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import (
    Centre,
    Company,
    ContactFunction,
    Department,
    Locality,
    Organisation,
    OrganisationKind,
    Site,
)
from portal.domain.permissions import P, Role
from portal.domain.policies import seeding
from portal.domain.qualifications import service as qualifications
from portal.domain.ratings import aspects
from portal.domain.servicing import routing

ENROL = Verb("enrol", on=NEW, to=State.ACTIVE, permission=P.ACCOUNT_INVITE, label=Message("Enrol"))
"""Demonstration people need no invitation."""


@dataclass
class Cast:
    """Everything by a short name: `people["officer"]`, `sites["renji-east"]`."""

    company: Company | None = None
    centres: dict[str, Centre] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    departments: dict[tuple[str, str], Department] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    devices: list[Device] = field(default_factory=list)


def make(session: Session, password_hash: str) -> Cast:
    """Make the whole cast inside `writing()`. Every account gets `password_hash`."""
    cast = Cast()
    seeding.install(session)
    routing.install(session)
    faultcodes.install(session)
    checklists.install(session)
    labels.install(session)
    aspects.install(session)
    _company(session, cast)
    _dealers(session, cast)
    for hospital in HOSPITALS:
        _hospital(session, cast, hospital)
    for row in STAFF:
        _person(session, cast, password_hash, *row)
    _contacts(session, cast)
    for row in PRODUCTS:
        _product(session, cast, *row)
    for row in DEVICES:
        _device(session, cast, *row)
    for row in CERTIFICATES:
        _certificate(session, cast, *row)
    return cast


def _company(session: Session, cast: Cast) -> None:
    cast.company = organisations.found(
        session,
        SYSTEM,
        code="RK",
        name=Text2("上海瑞康医疗器械有限公司", "Shanghai Ruikang Medical Devices Co., Ltd."),
        address=Text2("上海市徐汇区宜山路 829 号 3 幢", "Building 3, 829 Yishan Road, Xuhui, Shanghai"),
        phone="400-820-1166",
        licence_number="沪食药监械经营许20190088号",
        legal_roles=["distributor"],
    )
    name = Text2("上海服务中心", "Shanghai service centre")
    cast.centres["shanghai"] = organisations.open_centre(
        session, SYSTEM, company=cast.company, name=name, phone="021-6482 1166"
    )


def _dealers(session: Session, cast: Cast) -> None:
    for key, zh, en, province in DEALERS:
        dealer = organisations.register(
            session, SYSTEM, kind=OrganisationKind.DEALER, name=Text2(zh, en), province=province
        )
        cast.organisations[key] = dealer
        cast.centres[key] = organisations.open_centre(
            session, SYSTEM, company=cast.company, dealer_id=dealer.id, name=Text2(zh, en)
        )


def _hospital(session: Session, cast: Cast, hospital: Hospital) -> None:
    dealer = cast.organisations.get(hospital.dealer)
    organisation = cast.organisations[hospital.key] = organisations.register(
        session,
        SYSTEM,
        kind=OrganisationKind.HOSPITAL,
        name=Text2(hospital.zh, hospital.en),
        nicknames=hospital.nicknames,
        province=hospital.province,
        address=hospital.sites[0].address,
        dealer_id=dealer.id if dealer else None,
    )
    for site in hospital.sites:
        made = cast.sites[site.key] = organisations.add_site(
            session,
            organisation,
            SYSTEM,
            name=Text2(site.zh, site.en),
            address=site.address,
            locality=Locality(site.locality),
        )
        for key, zh, en in DEPARTMENTS:
            department = organisations.add_department(session, made, SYSTEM, name=Text2(zh, en))
            cast.departments[site.key, key] = department


def _person(session: Session, cast: Cast, password_hash: str, key: str, name: str, role: str, where: str) -> None:
    grant = _grant(cast, Role(role), where)
    account = Account(
        email=f"{key}@example.com",
        name=name,
        sort_key=sort_key(name),
        language="en" if name.isascii() else "zh",
        organisation_id=grant.organisation_id or grant.dealer_id,
        password_hash=password_hash,
    )

    def change(act: Act) -> None:
        account.grants.append(grant)

    perform(session, ENROL, account, SYSTEM, change)
    cast.people[key] = account


def _grant(cast: Cast, role: Role, where: str) -> RoleGrant:
    grant = RoleGrant(role=role)
    if role in (Role.CUSTOMER, Role.WARD):
        site = cast.sites.get(where)
        grant.organisation_id = site.organisation_id if site else cast.organisations[where].id
        grant.site_id = site.id if site else None
    elif role is Role.DEALER_DESK:
        grant.dealer_id = cast.organisations[where].id
    elif role is Role.TECHNICIAN:
        grant.centre_id = cast.centres[where].id
        grant.dealer_id = cast.centres[where].dealer_id
    return grant


def _contacts(session: Session, cast: Cast) -> None:
    for key in ("officer", "officer2", "officer3"):
        account = cast.people[key]
        organisations.add_contact(
            session,
            session.get_one(Organisation, account.organisation_id),
            SYSTEM,
            name=account.name,
            function=ContactFunction.EQUIPMENT,
            email=account.email,
            account_id=account.id,
            may_sign=True,
            consent_limit=2_000_000,
        )


def _product(session: Session, cast: Cast, key: str, zh: str, en: str, model: str, *rest: str) -> None:
    registrant, registration, risk_class, udi_di, flags = rest
    cast.products[key] = catalog.list_product(
        session,
        SYSTEM,
        name=Text2(zh, en),
        model=model,
        brand=registrant[:2],
        registrant=registrant,
        registration_number=registration,
        risk_class=RiskClass(risk_class),
        family_id=next((f.id for f in families(session) if f.code == FAMILY_OF.get(key)), None),
        udi_di=udi_di,
        **dict.fromkeys(flags.split(), True),
    )


def _device(session: Session, cast: Cast, product: str, serial: str, site: str, department: str, age: int) -> None:
    place = cast.sites[site]
    centre = next(
        (c for c in cast.centres.values() if c.dealer_id and c.dealer_id == place.organisation.dealer_id),
        cast.centres["shanghai"],
    )
    accepted = clock.now().date() - timedelta(days=age)
    cast.devices.append(
        devices.register(
            session,
            SYSTEM,
            product=cast.products[product],
            site=place,
            centre=centre,
            department=cast.departments[site, department],
            serial=serial,
            asset_number=f"ZC{serial[-6:]}",
            udi_pi=f"(21){serial}",
            made_on=accepted - timedelta(days=120),
            sold_on=accepted - timedelta(days=30),
            installed_on=accepted - timedelta(days=7),
            accepted_on=accepted,
            labour_until=_year_after(accepted),
            parts_until=_year_after(accepted),
            travel_until=_year_after(accepted),
        )
    )


def _certificate(session: Session, cast: Cast, who: str, subject: str, years_left: int) -> None:
    """Begun long before anything that is told of them."""
    today = clock.now().date()
    account, product = cast.people[who], cast.products.get(subject)
    qualifications.record(
        session,
        account,
        SYSTEM,
        product or RiskClass(subject),
        certificate_number=f"PX-{account.id:03d}-{product.model if product else subject}",
        valid_from=today - timedelta(days=3 * 365),
        valid_until=today + timedelta(days=365 * years_left - 1),
    )


def _year_after(day: date) -> date:
    return day + timedelta(days=365)
