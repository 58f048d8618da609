"""A hospital's equipment department looks after its ward users itself (INT-15): these alone, and only its own."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.listing import Page, page
from portal.core.perform import perform
from portal.core.permissions import Person, arms
from portal.domain.accounts import lifecycle, service
from portal.domain.accounts.models import Account, RoleGrant
from portal.domain.accounts.queries import PEOPLE
from portal.domain.organisations.models import Site
from portal.domain.permissions import P, Role


def invite(session: Session, person: Person, *, email: str, name: str, site: Site, **values: Any) -> Account:
    """Make an account of a ward user at `site` and mail the invitation to it. Raises NotValid, NotAllowed."""
    account = service.fresh(session, email, name, Role.WARD, site, **values)
    try:
        return perform(session, lifecycle.INVITE_WARD_USER, account, person).record
    except IntegrityError as error:  # two invited the same address at the same moment
        raise service.taken() from error


def invite_again(session: Session, account: Account, person: Person) -> None:
    """Mail a fresh invitation; the earlier link stops working."""
    perform(session, lifecycle.INVITE_WARD_USER_AGAIN, account, person)


def disable(session: Session, account: Account, person: Person, reason: str) -> None:
    """Close the account: its sessions and links end in the same transaction."""
    perform(session, lifecycle.DISABLE_WARD_USER, account, person, service.close, reason=reason)


def enable(session: Session, account: Account, person: Person) -> None:
    """Open a disabled account again."""
    perform(session, lifecycle.ENABLE_WARD_USER, account, person)


def listed(session: Session, person: Person, cursor: str | None = None) -> Page:
    """The ward users that `person` looks after, by name; rows as PEOPLE says."""
    return page(session, PEOPLE, arms(person, Account, P.WARD_USER_MANAGE), [are_ward_users()], cursor)


def are_ward_users() -> sa.ColumnElement[bool]:
    """The condition on accounts: ward users and nothing more."""
    holding = sa.select(RoleGrant.account_id).where(RoleGrant.ended_at.is_(None))
    more = holding.where(RoleGrant.role != Role.WARD)
    return sa.and_(Account.id.in_(holding.where(RoleGrant.role == Role.WARD)), Account.id.not_in(more))


def is_one(account: Account) -> bool:
    """The same of one account."""
    return {grant.role for grant in account.grants if grant.ended_at is None} == {Role.WARD}


def sites_of(session: Session, account_ids: list[int]) -> dict[int, list[Site]]:
    """account id → the sites that its ward roles hold for."""
    found: dict[int, list[Site]] = {account_id: [] for account_id in account_ids}
    statement = sa.select(RoleGrant.account_id, Site).join(Site, Site.id == RoleGrant.site_id)
    statement = statement.where(RoleGrant.account_id.in_(account_ids), RoleGrant.ended_at.is_(None))
    for account_id, site in session.execute(statement.order_by(RoleGrant.id)):
        found[account_id].append(site)
    return found
