"""Mailed links that work once: ≥ 128 random bits, one purpose, a short life; only the hash is kept."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Message, PortalError
from portal.domain.accounts.models import OneUseLink, Purpose
from portal.domain.accounts.sessions import token_hash

LIFETIMES = {
    Purpose.INVITATION: timedelta(hours=24),
    Purpose.RESET: timedelta(hours=1),
    Purpose.FIRST_ADMIN: timedelta(hours=24),
}
"""Upper bounds of OWASP ASVS 6.4.1, so not figures that people may raise."""


class LinkOver(PortalError):
    """The link was used, has expired, or never was: the three are not told apart."""

    status = 410

    def __init__(self) -> None:
        super().__init__(Message("This link no longer works."))


def make(session: Session, purpose: Purpose, account_id: int | None = None) -> str:
    """A new link inside `writing()`; returns the secret, which stands nowhere else."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        OneUseLink(
            purpose=purpose,
            account_id=account_id,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return token


def peek(session: Session, purpose: Purpose, token: str) -> OneUseLink:
    """The link behind `token`, without using it. Raises LinkOver."""
    found = session.execute(sa.select(OneUseLink).where(*_open(purpose, token))).scalar_one_or_none()
    if found is None:
        raise LinkOver()
    return found


def use(session: Session, purpose: Purpose, token: str) -> OneUseLink:
    """Use the link up, inside `writing()`; whoever comes second gets LinkOver."""
    used = sa.update(OneUseLink).where(*_open(purpose, token)).values(used_at=clock.now())
    if session.execute(used).rowcount != 1:
        raise LinkOver()
    link = session.execute(sa.select(OneUseLink).where(OneUseLink.token_hash == token_hash(token))).scalar_one()
    retire(session, purpose, link.account_id)
    return link


def retire(session: Session, purpose: Purpose, account_id: int | None) -> None:
    """Make the links of this purpose that are still out worthless. `account_id` None: those that make an account."""
    out = sa.update(OneUseLink).where(
        OneUseLink.purpose == purpose, OneUseLink.account_id == account_id, OneUseLink.used_at.is_(None)
    )
    session.execute(out.values(used_at=clock.now()))


def _open(purpose: Purpose, token: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OneUseLink.token_hash == token_hash(token),
        OneUseLink.purpose == purpose,
        OneUseLink.used_at.is_(None),
        OneUseLink.expires_at > clock.now(),
    )


def tidy(session: Session, before: datetime) -> int:
    """Forget the links that expired before an aware time; returns how many."""
    return session.execute(sa.delete(OneUseLink).where(OneUseLink.expires_at < before)).rowcount
