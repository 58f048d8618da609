"""The second proof of a signature: the signed-in person's password once more (21 CFR 11.200, 11.300)."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.lifecycle import perform
from portal.core.permissions import Person
from portal.domain.accounts import lifecycle, passwords
from portal.domain.accounts.models import Account


def prove(session: Session, person: Person, password: str) -> bool:
    """Whether `password` is this person's own. Costs a hash: never inside `writing()`."""
    account = session.get(Account, person.id)
    return passwords.fits(account.password_hash if account else "", password)


def note_failed_proof(session: Session, person: Person, root: Any) -> None:
    """Put a wrong proof into the trail of the person's account; every fifth is reported to quality.

    `root` is the record that was to be signed.
    """
    name = getattr(root, "number", None) or getattr(root, "uid", "")
    account = session.get_one(Account, person.id)
    perform(session, lifecycle.FAIL_PROOF, account, person, reason=f"{root.__tablename__} {name}".strip())
