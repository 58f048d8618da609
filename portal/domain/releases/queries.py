"""The release rules in force, their versions, and the reasons for releasing first."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.deadlines import VersionState
from portal.domain.releases.models import ReleaseReason, ReleaseVersion


def in_force(session: Session) -> ReleaseVersion | None:
    """The rules that hold now; None in a house that has none yet."""
    return _newest(session, VersionState.IN_FORCE)


def draft(session: Session) -> ReleaseVersion | None:
    """The version that is being written."""
    return _newest(session, VersionState.DRAFT)


def _newest(session: Session, state: VersionState) -> ReleaseVersion | None:
    mine = sa.select(ReleaseVersion).where(ReleaseVersion.state == state)
    return session.scalars(mine.order_by(ReleaseVersion.version.desc()).limit(1)).first()


def versions(session: Session) -> list[ReleaseVersion]:
    """All versions, the newest first, with whoever approved them."""
    found = sa.select(ReleaseVersion).options(joinedload(ReleaseVersion.approved_by))
    return list(session.scalars(found.order_by(ReleaseVersion.version.desc())))


def reasons(session: Session, *, all_of_them: bool = False) -> list[ReleaseReason]:
    """The reasons in use, as they were added; with `all_of_them` also those that are not given any more."""
    found = sa.select(ReleaseReason).order_by(ReleaseReason.in_use.desc(), ReleaseReason.id)
    return list(session.scalars(found if all_of_them else found.where(ReleaseReason.in_use)))
