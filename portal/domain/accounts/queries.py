"""Lists of accounts, and what an account page shows beside the account."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.db import Text2
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.accounts.roles import PLACES, Place
from portal.domain.organisations.models import Centre, Organisation, OrganisationKind, Site
from portal.domain.permissions import P, Role

A, O = Account.__table__, Organisation.__table__  # noqa: E741
MOST_PLACES = 1000

PEOPLE = Listing(
    columns=(A.c.id, A.c.uid, A.c.name, A.c.email, A.c.state, O.c.name.label("organisation")),
    source=A.outerjoin(O, O.c.id == A.c.organisation_id),
    key=A.c.sort_key,
    id=A.c.id,
    newest_first=False,
)
"""id, uid, name, e-mail, state, organisation name (None for own staff)."""


def people(
    session: Session,
    person: Person,
    *,
    state: State | None = None,
    role: Role | None = None,
    organisation_uid: str = "",
    cursor: str | None = None,
) -> Page:
    """Accounts that `person` may see, by name; rows as PEOPLE says. `organisation_uid` "own": our own staff."""
    conditions = []
    if state is not None:
        conditions.append(A.c.state == state)
    if role is not None:
        holders = sa.select(RoleGrant.account_id).where(RoleGrant.role == role, RoleGrant.ended_at.is_(None))
        conditions.append(A.c.id.in_(holders))
    if organisation_uid == "own":
        conditions.append(A.c.organisation_id.is_(None))
    elif organisation_uid:
        conditions.append(O.c.uid == organisation_uid)
    return page(session, PEOPLE, arms(person, Account, P.ACCOUNT_SEE), conditions, cursor)


def roles_of(session: Session, account_ids: Iterable[int]) -> dict[int, list[Role]]:
    """account id → the roles in force, each once."""
    held: dict[int, list[Role]] = defaultdict(list)
    grants = sa.select(RoleGrant.account_id, RoleGrant.role).where(
        RoleGrant.account_id.in_(list(account_ids)), RoleGrant.ended_at.is_(None)
    )
    for account_id, role in session.execute(grants.order_by(RoleGrant.id)):
        if role not in held[account_id]:
            held[account_id].append(role)
    return held


def employers(session: Session) -> list[Organisation]:
    """The organisations that have accounts, by name."""
    having = sa.select(Account.organisation_id).where(Account.organisation_id.is_not(None))
    found = sa.select(Organisation).where(Organisation.id.in_(having)).order_by(Organisation.sort_key, Organisation.id)
    return list(session.scalars(found.limit(MOST_PLACES)))


def fitting_roles(employer: Organisation | None) -> list[Role]:
    """The roles that people of this organisation may hold; with None those of our own staff."""
    match employer.kind if employer else None:
        case None:
            return [role for role in Role if PLACES.get(role) in (None, "centre")]
        case OrganisationKind.HOSPITAL:
            return [Role.CUSTOMER, Role.WARD]
        case OrganisationKind.DEALER:
            return [Role.DEALER_DESK, Role.TECHNICIAN]
        case _:
            return []


def places(session: Session, role: Role, *conditions: sa.ColumnElement[bool]) -> Sequence[Place]:
    """The places that `role` can be given for, by name; none for a role that reaches the whole house."""
    match PLACES.get(role):
        case "organisation":
            found = _organisations(OrganisationKind.HOSPITAL)
        case "dealer":
            found = _organisations(OrganisationKind.DEALER)
        case "site":
            found = sa.select(Site).join(Organisation).where(Organisation.kind == OrganisationKind.HOSPITAL)
            found = found.options(joinedload(Site.organisation)).order_by(Organisation.sort_key, Site.id)
        case "centre":
            found = sa.select(Centre).order_by(Centre.id)
        case _:
            return []
    return session.scalars(found.where(*conditions).limit(MOST_PLACES)).all()


def _organisations(kind: OrganisationKind) -> sa.Select[tuple[Organisation]]:
    return sa.select(Organisation).where(Organisation.kind == kind).order_by(Organisation.sort_key, Organisation.id)


def of_employer(role: Role, employer_id: int | None) -> sa.ColumnElement[bool]:
    """Narrows `places` to those whose people the account's organisation employs."""
    match PLACES[role]:
        case "site":
            return Site.organisation_id == employer_id
        case "centre":
            return Centre.dealer_id == employer_id
        case _:
            return Organisation.id == employer_id


def place_names(session: Session, grant: RoleGrant) -> list[Text2]:
    """Where a grant holds, from the widest to the narrowest; empty: in the whole house."""
    ids = ((Organisation, grant.organisation_id), (Site, grant.site_id), (Centre, grant.centre_id))
    named = [session.get_one(model, place_id).name for model, place_id in ids if place_id is not None]
    if grant.dealer_id is not None and grant.centre_id is None:
        named.append(session.get_one(Organisation, grant.dealer_id).name)
    return named
