"""Mailed links to one rating: they work once, for some days, and need no account; only their hash is kept."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core import clock, codes, figures
from portal.domain.accounts.links import LinkOver
from portal.domain.accounts.sessions import token_hash
from portal.domain.devices.models import Device
from portal.domain.ratings.models import CODE_SIGNS, RatingLink, ServiceRating
from portal.domain.servicing.models import ServiceRequest

DAYS = figures.declare("rating_link_days", 14, "days", "operating decision: how long one is asked for a rating")


def make(session: Session, rating_id: int, account_id: int | None) -> str:
    """A new link inside `writing()`; returns its code, which stands nowhere else."""
    code, now = codes.draw(CODE_SIGNS), clock.now()
    days = timedelta(days=figures.integer(session, DAYS))
    link = RatingLink(rating_id=rating_id, account_id=account_id, created_at=now, expires_at=now + days)
    link.code_hash = token_hash(code)
    session.add(link)
    return code


def peek(session: Session, code: str) -> RatingLink | None:
    """The link of this code, if it still works, with what its page shows."""
    request = joinedload(RatingLink.rating).joinedload(ServiceRating.request)
    shown = request.joinedload(ServiceRequest.device).joinedload(Device.product)
    return session.scalars(sa.select(RatingLink).where(*_open(code)).options(shown)).one_or_none()


def use(session: Session, code: str) -> RatingLink:
    """Use the link up, inside `writing()`, and with it all others to the same rating. Raises LinkOver."""
    used = sa.update(RatingLink).where(*_open(code)).values(used_at=clock.now())
    if session.execute(used).rowcount != 1:
        raise LinkOver()
    return session.scalars(sa.select(RatingLink).where(RatingLink.code_hash == token_hash(code))).one()


def retire(session: Session, rating_id: int) -> None:
    """Make the links to this rating that are still out worthless."""
    out = sa.update(RatingLink).where(RatingLink.rating_id == rating_id, RatingLink.used_at.is_(None))
    session.execute(out.values(used_at=clock.now()))


def _open(code: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        RatingLink.code_hash == token_hash(code),
        RatingLink.used_at.is_(None),
        RatingLink.expires_at > clock.now(),
    )


def tidy(session: Session, before: datetime) -> int:
    """Forget the links that expired before an aware time; returns how many."""
    return session.execute(sa.delete(RatingLink).where(RatingLink.expires_at < before)).rowcount
