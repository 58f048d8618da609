"""Promised times of the demonstration: a contract, what cases wait for, and what has already been kept or broken."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, deadlines
from portal.core.deadlines import Clock, ClockState
from portal.core.permissions import Person
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.cover import service as cover
from portal.domain.cover.models import Choice
from portal.domain.policies import calendars, promises, rules, waiting
from portal.domain.policies.models import ServicePolicy, WaitingReason, WorkCalendar
from portal.domain.servicing import clocks
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OrderState, RequestState

CONTRACT = "RK-FW-2026-017"


def agree(session: Session, cast: Cast) -> None:
    """One hospital has a contract, and the house's calendar a new version in the making."""
    manager = _person(cast, "manager")
    policy = session.scalars(sa.select(ServicePolicy).where(ServicePolicy.key == "H")).one()
    rules.approve(session, rules.draft_of(session, policy.id), manager)
    rules.sign_contract(
        session,
        manager,
        number=CONTRACT,
        organisation_id=cast.organisations["binjiang"].id,
        policy_id=policy.id,
        starts_on=clock.now().date() - timedelta(days=200),
        ends_on=clock.now().date() + timedelta(days=165),
        labour_share=100,
        parts_share=80,
        travel_share=100,
        visits_a_year=12,
        lends_device=True,
        standing_consent=True,
        standing_limit=300_000,
        standing_clause="第六条：单次维修费用（含税）不超过 3000 元的，甲方事先同意，乙方可直接维修，报价单留存备查。",
    )
    calendar = session.scalars(sa.select(WorkCalendar)).one()
    calendars.draft(session, calendar, manager, note="2027 年放假安排公布后补录")


def tell(session: Session, cast: Cast) -> None:
    """After all tales: what is waited for, what was recorded by hand, and what time has brought."""
    desk = _person(cast, "desk")
    request = _at_work_for_a_dealer(session)
    if request is not None:
        reason = session.scalars(sa.select(WaitingReason).where(WaitingReason.key == "access")).one()
        clocks.record(session, request, desk, "remote_failed", "工程师与科室视频排查 20 分钟未能恢复")
        clocks.wait(session, request, desk, reason, "设备科来电：手术占用，明早可进场")
    for request in _on_site(session, cast):
        _wait_twice(session, request, desk)
        cover.decide(session, request, desk, 0, Choice.BY_COVER, "")
    _clarify(session, desk)
    while ids := deadlines.next_due(session, clock.now()):
        for clock_id in ids:
            promises.fire(session, clock_id, clock.now())
    broken = session.scalars(sa.select(Clock).where(Clock.state == ClockState.BREACHED).order_by(Clock.id)).first()
    if broken is not None:
        promises.plead(session, broken, desk, "weather", "当日台风，高架封闭，附交警通告")


def _clarify(session: Session, desk: Person) -> None:
    """Of a request that nobody was sent for yet, it is not clear who pays."""
    mine = sa.select(ServiceRequest).where(ServiceRequest.state == RequestState.ASSESSED)
    request = session.scalars(mine.order_by(ServiceRequest.id).limit(1)).one()
    cover.decide(session, request, desk, 0, Choice.TO_CLARIFY, "科室称设备曾跌落，需工程师到场确认是否人为损坏")


def _wait_twice(session: Session, request: ServiceRequest, desk: Person) -> None:
    """The device was in use for a while, which is over; now our own stores lack the part."""
    reasons = {row.key: row for row in session.scalars(sa.select(WaitingReason))}
    began = max(request.reported_at, clock.now() - timedelta(hours=3))
    until = began + (clock.now() - began) / 2
    over = clocks.wait(session, request, desk, reasons["access"], "护士长来电：患者使用中，换机后可停机", began)
    waiting.end(session, over, desk, until)
    clocks.wait(session, request, desk, reasons["parts"], "仓库回复：传感器缺货，调拨中")


def _on_site(session: Session, cast: Cast) -> list[ServiceRequest]:
    """What our own technician and a dealer's are at now."""
    at_work = [cast.people[key].id for key in ("technician", "dealer_technician")]
    mine = sa.select(WorkOrder).where(WorkOrder.technician_id.in_(at_work), WorkOrder.state == OrderState.ON_SITE)
    return [order.request for order in session.scalars(mine.order_by(WorkOrder.id))]


def _person(cast: Cast, key: str) -> Person:
    return person_of(cast.people[key])


def _at_work_for_a_dealer(session: Session) -> ServiceRequest | None:
    mine = sa.select(ServiceRequest).where(
        ServiceRequest.state == RequestState.IN_SERVICE,
        ServiceRequest.dealer_id.is_not(None),
        ServiceRequest.technician_id.is_not(None),
    )
    return session.scalars(mine.order_by(ServiceRequest.id).limit(1)).first()
