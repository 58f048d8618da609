"""Deciding who pays for a request, and what follows from a confirmed exclusion."""

from sqlalchemy.orm import Session

from portal.core.errors import Message, NotValid
from portal.core.perform import perform, react
from portal.core.permissions import Person
from portal.core.verbs import Act
from portal.domain.cover import lifecycle, queries
from portal.domain.cover.models import Choice, CoverDecision
from portal.domain.servicing.models import ServiceRequest


def decide(
    session: Session, request: ServiceRequest, person: Person, base_version: int, choice: Choice, grounds: str
) -> Act:
    """Say by what a request is charged, and why where that is not simply its cover. Raises NotValid, Stale.

    Plans that were offered keep their prices; the next one follows the decision.
    """
    if choice is not Choice.BY_COVER and not grounds.strip():
        raise NotValid(grounds=Message("Say why it is not simply charged as covered."))
    known = queries.decision(session, request)
    change = _stating(choice, grounds.strip(), person.id)
    if known is None:
        return perform(session, lifecycle.DECIDE, _blank(request), person, change)
    return perform(session, lifecycle.CHANGE, known, person, change, base_version=base_version)


def _blank(request: ServiceRequest) -> CoverDecision:
    names = ("organisation_id", "dealer_id", "centre_id")
    return CoverDecision(request_id=request.id, **{name: getattr(request, name) for name in names})


def _stating(choice: Choice, grounds: str, person_id: int | None):
    def change(act: Act) -> None:
        decision = act.record
        decision.choice, decision.grounds = choice, grounds
        decision.decided_by_id, decision.decided_at = person_id, act.at

    return change


def note_exclusion(cause: Act) -> None:
    """Reaction to an exclusion that a second person confirmed on a plan: it is the decision from then on."""
    plan = cause.record
    known = queries.decision(cause.session, plan.order.request)
    change = _stating(Choice.EXCLUDED, plan.exclusion_reason, cause.actor.id)
    if known is None:
        react(cause, lifecycle.DECIDE, _blank(plan.order.request), change)
    elif known.choice is not Choice.EXCLUDED:
        react(cause, lifecycle.CHANGE, known, change)
