"""The clock of a release that came before its review: it starts with the release and stops with the review."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import deadlines
from portal.core.deadlines import Clock, ClockState
from portal.core.verbs import Act
from portal.domain.policies import promises
from portal.domain.servicing import releasing
from portal.domain.servicing.models import EarlyRelease

EVENTS = {
    "early_release:open": "released_first",
    "early_release:pass": "reviewed",
    "early_release:fail": "reviewed",
    "early_release:lapse": "review_lapsed",
}
"""Act → the event that it is."""


def observe(act: Act) -> None:
    """Let the clock of the release follow the act."""
    event = EVENTS.get(act.name)
    if event is None:
        return
    early: EarlyRelease = act.record
    if event == "released_first":
        terms = releasing.terms(act.session, early.order, act.at)
        deadlines.start(act.session, early, terms, event, early.released_at)
        return
    still_open = deadlines.open_clocks(act.session, early.__tablename__, early.id)
    promises.happened(still_open, event, act.occurred_at)


def reapply(session: Session, early: EarlyRelease) -> int:
    """Count the open clock of a release anew by what holds now; returns whether it changed. A broken promise stays."""
    clock = of(session, early)
    if clock is None or not clock.open or clock.state is ClockState.BREACHED:
        return 0
    terms = releasing.terms(session, early.order, early.released_at)
    return int(terms is not None and promises.recount(session, clock, terms) is not None)


def of(session: Session, early: EarlyRelease) -> Clock | None:
    """The clock of the review."""
    mine = sa.select(Clock).where(Clock.root_kind == early.__tablename__, Clock.root_id == early.id)
    return session.scalars(mine).one_or_none()
