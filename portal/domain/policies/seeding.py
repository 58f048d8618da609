"""What is shipped becomes rows: the house's calendar, policies of the sources, waiting reasons, price terms.

Runs at every start and adds only what is missing; what people changed stays as they left it.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Text2
from portal.core.permissions import SYSTEM
from portal.core.working_time import Window
from portal.domain.policies import calendars, holidays, rules, waiting
from portal.domain.policies.models import (
    Chased,
    PolicyRule,
    PriceTerms,
    Rate,
    ServicePolicy,
    WaitingReason,
    WorkCalendar,
)
from portal.domain.policies.presets import PRICE_TERMS, SHIPPED, WAITING_REASONS, Preset, Promise

ZONE = "Asia/Shanghai"
HOURS = ["08:30-12:00", "13:30-17:30"]
WEEK = [HOURS] * 5 + [[], []]


def install(session: Session) -> int:
    """Add what is missing of what is shipped; returns how many records were made."""
    made = _calendar(session) + sum(_policy(session, preset) for preset in SHIPPED)
    return made + _reasons(session) + _price_terms(session)


def _calendar(session: Session) -> int:
    if session.scalar(sa.select(WorkCalendar.id).limit(1)) is not None:
        return 0
    calendar = calendars.found(session, SYSTEM, name=Text2("公司日历", "House calendar"), holidays=holidays.CHINA)
    days, years = known_years()
    version = calendars.draft(session, calendar, SYSTEM, zone=ZONE, week=WEEK, days=days, years=years)
    calendars.approve(session, version, SYSTEM)
    return 1


def known_years() -> tuple[dict[str, dict], list[int]]:
    """The holidays of last year, this year and the next, as far as they are known."""
    year = clock.now().year
    days: dict[str, dict] = {}
    years = []
    for each in (year - 1, year, year + 1):
        try:
            days |= holidays.days_of(holidays.CHINA, each, tuple(map(Window.read, HOURS)))
        except holidays.NotAnnounced:
            continue
        years.append(each)
    return days, years


def _policy(session: Session, preset: Preset) -> int:
    if session.scalar(sa.select(ServicePolicy.id).where(ServicePolicy.key == preset.key)) is not None:
        return 0
    policy = rules.found(
        session,
        SYSTEM,
        key=preset.key,
        subject=preset.subject,
        name=preset.name,
        applies_to=[dict(row) for row in preset.applies_to],
    )
    made = [rule_of(promise, position) for position, promise in enumerate(preset.rules, 1)]
    version = rules.draft(session, policy, SYSTEM, made, source=preset.source, note=preset.note)
    if preset.in_force:
        rules.approve(session, version, SYSTEM)
    return 1


def rule_of(promise: Promise, position: int) -> PolicyRule:
    """A shipped promise as a row."""
    return PolicyRule(
        position=position,
        clock=promise.clock,
        when=promise.when,
        unit=promise.unit,
        amount=promise.stored,
        starts_on=promise.starts_on,
        stops_on=list(promise.stops_on),
        ends_on=list(promise.ends_on),
        steps=[[percent, list(roles)] for percent, roles in promise.steps],
        pausable=promise.pausable,
        regulatory=promise.regulatory,
        words=promise.words,
    )


def _reasons(session: Session) -> int:
    known = set(session.scalars(sa.select(WaitingReason.key)))
    missing = [reason for reason in WAITING_REASONS if reason.key not in known]
    for reason in missing:
        waiting.add_reason(
            session,
            SYSTEM,
            key=reason.key,
            name=reason.name,
            chases=Chased(reason.chases),
            every_days=reason.every_days,
            reminders=reason.reminders,
            goes_up_to=Chased(reason.goes_up_to),
            stops_clocks=reason.stops_clocks,
        )
    return len(missing)


def _price_terms(session: Session) -> int:
    known = set(session.scalars(sa.select(PriceTerms.key)))
    missing = [terms for terms in PRICE_TERMS if terms.key not in known]
    for terms in missing:
        rules.ship_terms(
            session,
            SYSTEM,
            key=terms.key,
            name=terms.name,
            source=terms.source,
            parts=Rate(terms.parts),
            labour=Rate(terms.labour),
            travel=Rate(terms.travel),
            is_default=terms.is_default,
        )
    return len(missing)
