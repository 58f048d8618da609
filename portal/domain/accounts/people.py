"""From an account to the person who acts, and from a permission to the people who hold it."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.core.permissions import Grant, Person
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.permissions import RULES, P, Role, Scope

GRANT_COLUMNS = {
    Scope.ORGANISATION: RoleGrant.organisation_id,
    Scope.SITE: RoleGrant.site_id,
    Scope.DEALER: RoleGrant.dealer_id,
    Scope.CENTRE: RoleGrant.centre_id,
}

STAFF_ROLES = frozenset(Role) - {Role.CUSTOMER, Role.WARD}


def person_of(account: Account) -> Person:
    """The acting person behind an account, with the grants that are in force."""
    return Person(
        id=account.id,
        name=account.name,
        language=account.language,
        zone=account.zone,
        grants=tuple(_grant(grant, account) for grant in account.grants if grant.ended_at is None),
        rules=RULES,
        subject=f"person:{account.id}",
    )


def _grant(grant: RoleGrant, account: Account) -> Grant:
    reach: dict[str, frozenset[int]] = {
        Scope.OWN: frozenset({account.id}),
        Scope.ASSIGNED: frozenset({account.id}),
    }
    for scope, column in GRANT_COLUMNS.items():
        value = getattr(grant, column.key)
        if value is not None:
            reach[scope] = frozenset({value})
    return Grant(grant.role, reach)


def load(session: Session, account_id: int) -> Account | None:
    """The account with its grants, in two statements."""
    return session.get(Account, account_id, options=[selectinload(Account.grants)])


def holders(session: Session, permission: P, record: Any, roles: Iterable[Role] | None = None) -> list[Account]:
    """The active accounts that hold `permission` for `record`, in the order they were made."""
    statement = sa.select(Account).where(held_for(permission, record, roles)).order_by(Account.id)
    return list(session.execute(statement).scalars())


def held_for(permission: P, record: Any, roles: Iterable[Role] | None = None) -> sa.ColumnElement[bool]:
    """The condition on accounts: active, and holding `permission` for `record`."""
    wanted = set(roles) if roles is not None else set(Role)
    reaches = [
        sa.and_(RoleGrant.role == role, _reaches(scope, record))
        for role, scope in RULES[permission].items()
        if role in wanted
    ]
    granted = sa.select(RoleGrant.account_id).where(RoleGrant.ended_at.is_(None), sa.or_(sa.false(), *reaches))
    return sa.and_(Account.state == State.ACTIVE, Account.id.in_(granted))


def _reaches(scope: Scope, record: Any) -> sa.ColumnElement[bool]:
    if scope is Scope.ALL:
        return sa.true()
    column = record.scope_columns.get(scope)
    value = getattr(record, column) if column else None
    if value is None:
        return sa.false()
    held = RoleGrant.account_id if scope in (Scope.OWN, Scope.ASSIGNED) else GRANT_COLUMNS[scope]
    return held == value
