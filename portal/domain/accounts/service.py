"""What can be done with accounts beyond the rows of their verbs: inviting, passwords, roles, an end.

Passwords come in as hashes: hashing takes long and happens before `writing()`.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotNow, NotValid
from portal.core.notices import notify
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.text import sort_key
from portal.core.verbs import Act, setting
from portal.domain.accounts import lifecycle, links, notices, roles, sessions
from portal.domain.accounts.models import Account, Purpose, RoleGrant, State
from portal.domain.accounts.people import load, person_of
from portal.domain.accounts.roles import Place
from portal.domain.permissions import Role


def by_email(session: Session, email: str) -> Account | None:
    """The account of this address, however it is written."""
    return session.execute(sa.select(Account).where(Account.email == email.strip().lower())).scalar_one_or_none()


def invite(
    session: Session, person: Person, *, email: str, name: str, role: Role, place: Place | None = None, **values: Any
) -> Account:
    """Make an account with its first role and mail the invitation to it. Raises NotValid."""
    account = fresh(session, email, name, role, place, **values)
    try:
        return perform(session, lifecycle.INVITE, account, person).record
    except IntegrityError as error:  # two invited the same address at the same moment
        raise taken() from error


def enrol(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    place: Place | None = None,
    **values: Any,
) -> Account:
    """Make an account that may sign in at once: the first administrator, demonstration people. By the system only."""
    account = fresh(session, email, name, role, place, **values)
    return perform(session, lifecycle.ENROL, account, SYSTEM, setting({"password_hash": password_hash})).record


def fresh(session: Session, email: str, name: str, role: Role, place: Place | None = None, **values: Any) -> Account:
    """An account with its first role, still to be made by a verb. Raises NotValid."""
    grant = roles.grant(role, place)
    if by_email(session, email) is not None:
        raise taken()
    return Account(
        email=email.strip().lower(),
        name=name,
        sort_key=sort_key(name),
        organisation_id=roles.employer(grant),
        grants=[grant],
        **values,
    )


def taken() -> NotValid:
    """What is said of an address that somebody has."""
    return NotValid(email=Message("This address already has an account."))


def invite_again(session: Session, account: Account, person: Person) -> None:
    """Mail a fresh invitation; the earlier link stops working."""
    perform(session, lifecycle.INVITE_AGAIN, account, person)


def accept_invitation(session: Session, token: str, password_hash: str) -> Account:
    """The invited person sets their own password. Raises LinkOver."""
    account = _account_of(session, links.use(session, Purpose.INVITATION, token))
    change = setting({"password_hash": password_hash})
    return perform(session, lifecycle.ACCEPT_INVITATION, account, person_of(account), change).record


def ask_for_link(session: Session, email: str) -> None:
    """Mail a link to whoever has this address, if anybody does: a new password, or the invitation once more."""
    account = by_email(session, email)
    if account is None or account.state is State.DISABLED:
        return
    invited = account.state is State.INVITED
    links.retire(session, Purpose.INVITATION if invited else Purpose.RESET, account.id)
    notify(session, notices.INVITATION if invited else notices.RESET, [account], root=account)


def reset_password(session: Session, token: str, password_hash: str) -> None:
    """Set a new password by mailed link; every session of the account ends. Raises LinkOver."""
    account = _account_of(session, links.use(session, Purpose.RESET, token))

    def change(act: Act) -> None:
        account.password_hash = password_hash
        sessions.end_all(act.session, account.id)

    perform(session, lifecycle.RESET_PASSWORD, account, person_of(account), change)


def _account_of(session: Session, link: Any) -> Account:
    account = load(session, link.account_id)
    if account is None or account.state is State.DISABLED:
        raise links.LinkOver()
    return account


def change_password(session: Session, account: Account, person: Person, password_hash: str, session_id: int) -> None:
    """Set a new password; the account's sessions end, except the one that asks (`session_id`)."""

    def change(act: Act) -> None:
        account.password_hash = password_hash
        sessions.end_all(act.session, account.id, but=session_id)
        links.retire(act.session, Purpose.RESET, account.id)

    perform(session, lifecycle.CHANGE_PASSWORD, account, person, change)


def strengthen(session: Session, account: Account, password_hash: str) -> None:
    """Keep the same password under today's parameters."""
    perform(session, lifecycle.STRENGTHEN, account, person_of(account), setting({"password_hash": password_hash}))


def edit_profile(session: Session, account: Account, person: Person, base_version: int, **values: Any) -> None:
    """Change one's own name, phone, language or zone. Raises Stale."""
    if "name" in values:
        values["sort_key"] = sort_key(values["name"])
    perform(session, lifecycle.EDIT_PROFILE, account, person, setting(values), base_version=base_version)


def choose_language(session: Session, account: Account, person: Person, language: str) -> None:
    """Read in another language from now on. An open profile form stays valid."""
    perform(session, lifecycle.CHOOSE_LANGUAGE, account, person, setting({"language": language}))


def sign_out_everywhere(session: Session, account: Account, person: Person, session_id: int) -> None:
    """End all sessions of the account, except the one that asks (`session_id`)."""

    def change(act: Act) -> None:
        sessions.end_all(act.session, account.id, but=session_id)

    perform(session, lifecycle.SIGN_OUT_EVERYWHERE, account, person, change)


def grant_role(session: Session, account: Account, person: Person, role: Role, place: Place | None = None) -> RoleGrant:
    """Give one more role. Raises NotValid where it lacks its place or fits nobody of this account's house."""
    grant = roles.grant(role, place)
    if roles.employer(grant) != account.organisation_id:
        raise NotValid(role=Message("This role does not fit the organisation that the person belongs to."))
    if any(roles.is_same(grant, held) for held in account.grants if held.ended_at is None):
        raise NotValid(role=Message("This person already holds this role."))
    perform(session, lifecycle.GRANT_ROLE, account, person, lambda act: account.grants.append(grant))
    return grant


def end_role(session: Session, account: Account, person: Person, grant: RoleGrant) -> None:
    """Take a role away, from the person's next request on."""
    if grant.ended_at is not None:
        raise NotNow(Message("This role has already ended."))

    def change(act: Act) -> None:
        grant.ended_at = act.at

    perform(session, lifecycle.END_ROLE, account, person, change)


def disable(session: Session, account: Account, person: Person, reason: str) -> None:
    """Close an account: its sessions and links end in the same transaction."""
    perform(session, lifecycle.DISABLE, account, person, close, reason=reason)


def close(act: Act) -> None:
    """The change that closes an account: nobody is signed in with it any more, and its links are worth nothing."""
    sessions.end_all(act.session, act.record.id)
    for purpose in (Purpose.INVITATION, Purpose.RESET):
        links.retire(act.session, purpose, act.record.id)


def enable(session: Session, account: Account, person: Person) -> None:
    """Open a disabled account again, with the roles it has left."""
    perform(session, lifecycle.ENABLE, account, person)


def first_admin_link(session: Session) -> str:
    """The secret of a link that makes the first administrator; an earlier one stops working.

    Raises NotNow when there is an administrator already.
    """
    _require_no_admin(session)
    links.retire(session, Purpose.FIRST_ADMIN, None)
    return links.make(session, Purpose.FIRST_ADMIN)


def make_first_admin(session: Session, token: str, **values: Any) -> Account:
    """Enrol the first administrator (email, name, language, password_hash). Raises LinkOver, NotNow, NotValid."""
    links.use(session, Purpose.FIRST_ADMIN, token)
    _require_no_admin(session)
    return enrol(session, role=Role.ADMIN, **values)


def _require_no_admin(session: Session) -> None:
    admins = (
        sa.select(Account.id)
        .join(Account.grants)
        .where(RoleGrant.role == Role.ADMIN, RoleGrant.ended_at.is_(None), Account.state == State.ACTIVE)
    )
    if session.execute(admins.limit(1)).first() is not None:
        raise NotNow(Message("There is an administrator already. They can invite more people."))
