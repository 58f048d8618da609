"""Promised times by the clock: warnings, breaches, reminders, counting anew, and holidays that are still missing."""

import time
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs import JobContext, job
from portal.core import clock, deadlines, outbox
from portal.core.db import db, writing
from portal.core.deadlines import Clock
from portal.domain.checklists import seeding as checklists
from portal.domain.complaints import clocks as complaint_clocks
from portal.domain.complaints.models import Complaint
from portal.domain.escalations import service as escalations
from portal.domain.faultcodes import seeding as faultcodes
from portal.domain.labels import service as labels
from portal.domain.policies import calendars, notices, promises, seeding, waiting
from portal.domain.policies.models import ServicePolicy, Subject, WorkCalendar
from portal.domain.ratings import aspects
from portal.domain.releases import seeding as releases
from portal.domain.servicing import clocks, early_clocks, leaving, routing
from portal.domain.servicing.models import EarlyRelease, ServiceRequest

PORTION = 5
"""Records in one transaction, so that the write lock is held briefly."""

LONGEST_SECONDS = 5
"""What one turn of the tick may take; the rest follows in the next."""

CASES_AT_ONCE = 50
TOLD_AGAIN_AFTER = timedelta(days=14)


def install() -> None:
    """Put in place what is shipped and missing: in an empty house, and after an upgrade."""
    with writing("clocks.install") as session:
        seeding.install(session)
        routing.install(session)
        leaving.install(session)
        faultcodes.install(session)
        checklists.install(session)
        releases.install(session)
        labels.install(session)
        aspects.install(session)


def tell() -> int:
    """Tell every warning, breach and reminder that has come; returns how many. Any number of ticks may do so."""
    fired = _all(deadlines.next_due, promises.fire)
    fired += _all(waiting.next_reminders, waiting.remind)
    return fired + _all(escalations.next_reminders, escalations.remind)


def _all(find: Callable, do: Callable) -> int:
    count, until = 0, time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        at = clock.now()
        ids = find(db.session, at)
        db.session.rollback()
        for start in range(0, len(ids), PORTION):
            with writing("clocks.tell") as session:
                count += sum(do(session, each, at) not in (None, False) for each in ids[start : start + PORTION])
        if not ids:
            break
    return count


OF_COMPLAINTS = (Complaint, complaint_clocks.reapply)
COUNTED = {
    Subject.SERVICE: (ServiceRequest, clocks.reapply),
    Subject.RELEASE: (EarlyRelease, early_clocks.reapply),
}
"""What a policy promises times for, and how one of them is counted anew."""


@job("clocks.reapply", timeout=240)
def reapply(ctx: JobContext) -> None:
    """Count the open cases of a policy anew, a portion at a time; the next portion is a row of its own."""
    policy_id, after = ctx.payload["policy"], ctx.payload["after"]
    model, count = COUNTED.get(db.session.get_one(ServicePolicy, policy_id).subject, OF_COMPLAINTS)
    ids = _open_cases(db.session(), model, policy_id, after)
    db.session.rollback()
    for root_id in ids:
        with ctx.saving() as session:
            count(session, session.get_one(model, root_id))
    with ctx.finishing() as session:
        if ids:
            outbox.put(session, "clocks.reapply", {"policy": policy_id, "after": ids[-1]}, bulk=True)


def _open_cases(session: Session, model: type, policy_id: int, after: int) -> list[int]:
    mine = sa.select(Clock.root_id).where(
        Clock.policy_id == policy_id,
        Clock.settled_at.is_(None),
        Clock.root_kind == model.__tablename__,
        Clock.root_id > after,
    )
    return list(session.scalars(mine.distinct().order_by(Clock.root_id).limit(CASES_AT_ONCE)))


@job("clocks.reapply_case")
def reapply_case(ctx: JobContext) -> None:
    """Count one case anew, because what is known of it has changed."""
    with ctx.finishing() as session:
        clocks.reapply(session, session.get_one(ServiceRequest, ctx.payload["request"]))


@job("calendars.look_ahead")
def look_ahead(ctx: JobContext) -> None:
    """Ask the office for the holidays of this year and, once they are announced, of the next."""
    now = clock.now()
    with ctx.finishing() as session:
        for calendar in session.scalars(sa.select(WorkCalendar).where(WorkCalendar.holidays != "")):
            version = calendars.in_force(session, calendar.id)
            for year in calendars.missing_years(calendar, version, now.date()):
                notices.holidays_missing(session, calendar, year, now - TOLD_AGAIN_AFTER)
