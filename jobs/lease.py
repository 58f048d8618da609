"""Taking a row of the outbox, keeping it while the work goes on, and ending it.

Whoever claims a row gets a token. Everything after that (keeping, finishing, failing, handing back) happens only
where the row still carries that token, so a worker that was thought dead and comes back can change nothing.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, outbox
from portal.core.db import new_uid, writing
from portal.core.outbox import OPEN, OutboxRow, due, from_now

MAX_ERROR = 2000  # characters of an error that are kept


class LeaseLost(Exception):
    """The row is no longer ours: the lease ran out and another worker took it, or it is finished already."""


@dataclass(frozen=True)
class Lease:
    """A claimed row. `tries` counts this claim too; `error` is why the try before failed."""

    row_id: int
    token: str
    kind: str
    payload: dict[str, Any]
    tries: int
    actor_id: int | None
    cause_id: int | None
    error: str | None


def claim(row_id: int) -> Lease | None:
    """Take the row, or None when it is not due: done, dead, planned for later, or another worker is at it."""
    token = new_uid()
    table = OutboxRow.__table__
    with writing("outbox.claim") as session:
        take = sa.update(table).where(table.c.id == row_id, due(session))
        values = {
            "lease_until": from_now(session, outbox.LEASE_SECONDS),
            "lease_token": token,
            "tries": table.c.tries + 1,
            "sent_at": None,
        }
        known = (table.c[name] for name in ("kind", "payload", "tries", "actor_id", "cause_id", "error"))
        taken = session.execute(take.values(values).returning(*known)).one_or_none()
    return Lease(row_id, token, *taken) if taken else None


def rehearse() -> None:
    """Go through the motions with a row that does not exist: a worker's forks then find the statements compiled,
    and hold the write lock the shorter."""
    nothing = claim(0) or Lease(0, "", "", {}, 0, None, None, None)
    for end in (keep, finish):
        with suppress(LeaseLost), writing("outbox.rehearse") as session:
            end(session, nothing)


def keep(session: Session, lease: Lease) -> None:
    """Lengthen the lease. Raises LeaseLost; in a transaction that writes results, it locks the row for them too."""
    _change(session, lease, lease_until=from_now(session, outbox.LEASE_SECONDS))


def finish(session: Session, lease: Lease) -> None:
    """Mark the row done, in the transaction that stores the result. Raises LeaseLost."""
    _change(session, lease, done_at=clock.now(), lease_until=None, lease_token=None, error=None)


def put_off(session: Session, lease: Lease, error: str, seconds: float, *, counts: bool = True) -> None:
    """End this try and allow the next after `seconds`. Raises LeaseLost."""
    _change(
        session,
        lease,
        lease_until=None,
        lease_token=None,
        not_before=from_now(session, seconds),
        tries=lease.tries if counts else lease.tries - 1,
        error=error[:MAX_ERROR],
    )


def hand_back(session: Session, lease: Lease) -> None:
    """Let another worker take the row at once, as if this try had not been. Raises LeaseLost."""
    _change(session, lease, lease_until=None, lease_token=None, tries=lease.tries - 1)


def give_up(session: Session, lease: Lease, error: str) -> None:
    """Mark the row dead. Raises LeaseLost."""
    _change(session, lease, dead_at=clock.now(), lease_until=None, lease_token=None, error=error[:MAX_ERROR])


def _change(session: Session, lease: Lease, **values: Any) -> None:
    ours = sa.and_(OutboxRow.id == lease.row_id, OutboxRow.lease_token == lease.token, OPEN)
    changed = session.execute(sa.update(OutboxRow.__table__).where(ours).values(values))
    if changed.rowcount != 1:
        raise LeaseLost(f"outbox row {lease.row_id}")
