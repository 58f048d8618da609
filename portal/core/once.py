"""What is read once in a transaction, because several parts of one act, or of one page, ask for it."""

from collections.abc import Callable, Hashable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

KNOWN = "read once"


def once(session: Session, what: Hashable, read: Callable[[], Any]) -> Any:
    """The result of `read`, kept under `what` until the transaction ends."""
    known = session.info.setdefault(KNOWN, {})
    if what not in known:
        known[what] = read()
    return known[what]


def forget(session: Session, what: Hashable) -> None:
    """Read it anew when it is asked for again: it was edited in this transaction."""
    session.info.get(KNOWN, {}).pop(what, None)


@sa.event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, _transaction: object) -> None:
    session.info.pop(KNOWN, None)
