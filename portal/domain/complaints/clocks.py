"""Promised times of complaints: which acts are which events, and what the law asks once an event is known.

The opinion of the third day may be given before the facts are verified; then another judgement, the final one, is due
after the verification. The times set by law run from when the event was first known, whoever judged it later: telling
the registrant at once, the report to the authority by what the event did, the duties of a group event besides. Left out
are those of registrants and importers (their self-check, events overseas): their facts are not recorded yet.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import deadlines
from portal.core.deadlines import Clock, ClockState, VersionState
from portal.core.verbs import NEW, Act
from portal.domain.complaints.models import Complaint, Outcome
from portal.domain.policies import calendars, choosing, promises
from portal.domain.policies.models import Milestone, PolicyRule, PolicyVersion, ServicePolicy, Subject

Moment = Callable[[Act], datetime | None]


def _then(act: Act) -> datetime:
    return act.occurred_at


def _logged(act: Act) -> datetime:
    return act.record.opened_at


def _known(act: Act) -> datetime | None:
    """An adverse event is known when somebody answers so, or quality judges so: the earlier counts."""
    return act.record.known_at if act.record.is_event or act.record.is_reportable else None


EVENTS: dict[str, tuple[tuple[str, Moment], ...]] = {
    "complaint:open": (("complaint_logged", _logged), ("event_known", _known)),
    "complaint:renew": (("event_known", _known),),
    "complaint:assess": (("opinion_given", _then), ("final_opinion_given", _then), ("event_known", _known)),
}
"""Act → the events that it is, with the time of each; None where it is not one this time."""

DUE_BY_LAW: dict[str, Callable[[Complaint], bool]] = {
    "tell_holder": lambda complaint: True,
    "report_death": lambda complaint: complaint.outcome is Outcome.DEATH,
    "report_injury": lambda complaint: complaint.outcome is Outcome.SERIOUS,
    "group_call": lambda complaint: complaint.is_group,
    "group_cases": lambda complaint: complaint.is_group,
    "group_tell_holder": lambda complaint: complaint.is_group,
}
"""The times set by law that a distributor must keep, and of which events (令1). One that runs is ended by the report
alone, never by a milder judgement."""

PROMISED: dict[Subject, frozenset[str]] = {
    Subject.COMPLAINT: frozenset({"verify_on_site", "opinion", "final_opinion", "resume_notice"}),
    Subject.REGULATORY: frozenset(DUE_BY_LAW),
}
"""The clocks that a complaint can start, by what the policy is for."""


def observe(act: Act) -> None:
    """Let the clocks of the complaint follow the act."""
    complaint = _complaint(act)
    if complaint is None:
        return
    new = act.verb.on is NEW and act.record is complaint
    still_open = [] if new else deadlines.open_clocks(act.session, complaint.__tablename__, complaint.id)
    for event, at in _events(act):
        promises.happened(still_open, event, at)
        _start(act.session, complaint, event, at, new=new)


def _complaint(act: Act) -> Complaint | None:
    match act.record:
        case Complaint() if act.name in EVENTS:
            return act.record
        case Milestone(root_kind=Complaint.__tablename__):
            return act.session.get_one(Complaint, act.record.root_id)
    return None


def _events(act: Act) -> list[tuple[str, datetime]]:
    if isinstance(act.record, Milestone):
        return [(act.record.event, act.record.occurred_at)]
    found = [(event, moment(act)) for event, moment in EVENTS[act.name]]
    return [(event, at) for event, at in found if at is not None]


def _start(session: Session, complaint: Complaint, event: str, at: datetime, *, new: bool) -> None:
    """Start what the policies promise from this event on, once."""
    known = [] if new else promises.of(session, complaint.__tablename__, complaint.id)
    calendar = calendars.for_centre(session, complaint.centre_id)
    if calendar is None:
        return
    for subject in PROMISED:
        version = _version(session, subject, known)
        for name, rule in _rules(complaint, subject, version).items() if version else ():
            due = DUE_BY_LAW.get(name, lambda complaint: True)(complaint)
            if due and rule.starts_on == event and name not in {clock.name for clock in known}:
                deadlines.start(session, complaint, choosing.terms_of(rule, version, calendar), event, at)


def _version(session: Session, subject: Subject, known: list[Clock] = ()) -> PolicyVersion | None:
    """The version that the complaint runs by already, else the one in force."""
    pinned = {(clock.policy_id, clock.rule_version) for clock in known}
    mine = sa.select(PolicyVersion).join(ServicePolicy, ServicePolicy.id == PolicyVersion.policy_id)
    mine = mine.where(ServicePolicy.subject == subject).order_by(PolicyVersion.policy_id, PolicyVersion.version)
    versions = list(session.scalars(mine))
    own = next((each for each in versions if (each.policy_id, each.version) in pinned), None)
    return own or next((each for each in versions if each.state is VersionState.IN_FORCE), None)


def _rules(complaint: Complaint, subject: Subject, version: PolicyVersion) -> dict[str, PolicyRule]:
    facts = {"locality": complaint.request.site.locality.value}
    found = choosing.rules_for(version, facts)
    return {name: rule for name, rule in found.items() if name in PROMISED[subject]}


def reapply(session: Session, complaint: Complaint) -> int:
    """Count the open clocks of a complaint anew by what holds now; returns how many changed. Broken promises stay."""
    versions = {subject: _version(session, subject) for subject in PROMISED}
    calendar, changed = calendars.for_centre(session, complaint.centre_id), 0
    for clock in promises.of(session, complaint.__tablename__, complaint.id):
        subject = next(each for each, names in PROMISED.items() if clock.name in names)
        version = versions[subject]
        if not clock.open or clock.state is ClockState.BREACHED or version is None or calendar is None:
            continue
        rule = _rules(complaint, subject, version).get(clock.name)
        terms = choosing.terms_of(rule, version, calendar) if rule else None
        changed += promises.recount(session, clock, terms) is not None
    return changed
