"""The second proof of a signature: the signed-in person's password once more (21 CFR 11.200, 11.300)."""

from typing import Any

from sqlalchemy.orm import Session

from portal.core.db import writing
from portal.core.errors import NotValid
from portal.core.perform import origin, perform
from portal.core.permissions import Person
from portal.domain.accounts import lifecycle, passwords, throttle
from portal.domain.accounts.models import Account
from portal.domain.accounts.throttle import Gate, TooManyTries


def prove(session: Session, person: Person, password: str, root: Any, *, field: str = "password") -> bool:
    """Whether `password` is that of `person`, who is about to sign `root`.

    A wrong one stands in the trail, and quality hears of every fifth. Too many are refused unseen: NotValid at
    `field`. Costs a hash and two short transactions of its own: never inside `writing()`.
    """
    account = session.get_one(Account, person.id)
    email, kept = account.email, account.password_hash
    try:
        with writing("count a proof") as writer:
            attempt_id = throttle.take(writer, Gate.PASSWORD, email, origin.get())
    except TooManyTries as refusal:
        raise NotValid(**{field: refusal.message}) from refusal
    right = passwords.fits(kept, password)
    with writing("second proof") as writer:
        if right:
            throttle.give_back(writer, attempt_id)
        else:
            note_failed_proof(writer, person, root)
    return right


def note_failed_proof(session: Session, person: Person, root: Any) -> None:
    """Put a wrong proof into the trail of the person's account, inside `writing()`; every fifth is reported.

    `root` is the record that was to be signed.
    """
    name = getattr(root, "number", None) or getattr(root, "uid", "")
    account = session.get_one(Account, person.id)
    perform(session, lifecycle.FAIL_PROOF, account, person, reason=f"{root.__tablename__} {name}".strip())
