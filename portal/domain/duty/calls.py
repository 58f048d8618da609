"""Calls to the people on duty: an urgent request outside working hours rings until somebody takes care of it (DSP-6).

Who is on duty is called first; unanswered, the call goes on to the deputy, the helpers and the managers, one rung at a
time. After a time when nobody looked, the next rung is called once, and has its full time to answer.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, figures, outbox
from portal.core.figures import declare
from portal.core.locks import lock
from portal.core.perform import perform, react
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import Act
from portal.domain.accounts.models import Account, State
from portal.domain.accounts.people import holders
from portal.domain.duty import lifecycle, queries
from portal.domain.duty.models import DutyCall, DutyRing, DutyShift
from portal.domain.duty.words import CallState, Rung
from portal.domain.permissions import P, Role
from portal.domain.policies import calendars
from portal.domain.servicing.clocks import is_urgent
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import RequestState

declare(
    "duty_answer_minutes",
    10,
    "minutes",
    "operating decision: an urgent request has a promised first answer of 15 minutes",
)

RING_JOB = "duty.ring"


def ask(cause: Act) -> None:
    """Reaction to an intake: an urgent one is looked at by a job, which knows the working hours and who is on duty."""
    if is_urgent(cause.record):
        outbox.put(cause.session, RING_JOB, {"request": cause.record.id, "by": cause.actor.id or 0})


def ring(session: Session, request: ServiceRequest, by: int | None = None) -> DutyCall | None:
    """Call who is on duty about an urgent request; None where nobody needs to be called.

    Nobody needs to while the centre works, where somebody has looked at the request already, where it rings already,
    and where who is on duty took it in themselves (`by`, an account id).
    """
    lock(session, request)
    at = clock.now()
    if request.state is not RequestState.RECEIVED or _at_work(session, request.centre_id, at):
        return None
    shift = queries.on_duty(session, request.centre_id, at)
    if queries.call_of(session, request) is not None or (shift and by == shift.person_id):
        return None
    return begin(session, request, shift)


def begin(session: Session, request: ServiceRequest, shift: DutyShift | None) -> DutyCall:
    """Call the first rung about a request that has no call yet: of this shift, or the managers where there is none."""
    call = DutyCall(
        company=request.company,
        request_id=request.id,
        centre_id=request.centre_id,
        dealer_id=request.dealer_id,
        shift_id=shift.id if shift else None,
        began_at=clock.now(),
    )

    def change(act: Act) -> None:
        session.add(call)
        call.request, call.shift = request, shift
        _next_rung(act)

    return perform(session, lifecycle.RING, call, SYSTEM, change).record


def _at_work(session: Session, centre_id: int, at: datetime) -> bool:
    """Whether the centre is open; one whose hours nobody has entered counts as closed."""
    version = calendars.for_centre(session, centre_id)
    return version is not None and version.working_time.open_at(at)


def go_on(session: Session, call_id: int, at: datetime) -> Act | None:
    """Call the next rung of an unanswered call that is due by `at`, once: whoever comes second finds nothing to do."""
    call = session.get_one(DutyCall, call_id)
    lock(session, call)
    if call.state is not CallState.RINGING or call.next_at is None or call.next_at > at:
        return None
    return perform(session, lifecycle.GO_ON, call, SYSTEM, _next_rung)


def _next_rung(act: Act) -> None:
    """Ring the people of the next rung that has any, and note when the one after it is due."""
    call: DutyCall = act.record
    ladder = [(rung, people) for rung, people in _ladder(act.session, call) if people and rung not in call.rungs]
    for rung, people in ladder[:1]:
        for account in people:
            call.rings.append(DutyRing(account=account, account_id=account.id, rung=rung, rung_at=act.at))
    minutes = figures.integer(act.session, "duty_answer_minutes")
    call.next_at = act.at + timedelta(minutes=minutes) if len(ladder) > 1 else None


def _ladder(session: Session, call: DutyCall) -> list[tuple[Rung, list[Account]]]:
    """Who is called, from the first to the last; whoever may no longer sign in is left out."""
    shift: DutyShift | None = call.shift
    ids = [shift.person_id, shift.deputy_id, *shift.helper_ids] if shift else []
    here = {n: a for n, a in queries.named(session, filter(None, ids)).items() if a.state is State.ACTIVE}
    managers = holders(session, P.DUTY_ANSWER, call, (Role.MANAGER,))
    found = [(Rung.MANAGERS, managers)]
    if shift is not None:
        helpers = [here[n] for n in shift.helper_ids if n in here]
        first, second = ([here[n]] if n in here else [] for n in (shift.person_id, shift.deputy_id))
        found = [(Rung.ON_DUTY, first), (Rung.DEPUTY, second), (Rung.HELPERS, helpers), *found]
    return found


def answer(session: Session, call: DutyCall, person: Person) -> Act:
    """`person` takes care of it; the others who were called are told."""

    def change(act: Act) -> None:
        call.answered_by_id, call.answered_at, call.next_at = person.id, act.at, None

    return perform(session, lifecycle.ANSWER, call, person, change)


def settle(cause: Act) -> None:
    """Reaction: the request was assessed, assigned or ended, so nobody needs to be called any more."""
    ringing = sa.select(DutyCall).where(DutyCall.request_id == cause.record.id, DutyCall.state == CallState.RINGING)
    call = cause.session.scalars(ringing).one_or_none()
    if call is not None:
        react(cause, lifecycle.SETTLE, call, lambda act: setattr(call, "next_at", None))
