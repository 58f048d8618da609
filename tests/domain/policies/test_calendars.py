"""Calendars are drafted by one and approved by another; holidays are filled in, and asked for where missing."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.core import clock, outbox
from portal.core.db import Text2, writing
from portal.core.deadlines import CalendarVersion, VersionState, account
from portal.core.errors import NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.policies import calendars, holidays
from portal.domain.policies.models import WorkCalendar
from tests.domain.policies.conftest import MONDAY, at, run_job, wall


@pytest.fixture
def house(session):
    """The calendar of the house."""
    return session.scalars(sa.select(WorkCalendar)).one()


def drafted(calendar, person, **values):
    with writing() as session:
        return calendars.draft(session, session.get_one(WorkCalendar, calendar.id), person, **values)


def edit(version, person, do, *args, **values):
    with writing() as session:
        version = session.get_one(CalendarVersion, version.id)
        do(session, version, person, version.draft_version, *args, **values)


def approve(version, person):
    with writing() as session:
        calendars.approve(session, session.get_one(CalendarVersion, version.id), person)


@pytest.mark.req("SLA-3")
def test_the_house_begins_with_the_holidays_and_make_up_days_that_are_known(house, session):
    version = calendars.in_force(session, house.id)
    assert version.years == [2025, 2026]
    assert version.days["2026-10-01"] == {"hours": [], "zh": "国庆节", "en": "National Day"}
    assert version.days["2026-10-10"]["hours"] == ["08:30-12:00", "13:30-17:30"]
    assert version.name_of(date(2026, 10, 10)).zh == "国庆节调休上班"


def test_a_year_that_the_library_does_not_know_is_refused_in_words(house, people):
    version = drafted(house, people.manager)
    with pytest.raises(NotValid, match="2031"):
        edit(version, people.manager, calendars.add_year, 2031)
    with pytest.raises(holidays.NotAnnounced):
        holidays.days_of("CN", 2031, ())


def test_a_year_is_added_and_what_people_entered_stays(house, people, session):
    own = {"2024-05-01": {"hours": ["09:00-10:00"], "zh": "值班", "en": ""}}
    version = drafted(house, people.manager, days=own, years=[])
    edit(version, people.manager, calendars.add_year, 2024)
    kept = session.get_one(CalendarVersion, version.id, populate_existing=True)
    assert kept.days["2024-05-01"]["zh"] == "值班"
    assert kept.days["2024-10-01"]["zh"] == "国庆节"
    assert kept.years == [2024]


def test_a_calendar_without_hours_is_refused(house, people):
    version = drafted(house, people.manager, week=[[]] * 7)
    with pytest.raises(NotNow, match="no working hours"):
        approve(version, people.quality)


@pytest.mark.parametrize(
    "hours", [["09:00-12:00", "11:00-15:00"], ["13:00-15:00", "09:00-12:00"], ["nine to five"], ["12:00-09:00"]]
)
def test_hours_that_overlap_or_cannot_be_read_are_refused(house, people, hours):
    with pytest.raises(NotValid):
        drafted(house, people.manager, week=[hours] + [[]] * 6)
    version = drafted(house, people.manager)
    with pytest.raises(NotValid):
        edit(version, people.manager, calendars.set_day, date(2026, 12, 24), hours)


def test_a_zone_that_there_is_not_is_refused(house, people):
    with pytest.raises(NotValid):
        drafted(house, people.manager, zone="Asia/Pudong")


def test_whoever_drafted_it_does_not_approve_it(house, people, session):
    version = drafted(house, people.manager)
    with pytest.raises(NotNow, match="second person"):
        approve(version, people.manager)
    approve(version, people.quality)
    states = session.scalars(sa.select(CalendarVersion.state).order_by(CalendarVersion.id)).all()
    assert states == [VersionState.SUPERSEDED, VersionState.IN_FORCE]


def test_a_day_is_made_an_exception_and_taken_back(house, people, session):
    version = drafted(house, people.manager)
    edit(version, people.manager, calendars.set_day, date(2026, 12, 24), [], zh="公司年会", en="Company day")
    assert session.get_one(CalendarVersion, version.id, populate_existing=True).name_of(date(2026, 12, 24)).en
    edit(version, people.manager, calendars.set_day, date(2026, 12, 24), None)
    assert "2026-12-24" not in session.get_one(CalendarVersion, version.id, populate_existing=True).days


@pytest.mark.req("SLA-3")
def test_a_clock_keeps_the_calendar_that_it_started_with(case, house, people):
    case.report(at("2026-11-16 16:30"))
    version = drafted(house, people.manager, week=[["09:00-10:00"]] * 5 + [[], []])
    approve(version, people.quality)
    assert wall(case["dispatch"].due_at) == "11-17 10:30"
    later = case.report(at("2026-11-16 16:30"))
    assert wall(later["dispatch"].due_at) == "11-19 10:00"


@pytest.mark.req("SLA-3")
def test_a_centre_has_its_own_hours(case, people, device, session):
    with writing() as s:
        own = calendars.found(s, people.manager, name=Text2("夜班", "Nights"), centre_id=device.centre_id)
        night = calendars.draft(s, own, people.manager, zone="Asia/Shanghai", week=[["00:00-24:00"]] * 7)
        calendars.approve(s, night, people.quality)
    assert wall(case.report(at("2026-11-15 22:00"))["dispatch"].due_at) == "11-16 01:00"


def test_from_november_on_the_office_is_asked_for_the_holidays_of_next_year_not_every_day(people, session):
    assert asked(people, session, "2026-10-31 09:00") == []
    assert asked(people, session, "2026-11-21 09:00") == [2027]
    assert asked(people, session, "2026-11-22 09:00") == [2027]
    assert asked(people, session, "2026-12-06 09:00") == [2027, 2027]


def asked(people, session, when):
    """Years that the manager has been asked for, after the daily look at this time."""
    with clock.frozen(at(when)):
        with writing() as s:
            outbox.put(s, "calendars.look_ahead", {})
        run_job(session, "calendars.look_ahead")
    mine = sa.select(Notice.params).where(Notice.person_id == people.manager.id, Notice.kind == "holidays_missing")
    return [params["year"] for params in session.scalars(mine.order_by(Notice.id))]


def test_a_promise_into_a_year_without_holidays_says_so(case, session):
    version = case.report(MONDAY)["arrive"].calendar
    rows = account(version, case["dispatch"].unit, at("2026-12-30 09:00"), at("2027-01-04 09:00"))
    assert {row.day.year: row.announced for row in rows} == {2026: True, 2027: False}
