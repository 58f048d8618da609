"""How often one may try: wrong passwords and asked-for links, per account and per address.

A try is counted before the password is looked at and given back when it was right, so that tries sent at the same
moment cannot pass together. Names that nobody has are counted like all others.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, figures
from portal.core.errors import Message, PortalError
from portal.domain.accounts.models import SignInAttempt

figures.declare("tries_per_account", 10, "tries", "security goal: wrong passwords before a wait (ASVS 6.3.1)")
figures.declare("tries_per_address", 10, "tries", "security goal: wrong passwords before a wait (ASVS 6.3.1)")
figures.declare("tries_minutes", 15, "minutes", "security goal: the time within which tries are counted")

figures.declare("ward_reports_per_device", 5, "reports", "security goal: what a label takes within those minutes")
figures.declare("unknown_labels_per_address", 100, "tries", "security goal: codes of labels cannot be found by trying")
figures.declare("unknown_badges_per_address", 100, "tries", "security goal: codes of badges cannot be found by trying")
figures.declare("unknown_rating_links_per_address", 100, "tries", "security goal: links cannot be found by trying")
figures.declare("ward_reports_per_address", 60, "reports", "security goal: a hospital often has one address")

TURN = 0x5163  # our number among PostgreSQL's advisory locks


class Gate(StrEnum):
    """What is tried. Each is counted by itself."""

    PASSWORD = "password"  # noqa: S105
    LINK = "link"
    CODE = "code"
    WARD_CODE = "ward_code"
    WARD_REPORT = "ward_report"
    LABEL = "label"
    BADGE = "badge"
    RATING_LINK = "rating_link"


LIMITS = {
    Gate.WARD_REPORT: ("ward_reports_per_device", "ward_reports_per_address"),
    Gate.LABEL: ("unknown_labels_per_address", "unknown_labels_per_address"),
    Gate.BADGE: ("unknown_badges_per_address", "unknown_badges_per_address"),
    Gate.RATING_LINK: ("unknown_rating_links_per_address", "unknown_rating_links_per_address"),
}
"""The figures that hold for a gate, where they are not those of wrong passwords: by name, by address."""
TRIES = ("tries_per_account", "tries_per_address")


class TooManyTries(PortalError):
    """Neither right nor wrong: nothing is looked at before the time is over."""

    status = 429


def take(session: Session, gate: Gate, name: str, address: str) -> int:
    """Count one try for the account called `name` from `address`, inside `writing()`; returns its id.

    Raises TooManyTries, which leaves nothing behind.
    """
    _wait_for_turn(session)
    attempt = _attempt(gate, name, address)
    _refuse_when_full(session, gate, attempt)
    session.add(attempt)
    session.flush()
    return attempt.id


def look(session: Session, gate: Gate, name: str, address: str) -> None:
    """Whether one more try would be let in, without counting it. Raises TooManyTries."""
    _refuse_when_full(session, gate, _attempt(gate, name, address))


def _attempt(gate: Gate, name: str, address: str) -> SignInAttempt:
    return SignInAttempt(account_key=_account_key(gate, name), address=_network(gate, address), at=clock.now())


def _refuse_when_full(session: Session, gate: Gate, attempt: SignInAttempt) -> None:
    window = timedelta(minutes=figures.integer(session, "tries_minutes"))
    columns = (SignInAttempt.account_key, SignInAttempt.address)
    for column, figure in zip(columns, LIMITS.get(gate, TRIES), strict=True):
        same = column == getattr(attempt, column.key)
        full_since = _nth_newest(session, same, attempt.at - window, figures.integer(session, figure))
        if full_since is not None:
            raise _too_many(full_since + window - attempt.at)


def give_back(session: Session, attempt_id: int) -> None:
    """The try was right: do not count it."""
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def tidy(session: Session, before: datetime) -> int:
    """Forget the tries before an aware time; returns how many."""
    return session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < before)).rowcount


def _wait_for_turn(session: Session) -> None:
    """One after the other: SQLite's writers are that anyway; on PostgreSQL two could count the same tries."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(TURN)))


def _nth_newest(session: Session, same: sa.ColumnElement[bool], since: datetime, n: int) -> datetime | None:
    tries = sa.select(SignInAttempt.at).where(same, SignInAttempt.at > since)
    return session.scalar(tries.order_by(SignInAttempt.at.desc()).offset(max(n, 1) - 1).limit(1))


def _too_many(rest: timedelta) -> TooManyTries:
    minutes = max(1, -(-int(rest.total_seconds()) // 60))
    return TooManyTries(Message("Too many tries. Please wait %(minutes)s minutes, then try again.", minutes=minutes))


def _account_key(gate: Gate, name: str) -> str:
    return hashlib.sha256(f"{gate}:{name.strip().lower()}".encode()).hexdigest()


def _network(gate: Gate, address: str) -> str:
    """The address itself; of an IPv6 one the first 64 bits, because a single house commands all the rest."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"{gate} {address}"[:64]
    if isinstance(parsed, IPv6Address):
        parsed = IPv6Address(int(parsed) >> 64 << 64)
    return f"{gate} {parsed}"
