"""Lists of organisations, and what belongs to one."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core.db import Text2
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.organisations.models import Centre, Company, Contact, Organisation, OrganisationKind, Site
from portal.domain.permissions import P

T = Organisation.__table__

ORGANISATIONS = Listing(
    columns=(T.c.id, T.c.uid, T.c.name, T.c.kind, T.c.province, T.c.tier),
    source=T,
    key=T.c.sort_key,
    id=T.c.id,
    newest_first=False,
)
"""id, uid, name, kind, province, tier."""


def organisations(
    session: Session, person: Person, *, kind: OrganisationKind | None = None, cursor: str | None = None
) -> Page:
    """Organisations that `person` may see, by name; rows as ORGANISATIONS says."""
    conditions = [T.c.kind == kind] if kind else []
    return page(session, ORGANISATIONS, arms(person, Organisation, P.ORGANISATION_SEE), conditions, cursor)


def hospitals(session: Session, person: Person, limit: int = 100) -> Sequence[tuple[int, str, Text2]]:
    """(id, uid, name) of the first hospitals that `person` may see, by name: to choose one from."""
    reach = arms(person, Organisation, P.ORGANISATION_SEE)
    if not reach:
        return []
    statement = sa.select(T.c.id, T.c.uid, T.c.name).where(sa.or_(*reach), T.c.kind == OrganisationKind.HOSPITAL)
    return session.execute(statement.order_by(T.c.sort_key, T.c.id).limit(limit)).all()


def served_by(session: Session, dealer: Organisation, limit: int = 100) -> list[Organisation]:
    """The organisations that a dealer looks after, by name."""
    statement = sa.select(Organisation).where(Organisation.dealer_id == dealer.id)
    return list(session.execute(statement.order_by(Organisation.sort_key, Organisation.id).limit(limit)).scalars())


def dealers(session: Session, limit: int = 100) -> list[Organisation]:
    """The dealers, by name."""
    statement = sa.select(Organisation).where(Organisation.kind == OrganisationKind.DEALER)
    return list(session.execute(statement.order_by(Organisation.sort_key, Organisation.id).limit(limit)).scalars())


def centres_for(session: Session, organisation: Organisation) -> list[Centre]:
    """The service centres that may serve an organisation: our own, and those of its dealer, which come first."""
    nearest = sa.or_(Centre.dealer_id.is_(None), Centre.dealer_id == organisation.dealer_id)
    statement = sa.select(Centre).where(nearest).options(joinedload(Centre.company))
    return list(session.execute(statement.order_by(Centre.dealer_id.is_(None), Centre.id)).scalars())


def first_company(session: Session) -> Company:
    """The operator's first company."""
    return session.scalars(sa.select(Company).order_by(Company.id).limit(1)).one()


def currency(session: Session) -> str:
    """The currency in which limits of consent are held: that of the operator's first company."""
    return session.execute(sa.select(Company.currency).order_by(Company.id).limit(1)).scalar_one_or_none() or "CNY"


def places() -> list[Any]:
    """Loader options: the sites and their departments."""
    return [selectinload(Organisation.sites).joinedload(Site.departments)]


def whole() -> list[Any]:
    """Loader options for an organisation's page."""
    contacts = selectinload(Organisation.contacts).joinedload(Contact.department)
    return [joinedload(Organisation.dealer), *places(), contacts]


def centres_of(session: Session, visible: sa.ColumnElement[bool], limit: int = 50) -> list[Centre]:
    """The service centres that a person may see by the condition `visible`, our own first."""
    found = sa.select(Centre).where(visible).order_by(Centre.dealer_id.is_not(None), Centre.id)
    return list(session.scalars(found.limit(limit)))
