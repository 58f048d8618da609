"""Opening complaints from the answers to the safety questions, and judging them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message, NotValid
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import Act, setting
from portal.domain.complaints import lifecycle
from portal.domain.complaints.models import Complaint, Outcome
from portal.domain.policies import waiting
from portal.domain.policies.models import Milestone
from portal.domain.servicing.models import SafetyScreen, ServiceRequest
from portal.domain.servicing.words import Harm


def of_request(session: Session, request: ServiceRequest) -> Complaint | None:
    """The complaint that a request led to, if any."""
    return session.scalars(sa.select(Complaint).where(Complaint.request_id == request.id)).one_or_none()


def open_from_answers(cause: Act) -> None:
    """Reaction to a request and to answered safety questions: a yes opens a complaint at once, or opens it again."""
    request: ServiceRequest = cause.record
    screen = request.screens[-1] if request.screens else None
    if screen is None or not screen.opens_complaint:
        return
    known = of_request(cause.session, request)
    if known is None:
        react(cause, lifecycle.OPEN, _complaint(request, screen, cause))
    elif _says_more(screen, known):
        worse = max(known.harm, screen.harm, key=list(Harm).index)
        known_at = known.known_at or (cause.occurred_at if screen.is_event else None)
        facts = {"harm": worse, "is_event": known.is_event or screen.is_event, "known_at": known_at}
        react(cause, lifecycle.RENEW, known, setting(facts))


def _complaint(request: ServiceRequest, screen: SafetyScreen, cause: Act) -> Complaint:
    return Complaint(
        company=request.company,
        request=request,
        request_id=request.id,
        device_id=request.device_id,
        organisation_id=request.organisation_id,
        site_id=request.site_id,
        dealer_id=request.dealer_id,
        centre_id=request.centre_id,
        harm=screen.harm,
        is_event=screen.is_event,
        content=screen.grounds or request.symptom,
        opened_at=cause.occurred_at,
        known_at=cause.occurred_at if screen.is_event else None,
    )


def _says_more(screen: SafetyScreen, known: Complaint) -> bool:
    """Worse than what the complaint was opened for: it must be judged again."""
    return list(Harm).index(screen.harm) > list(Harm).index(known.harm) or (screen.is_event and not known.is_event)


def note(
    session: Session,
    complaint: Complaint,
    person: Person,
    event: str,
    evidence: str,
    occurred_at: datetime | None = None,
) -> Milestone:
    """Record what happened to the complaint that starts or stops its clocks; see `waiting.record`."""
    return waiting.record(session, complaint, person, event, evidence, occurred_at, verb=waiting.NOTE)


def assess(
    session: Session,
    complaint: Complaint,
    person: Person,
    base_version: int,
    *,
    is_substantiated: bool,
    is_reportable: bool,
    opinion: str,
    outcome: Outcome | None = None,
    is_group: bool = False,
) -> Act:
    """Quality's judgement: is it justified, must it be reported as an adverse event, what did that do, and why.

    Raises NotValid for an event to be reported without its outcome. What is not reported has none.
    """

    def change(act: Act) -> None:
        if is_reportable and outcome is None:
            raise NotValid(outcome=Message("Say what the event did: it decides how soon the authority must know."))
        complaint.is_substantiated, complaint.is_reportable = is_substantiated, is_reportable
        complaint.outcome, complaint.is_group = (outcome, is_group) if is_reportable else (None, False)
        if is_reportable:
            complaint.known_at = complaint.known_at or act.occurred_at
        complaint.opinion, complaint.assessed_at = opinion, act.at

    return perform(session, lifecycle.ASSESS, complaint, person, change, base_version=base_version)
