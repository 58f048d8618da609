"""The duty roster: one person at every hour, copied by the wall clock, kept once it is past."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.weeks import Span, Week, at_wall
from portal.domain.accounts import service as accounts
from portal.domain.accounts.models import Account
from portal.domain.duty import queries, roster
from portal.domain.duty.models import DutyShift
from portal.domain.organisations.models import Centre
from tests.domain.duty.conftest import HOUR, MINUTE, MONDAY


def change(duty, shift_id, span, base_version=1, by="desk", **crew):
    with writing() as session:
        shift = session.get_one(DutyShift, shift_id)
        roster.change(session, shift, getattr(duty.people, by), base_version, span, duty.crew(**crew))


def copy(duty, week, by="desk"):
    with writing() as session:
        return roster.copy_last_week(session, session.get_one(Centre, duty.centre_id), getattr(duty.people, by), week)


@pytest.mark.req("DSP-6")
def test_who_is_on_duty_is_known_for_every_instant(planned):
    begin, end = MONDAY + 12 * HOUR, MONDAY + 24 * HOUR
    for at in (begin, begin + MINUTE, end - MINUTE):
        assert queries.on_duty(db.session, planned.centre_id, at).person.name == "李伟"
    for at in (begin - MINUTE, end):
        assert queries.on_duty(db.session, planned.centre_id, at) is None


@pytest.mark.req("DSP-6")
def test_the_number_that_customers_see_is_that_of_who_is_on_duty(planned):
    centre = db.session.get_one(Centre, planned.centre_id)
    assert queries.duty_number(db.session, centre, MONDAY + 13 * HOUR).phone == "138 1650 2266"
    assert queries.duty_number(db.session, centre, MONDAY).phone == centre.phone == "021-6482 1166"
    seen = queries.numbers_for(db.session, planned.people.officer, MONDAY + 13 * HOUR)
    assert [(number.centre.id, number.phone) for number in seen] == [(centre.id, "138 1650 2266")]


def test_a_centre_without_a_number_answers_at_the_companys(duty, people):
    theirs = queries.numbers_for(db.session, people.officer2, MONDAY)
    assert [number.phone for number in theirs] == ["400-820-1166"]


def test_no_two_people_are_on_duty_at_once(planned):
    with clock.frozen(MONDAY), pytest.raises(NotValid) as refused:
        planned.plan(MONDAY + 23 * HOUR, MONDAY + 30 * HOUR, person="technician2", deputy=None)
    (told,) = refused.value.fields["starts_at"]
    assert told.params == {"name": "李伟", "from": "2026-11-23 20:00", "until": "2026-11-24 08:00"}
    with clock.frozen(MONDAY):
        planned.plan(MONDAY + 24 * HOUR, MONDAY + 36 * HOUR, person="technician2", deputy=None)


def test_a_shift_needs_a_number_and_different_people(duty):
    with clock.frozen(MONDAY):
        for wrong, crew in (
            ("phone", {"phone": " "}),
            ("deputy", {"deputy": "technician"}),
            ("helpers", {"helpers": ["technician2"]}),
        ):
            with pytest.raises(NotValid) as refused:
                duty.plan(MONDAY + HOUR, MONDAY + 2 * HOUR, **crew)
            assert list(refused.value.fields) == [wrong]
        for start, end in ((2, 1), (1, 1), (-3, -2)):
            with pytest.raises(NotValid) as refused:
                duty.plan(MONDAY + start * HOUR, MONDAY + end * HOUR)
            assert list(refused.value.fields) == ["ends_at"]


def test_the_technician_does_not_plan_and_a_dealer_plans_its_own_centre_alone(duty, people):
    with clock.frozen(MONDAY):
        for by in ("technician", "dealer_desk", "quality"):
            with pytest.raises(NotAllowed):
                duty.plan(MONDAY + HOUR, MONDAY + 2 * HOUR, by=by)
        theirs = next(
            c for c in db.session.query(Centre) if c.dealer_id == people.account("dealer_desk").organisation_id
        )
        duty.plan(
            MONDAY + HOUR,
            MONDAY + 2 * HOUR,
            by="dealer_desk",
            centre_id=theirs.id,
            person="dealer_technician",
            deputy=None,
        )


def test_two_who_change_a_shift_do_not_overwrite_each_other(planned):
    shift_id = queries.on_duty(db.session, planned.centre_id, MONDAY + 13 * HOUR).id
    span = Span(MONDAY + 12 * HOUR, MONDAY + 26 * HOUR)
    with clock.frozen(MONDAY):
        change(planned, shift_id, span, person="technician2", deputy="technician")
        with pytest.raises(Stale):
            change(planned, shift_id, span, base_version=1)
    assert queries.on_duty(db.session, planned.centre_id, MONDAY + 25 * HOUR).person.name == "赵永强"


def test_what_has_begun_keeps_its_beginning_and_what_is_over_stays_as_it_was(planned):
    shift_id = queries.on_duty(db.session, planned.centre_id, MONDAY + 13 * HOUR).id
    begin, end = MONDAY + 12 * HOUR, MONDAY + 24 * HOUR
    with clock.frozen(begin + HOUR):
        with pytest.raises(NotValid):
            change(planned, shift_id, Span(begin + 2 * HOUR, end))
        with pytest.raises(NotNow), writing() as session:
            roster.cancel(session, session.get_one(DutyShift, shift_id), planned.people.desk)
        change(planned, shift_id, Span(begin, begin + 3 * HOUR))
    with clock.frozen(end), pytest.raises(NotNow):
        change(planned, shift_id, Span(begin, end + HOUR), base_version=2)


def test_a_shift_that_was_taken_away_answers_nobody(planned):
    shift_id = queries.on_duty(db.session, planned.centre_id, MONDAY + 13 * HOUR).id
    with clock.frozen(MONDAY), writing() as session:
        roster.cancel(session, session.get_one(DutyShift, shift_id), planned.people.desk)
    assert queries.on_duty(db.session, planned.centre_id, MONDAY + 13 * HOUR) is None


def test_a_week_is_copied_by_the_wall_clock_around_what_is_planned(planned):
    following = Week.of(date(2026, 11, 30))
    with clock.frozen(MONDAY):
        planned.plan(MONDAY + 36 * HOUR, MONDAY + 48 * HOUR)
        planned.plan(MONDAY + timedelta(days=7, hours=40), MONDAY + timedelta(days=7, hours=41))
        assert copy(planned, following) == 1
        with pytest.raises(NotNow):
            copy(planned, following)
    copied = queries.shifts(db.session, planned.centre_id, following.span("Asia/Shanghai"))
    assert copied[0].starts_at == MONDAY + timedelta(days=7, hours=12)
    assert copied[0].phone == "138 1650 2266" and copied[0].helper_ids == planned.ids("desk")


def test_a_copied_shift_keeps_its_hours_over_a_change_of_the_clocks(people, duty):
    with writing() as session:
        session.get_one(Centre, duty.centre_id)
        session.connection().exec_driver_sql("UPDATE centre SET zone = 'Europe/Berlin'")
    zone, before = "Europe/Berlin", date(2026, 10, 21)
    with clock.frozen(at_wall(zone, date(2026, 10, 1))):
        duty.plan(at_wall(zone, before, time(8)), at_wall(zone, before, time(20)))
        copy(duty, Week.of(before).moved(1))
    (copied,) = queries.shifts(db.session, duty.centre_id, Week.of(before).moved(1).span(zone))
    local = copied.starts_at.astimezone(ZoneInfo(zone))
    assert local == datetime(2026, 10, 28, 8, tzinfo=ZoneInfo(zone))
    assert copied.starts_at - at_wall(zone, before, time(8)) == timedelta(days=7, hours=1)


def test_who_left_is_not_copied(planned, people):
    with writing() as session:
        accounts.disable(session, session.get_one(Account, people.account("technician2").id), people.admin, "离职")
    with clock.frozen(MONDAY), pytest.raises(NotNow):
        copy(planned, Week.of(date(2026, 11, 30)))
