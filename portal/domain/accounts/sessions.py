"""Signed-in sessions: rows, so that signing out and disabling an account end them on the server."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core import clock, figures
from portal.domain.accounts.models import Account, SignedInSession, State

SEEN_EVERY = timedelta(minutes=5)

figures.declare("session_idle_hours", 12, "hours", "operating decision: one working shift (ASVS 7.3.1)")
figures.declare("session_days", 14, "days", "operating decision (ASVS 7.3.2)")


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(session: Session, account: Account, address: str, agent: str) -> str:
    """Begin a session inside `writing()`; returns the token for the cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        SignedInSession(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            last_seen_at=now,
            address=address[:64],
            agent=agent[:200],
        )
    )
    return token


def find(session: Session, token: str) -> SignedInSession | None:
    """The running session behind a token, with its account and grants; None when it is over."""
    statement = (
        sa.select(SignedInSession)
        .where(SignedInSession.token_hash == token_hash(token), SignedInSession.ended_at.is_(None))
        .options(joinedload(SignedInSession.account).options(selectinload(Account.grants)))
    )
    found = session.execute(statement).scalar_one_or_none()
    if found is None or found.account.state is not State.ACTIVE:
        return None
    seen_after, begun_after = _limits(session)
    return found if found.last_seen_at >= seen_after and found.created_at >= begun_after else None


def _limits(session: Session) -> tuple[datetime, datetime]:
    """Sessions last seen before the first time, or begun before the second, are over."""
    now = clock.now()
    idle_hours, days = figures.integers(session, "session_idle_hours", "session_days")
    return now - timedelta(hours=idle_hours), now - timedelta(days=days)


def is_due(found: SignedInSession) -> bool:
    """Whether `last_seen_at` is old enough to be written anew."""
    return clock.now() - found.last_seen_at >= SEEN_EVERY


def touch(session: Session, session_id: int, at: datetime) -> None:
    """Note that the session is in use. Not for polling requests."""
    session.execute(sa.update(SignedInSession).where(SignedInSession.id == session_id).values(last_seen_at=at))


def end(session: Session, session_id: int) -> None:
    """Sign one session out."""
    _end(session, SignedInSession.id == session_id)


def end_all(session: Session, account_id: int, *, but: int | None = None) -> None:
    """Sign an account out everywhere, except for the session `but`."""
    _end(session, SignedInSession.account_id == account_id, SignedInSession.id != (but or 0))


def _end(session: Session, *conditions: sa.ColumnElement[bool]) -> None:
    over = sa.update(SignedInSession).where(SignedInSession.ended_at.is_(None), *conditions)
    session.execute(over.values(ended_at=clock.now()))


def running(session: Session, account_id: int) -> list[SignedInSession]:
    """The sessions of an account that are not over, newest first."""
    seen_after, begun_after = _limits(session)
    statement = sa.select(SignedInSession).where(
        SignedInSession.account_id == account_id,
        SignedInSession.ended_at.is_(None),
        SignedInSession.last_seen_at >= seen_after,
        SignedInSession.created_at >= begun_after,
    )
    return list(session.execute(statement.order_by(SignedInSession.id.desc()).limit(50)).scalars())


def tidy(session: Session, before: datetime) -> int:
    """Forget the sessions last seen before an aware time; returns how many."""
    return session.execute(sa.delete(SignedInSession).where(SignedInSession.last_seen_at < before)).rowcount
