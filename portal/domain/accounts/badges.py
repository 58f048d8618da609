"""The service badge: name, photo and number by which a customer recognises who comes (STF-3)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.core.errors import Message, NotValid
from portal.core.files import Attachment, File, Incoming, attach, attached, store
from portal.core.perform import perform
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.accounts import lifecycle
from portal.domain.accounts.models import Account, RoleGrant, State, new_badge_code
from portal.domain.organisations.models import Centre, Organisation
from portal.domain.permissions import Role

PHOTO = "badge"


@dataclass(frozen=True)
class Badge:
    """What a badge shows. `company` is the dealer, or our own company; None for somebody who repairs nothing.

    `is_valid`: the account is in use and its person is a technician now.
    """

    account: Account
    company: Text2 | None
    photo: Attachment | None
    file: File | None
    is_valid: bool


def edit(
    session: Session,
    account: Account,
    person: Person,
    base_version: int,
    *,
    staff_number: str,
    photo: Incoming | None = None,
) -> None:
    """Set the number and, where one came, the photo, which takes the place of the one before.

    Raises Stale; NotNow for who is no technician; NotValid where a colleague has the number.
    """
    number = " ".join(staff_number.split())
    if number and session.scalar(_colleague_with(account, number)) is not None:
        raise NotValid(staff_number=Message("A colleague has this number already."))

    def change(act: Act) -> None:
        account.staff_number = number
        if photo is not None:
            owner = {"created_by_id": person.id}
            file = store(act.session, photo, organisation_id=account.organisation_id, **owner)
            attach(act.session, file, root=account, purpose=PHOTO, **owner)

    perform(session, lifecycle.EDIT_BADGE, account, person, change, base_version=base_version)


def renew(session: Session, account: Account, person: Person, reason: str) -> None:
    """The card was lost or copied: a new code, and whoever shows the old one has no valid badge (STF-3)."""
    perform(session, lifecycle.RENEW_BADGE, account, person, setting({"badge_code": new_badge_code()}), reason=reason)


def _colleague_with(account: Account, number: str) -> sa.Select[tuple[int]]:
    """Numbers are one employer's own: a dealer may count as we do."""
    same_house = Account.organisation_id.is_not_distinct_from(account.organisation_id)
    return sa.select(Account.id).where(Account.staff_number == number, same_house, Account.id != account.id).limit(1)


def by_code(session: Session, code: str) -> Account | None:
    """Whose badge has this code, valid or not."""
    return session.scalar(sa.select(Account).where(Account.badge_code == code))


def of(session: Session, account: Account) -> Badge:
    """The badge of this person as it is now."""
    photos = attached(account, with_internal=True).where(Attachment.purpose == PHOTO)
    row = session.execute(photos.order_by(None).order_by(Attachment.id.desc()).limit(1)).one_or_none()
    grants = repairing(account)
    return Badge(
        account=account,
        company=_company(session, account, grants[0]) if grants else None,
        photo=row.Attachment if row else None,
        file=row.File if row else None,
        is_valid=account.state is State.ACTIVE and bool(grants),
    )


def repairing(account: Account) -> list[RoleGrant]:
    """The grants in force that make somebody a technician, oldest first."""
    return [grant for grant in account.grants if grant.role is Role.TECHNICIAN and grant.ended_at is None]


def _company(session: Session, account: Account, grant: RoleGrant) -> Text2:
    if account.organisation_id is not None:
        return session.get_one(Organisation, account.organisation_id).name
    return session.get_one(Centre, grant.centre_id).company.name
