"""Promised times of service requests: which acts are which events, and what is known of a case.

`observe` is called for every act. It starts, stops and ends the clocks of the request that the act is about, with the
time at which the event happened, which may be earlier than when we heard of it.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import deadlines, outbox
from portal.core.deadlines import Clock, ClockState, Terms
from portal.core.errors import Message, NotNow
from portal.core.once import once
from portal.core.permissions import Person
from portal.core.verbs import NEW, Act
from portal.domain.catalog.models import RiskClass
from portal.domain.devices.models import Device
from portal.domain.policies import choosing, notices, promises, waiting
from portal.domain.policies.choosing import Chosen
from portal.domain.policies.models import Milestone, PolicyRule, PolicyVersion, Waiting, WaitingReason, WaitingState
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_REQUESTS, Kind, RequestState, Urgency

Moment = Callable[[Act], datetime | None]


def _then(act: Act) -> datetime:
    return act.occurred_at


def _by_a_person(act: Act) -> datetime | None:
    """An answer comes from a named person, never from the system (SLA-4)."""
    return None if act.actor.is_system else act.occurred_at


def _with_next_step(act: Act) -> datetime | None:
    return _by_a_person(act) if act.record.next_step else None


def _restored(act: Act) -> datetime | None:
    """The repair clock stops when the device worked again, not when the paper was done."""
    return act.record.restored_at


EVENTS: dict[str, tuple[tuple[str, Moment], ...]] = {
    "service_request:create": (("reported", _then),),
    "service_request:assess": (("answered", _with_next_step),),
    "service_request:assign": (("answered", _by_a_person),),
    "service_request:cancel": (("ended", _then),),
    "service_request:refuse": (("ended", _then),),
    "service_request:complete": (("ended", _then),),
    "service_request:close": (("closed", _then),),
    "work_order:dispatch": (("dispatched", _then),),
    "work_order:arrive": (("arrived", _then),),
    "work_order:submit": (("restored", _restored),),
}
"""Act → the events that it is, with the time of each; None where it is not one this time."""

HANDED_OVER = ("service_request:assign", "service_request:hand_back")
FOLLOWED = {*EVENTS, *HANDED_OVER, "milestone:record"}
OVER = ("service_request:cancel", "service_request:refuse", "service_request:complete")


def observe(act: Act) -> None:
    """Let the clocks of the case follow the act."""
    if act.name not in FOLLOWED:
        return
    request = _request(act)
    if request is None:
        return
    new = act.verb.on is NEW and act.record is request
    clocks = [] if new else deadlines.open_clocks(act.session, request.__tablename__, request.id)
    for event, at in _events(act):
        promises.happened(clocks, event, at)
        _start(act.session, request, event, at, clocks, new=new)
    for clock in clocks:
        clock.technician_id = request.technician_id
    if act.name in HANDED_OVER:
        _hand_over_waiting(act, request)
    if act.name in OVER:
        _end_waiting(act, request)
    _tell_if_urgent(act, request)


def _request(act: Act) -> ServiceRequest | None:
    match act.record:
        case ServiceRequest():
            return act.record
        case WorkOrder():
            return act.record.request
        case Milestone(root_kind=ServiceRequest.__tablename__):
            return act.session.get_one(ServiceRequest, act.record.root_id)
    return None


def _events(act: Act) -> list[tuple[str, datetime]]:
    if isinstance(act.record, Milestone):
        return [(act.record.event, act.record.occurred_at)]
    found = [(event, moment(act)) for event, moment in EVENTS.get(act.name, ())]
    return [(event, at) for event, at in found if at is not None]


def _start(
    session: Session, request: ServiceRequest, event: str, at: datetime, clocks: list[Clock], *, new: bool
) -> None:
    """Start what the case's policy promises from this event on, once. `clocks`: those that were open before it."""
    chosen = _pinned(session, clocks)
    if chosen is None and not new:
        chosen = _pinned(session, promises.of(session, request.__tablename__, request.id))
    chosen = chosen or (choosing.choose(session, facts(request)) if _may_choose(event) else None)
    if chosen is None:
        return
    begun = {name: rule for name, rule in _rules(request, chosen, at).items() if rule.starts_on == event}
    known = promises.of(session, request.__tablename__, request.id) if begun and not new else []
    for name in sorted(begun.keys() - {clock.name for clock in known}):
        terms = choosing.terms_of(begun[name], chosen.version, chosen.calendar)
        deadlines.start(session, request, terms, event, at)


def _may_choose(event: str) -> bool:
    """A case that was promised nothing when it was reported is promised nothing when it ends."""
    return event not in ("ended", "restored")


def _pinned(session: Session, known: list[Clock]) -> Chosen | None:
    """The version and the calendar that the case runs by: later clocks of it follow the same promise."""
    if not known:
        return None
    first = next((clock for clock in known if clock.open), known[0])
    mine = sa.select(PolicyVersion).where(
        PolicyVersion.policy_id == first.policy_id, PolicyVersion.version == first.rule_version
    )
    pinned = (PolicyVersion, first.policy_id, first.rule_version)
    version = once(session, pinned, lambda: session.scalars(mine).one())
    return Chosen(version, first.calendar, "", "")


def facts(request: ServiceRequest) -> dict[str, Any]:
    """What choosing and rules ask of a request."""
    on = request.reported_at.astimezone(ZoneInfo(request.company.zone)).date()
    known = facts_of_device(request.device, on, request.kind, request.urgency)
    return known | {
        "organisation_id": request.organisation_id,
        "site_id": request.site_id,
        "centre_id": request.centre_id,
        "tier": request.organisation.tier,
        "province": request.organisation.province,
        "locality": request.site.locality.value,
    }


def facts_of_device(device: Device, on: date, kind: Kind, urgency: Urgency) -> dict[str, Any]:
    """What would be asked of a request for this device, reported on that day where it stands."""
    product, covered = device.product, device.in_warranty(on)
    flags = {
        "life_support": product.life_support,
        "implantable": product.implantable,
        "class_III": product.risk_class is RiskClass.III,
    }
    return {
        "organisation_id": device.organisation_id,
        "site_id": device.site_id,
        "centre_id": device.centre_id,
        "on": on,
        "device": device.number,
        "tier": device.organisation.tier,
        "risks": frozenset(name for name, holds in flags.items() if holds),
        "cover": "covered" if covered else "not_covered",
        "covered": covered,
        "kind": kind.value,
        "urgency": urgency.value,
        "critical": product.life_support or urgency is Urgency.CRITICAL,
        "province": device.organisation.province,
        "locality": device.site.locality.value,
        "large": product.large_equipment,
    }


def _hand_over_waiting(act: Act, request: ServiceRequest) -> None:
    """Whoever is sent now may end a waiting that began before, and is chased for it."""
    for row in waiting.open_of(act.session, request.__tablename__, request.id):
        row.technician_id = request.technician_id


def _end_waiting(act: Act, request: ServiceRequest) -> None:
    """Nothing is waited for once the case is over."""
    for row in waiting.open_of(act.session, request.__tablename__, request.id):
        row.state = WaitingState.OVER
        waiting.close(act, row, act.occurred_at)


def is_urgent(request: ServiceRequest) -> bool:
    """Urgent by what was said, or a life-supporting device that stands still."""
    stands_still = request.device_stopped and request.device.product.life_support
    return request.urgency is not Urgency.NORMAL or stands_still


def _tell_if_urgent(act: Act, request: ServiceRequest) -> None:
    """The managers hear of it with the intake, or when it turns out to be urgent; then open clocks are counted anew."""
    if act.name == "service_request:create" and is_urgent(request):
        notices.urgent_intake(act.session, request)
    if act.name == "service_request:assess" and _changed(act, "urgency"):
        before, _ = act.changes[request]["set"]["urgency"]
        if before is Urgency.NORMAL:
            notices.urgent_intake(act.session, request)
        outbox.put(act.session, "clocks.reapply_case", {"request": request.id})


def _changed(act: Act, name: str) -> bool:
    return name in act.changes.get(act.record, {"set": {}})["set"]


def reapply(session: Session, request: ServiceRequest) -> int:
    """Count the open clocks of a case anew by what holds now; returns how many changed. Broken promises stay.

    What is newly promised from an event that has happened starts at the time of that event.
    """
    chosen = choosing.choose(session, facts(request))
    if chosen is None:
        return 0
    known = promises.of(session, request.__tablename__, request.id)
    running = [c for c in known if c.open and c.state is not ClockState.BREACHED]
    changed = 0
    for clock in running:
        rule = _rules(request, chosen, clock.started_at).get(clock.name)
        terms = choosing.terms_of(rule, chosen.version, chosen.calendar) if rule else None
        changed += promises.recount(session, clock, terms) is not None
    missing = _missing(request, chosen, {clock.name for clock in known})
    anchor = next((clock for clock in running if clock.open), None)
    if missing and anchor is not None:
        promises.begin_beside(session, anchor, request, missing)
        changed += len(missing)
    return changed


def _rules(request: ServiceRequest, chosen: Chosen, at: datetime) -> dict[str, PolicyRule]:
    return choosing.rules_for(chosen.version, choosing.with_hours(facts(request), chosen.calendar, at))


def _missing(request: ServiceRequest, chosen: Chosen, names: set[str]) -> list[tuple[Terms, str, datetime]]:
    """Promises of the policy whose event has happened, whose end has not, and that no clock was started for."""
    happened = {"reported": request.reported_at} | _of_orders(request)
    found = []
    for event, at in happened.items():
        for name, rule in _rules(request, chosen, at).items():
            done = {*rule.stops_on, *rule.ends_on} & happened.keys()
            if rule.starts_on == event and name not in names and not done:
                found.append((choosing.terms_of(rule, chosen.version, chosen.calendar), event, at))
    return found


def _of_orders(request: ServiceRequest) -> dict[str, datetime]:
    """When orders of the request brought about each event first."""
    moments = {
        "dispatched": [order.dispatched_at for order in request.orders],
        "arrived": [order.arrived_at for order in request.orders if order.arrived_at],
        "restored": [order.restored_at for order in request.orders if order.restored_at],
    }
    return {event: min(found) for event, found in moments.items() if found}


def wait(
    session: Session,
    request: ServiceRequest,
    person: Person,
    reason: WaitingReason,
    evidence: str,
    occurred_at: datetime | None = None,
) -> Waiting:
    """The case waits for `reason`; see `waiting.begin`."""
    _still_open(request, OPEN_REQUESTS)
    return waiting.begin(session, request, person, reason, evidence, occurred_at)


def record(
    session: Session,
    request: ServiceRequest,
    person: Person,
    event: str,
    evidence: str,
    occurred_at: datetime | None = None,
) -> Milestone:
    """Record what happened to the case; see `waiting.record`."""
    _still_open(request, (*OPEN_REQUESTS, RequestState.COMPLETED, RequestState.CLOSED))
    return waiting.record(session, request, person, event, evidence, occurred_at)


def _still_open(request: ServiceRequest, states: tuple[RequestState, ...]) -> None:
    if request.state not in states:
        raise NotNow(Message("This request is over: it is now %(state)s.", state=request.state.label))
