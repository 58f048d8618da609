"""Duty and absences of the demonstration: three weeks of day and night with a gap, calls in the night, leave."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.weeks import DAYS, Span, Week, at_wall
from portal.demo.cast import Cast
from portal.domain.absences import service as absences
from portal.domain.absences.words import AbsenceKind
from portal.domain.accounts.people import person_of
from portal.domain.duty import calls, roster
from portal.domain.duty.queries import on_duty
from portal.domain.duty.roster import Crew
from portal.domain.servicing.models import ServiceRequest

PHONES = {"shanghai": "138 1650 2266", "huadong": "139 5710 8812"}
CREWS = {
    "shanghai": (("technician", "technician2", ("desk",)), ("technician2", "technician", ("desk2",))),
    "huadong": (("dealer_technician", "dealer_desk", ("desk",)), ("dealer_technician", "dealer_desk", ("desk",))),
}
"""Centre → who answers by day and who by night, each with deputy and helpers; they swap from week to week."""

DAY, NIGHT = time(8), time(20)
UNPLANNED = 6
"""The Sunday night of next week is still open."""


def plan(session: Session, cast: Cast) -> None:
    """Plan the week before, this week and the next, as somebody did it in time."""
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    first = Week.of(today).moved(-1)
    with clock.frozen(at_wall("Asia/Shanghai", first.monday - timedelta(days=3), time(15))):
        for key in CREWS:
            for n in range(3 * DAYS):
                _plan_day(session, cast, key, first.monday + timedelta(days=n), n)


def _plan_day(session: Session, cast: Cast, key: str, on: date, n: int) -> None:
    centre, (by_day, by_night) = cast.centres[key], CREWS[key] if n // DAYS % 2 else CREWS[key][::-1]
    spans = [(DAY, on, NIGHT, by_day), (NIGHT, on + timedelta(days=1), DAY, by_night)]
    if n == 2 * DAYS + UNPLANNED:
        spans.pop()
    for start, last, end, crew in spans:
        span = Span(at_wall(centre.zone, on, start), at_wall(centre.zone, last, end))
        roster.plan(session, centre, person_of(cast.people["manager"]), span, _crew(cast, key, crew))


def _crew(cast: Cast, key: str, names: tuple) -> Crew:
    first, deputy, helpers = names
    ids = {name: cast.people[name].id for name in (first, deputy, *helpers)}
    return Crew(ids[first], PHONES[key], ids[deputy], [ids[name] for name in helpers])


def called_at(zone: str, at: datetime) -> datetime:
    """20 to 10 in the evening before: when a request of the night came in."""
    return at_wall(zone, at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1), time(21, 40))


def ring(session: Session, request: ServiceRequest, *, answered: bool) -> None:
    """A minute after the intake: who is on duty answers in time, or the next is called until the desk sees to it."""
    start = request.reported_at + timedelta(minutes=1)
    with clock.frozen(start):
        call = calls.begin(session, request, on_duty(session, request.centre_id, start))
    if answered:
        with clock.frozen(start + timedelta(minutes=4)):
            calls.answer(session, call, person_of(call.rings[0].account))
    elif call.next_at is not None:
        with clock.frozen(call.next_at):
            calls.go_on(session, call.id, clock.now())


def go_away(session: Session, cast: Cast) -> None:
    """One of ours will be at a course, which the manager entered; one asks for leave; one of a dealer's is ill."""
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    manager, sick = person_of(cast.people["manager"]), person_of(cast.people["dealer_desk"])
    for key, by, kind, first, days in (
        ("technician2", manager, AbsenceKind.TRAINING, 9, 3),
        ("technician", person_of(cast.people["technician"]), AbsenceKind.ANNUAL, 20, 5),
        ("dealer_technician", sick, AbsenceKind.SICK, 2, 2),
    ):
        first_on = today + timedelta(days=first)
        absences.ask(session, cast.people[key], by, kind, first_on, first_on + timedelta(days=days - 1))
