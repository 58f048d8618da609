"""Calendars: hours, days that differ, years of holidays; each version approved by a second person."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.deadlines import CalendarVersion, VersionState
from portal.domain.policies.models import WorkCalendar
from tests.queries import count_queries

URL = "/office/calendars"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
WEEK = {"zone": "Asia/Shanghai", **dict.fromkeys(DAYS, "09:00-12:00, 13:00-18:00")}


def said(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.fixture
def house(session):
    """The address of the house's calendar."""
    return f"{URL}/{session.scalars(sa.select(WorkCalendar)).one().uid}"


@pytest.fixture
def newest(session):
    """The newest version of the newest calendar."""

    def look():
        session.rollback()
        return session.scalars(sa.select(CalendarVersion).order_by(CalendarVersion.id.desc())).first()

    return look


@pytest.fixture
def begun(browser, house):
    """Somebody from quality who has begun a draft."""
    client = browser("quality2")
    assert client.post(f"{house}/begin").headers["Location"] == f"{house}/draft"
    return client


def week(client, house, version, **values):
    return client.post(f"{house}/draft", data=WEEK | {"base_version": str(version.draft_version)} | values)


@pytest.mark.req("SLA-3")
def test_hours_are_drafted_compared_and_put_into_force_by_a_second_person(browser, house, begun, newest):
    assert week(begun, house, newest(), saturday="10：00–12：00").status_code == 303
    version = newest()
    assert version.week == [["09:00-12:00", "13:00-18:00"]] * 5 + [["10:00-12:00"], []]
    text = said(begun.get(f"{house}/draft"))
    assert "Monday 08:30-12:00, 13:30-17:30 09:00-12:00, 13:00-18:00" in text and "You wrote this draft last" in text
    assert begun.post(f"{house}/draft/approve").status_code == 409
    assert browser("manager").post(f"{house}/draft/approve").status_code == 303
    assert newest().state is VersionState.IN_FORCE
    assert "Earlier versions" in said(begun.get(house))


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"friday": "09:00-12:00, 11:00-15:00"}, "friday", "overlap"),
        ({"friday": "13:00-15:00, 09:00-12:00"}, "friday", "out of order"),
        ({"monday": "nine to five"}, "monday", "Write hours as"),
        ({"monday": "09:00-25:00"}, "monday", "Write hours as"),
        (dict.fromkeys(DAYS, ""), "monday", "would never let a clock run"),
        ({"zone": "Asia/Pudong"}, "zone", "Not a valid choice"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field(house, begun, newest, values, field, words):
    answer = week(begun, house, newest(), **values)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in said(answer)
    assert f'href="#{field}"' in html and f'id="{field}-error"' in html


@pytest.mark.req("SLA-3")
def test_a_year_without_holidays_is_said_on_every_page_from_november_on(browser, house, begun):
    client = browser("manager")
    with clock.frozen(datetime(2027, 11, 3, tzinfo=UTC)):
        for path in (URL, house, f"{house}/draft"):
            assert "2027, 2028" in said(browser("manager").get(path))
    with clock.frozen(datetime(2026, 10, 3, tzinfo=UTC)):
        assert "缺少" not in said(client.get(URL))


def test_the_holidays_of_a_year_are_entered_or_said_to_be_unknown(house, begun, newest):
    def enter(year):
        data = {"year": str(year), "base_version": str(newest().draft_version)}
        return begun.post(f"{house}/draft/year", data=data)

    assert enter(2024).status_code == 303 and newest().days["2024-10-01"]["zh"] == "国庆节"
    assert "1 Oct 2024" in said(begun.get(f"{house}/draft?year=2024"))
    answer = enter(2090)
    assert answer.status_code == 422 and "not known here yet" in said(answer)
    assert enter("").status_code == 422


def test_a_date_is_made_to_differ_and_taken_back(house, begun, newest):
    day = {"on": "2026-12-24", "hours": "08:30-12:00", "en": "Company day"}
    assert begun.get(f"{house}/draft/day").status_code == 200
    answer = begun.post(f"{house}/draft/day", data=day | {"base_version": str(newest().draft_version)})
    assert answer.status_code == 303 and newest().days["2026-12-24"]["hours"] == ["08:30-12:00"]
    page = begun.get(f"{house}/draft/day?on=2026-12-24").get_data(as_text=True)
    assert 'value="08:30-12:00"' in page and "Like its weekday again" in page
    stale = begun.post(f"{house}/draft/day", data=day | {"base_version": "1"})
    assert stale.status_code == 409 and "Somebody else changed this draft" in said(stale)
    wrong = begun.post(f"{house}/draft/day", data=day | {"hours": "12:00-08:30"})
    assert wrong.status_code == 422 and "Write hours as" in said(wrong)
    base = {"base_version": str(newest().draft_version)}
    assert begun.post(f"{house}/draft/day/2026-12-24/drop", data=base).status_code == 303
    assert "2026-12-24" not in newest().days
    assert begun.post(f"{house}/draft/day/never/drop", data=base).status_code == 404


def test_a_centre_gets_a_calendar_of_its_own_in_its_own_zone(browser, newest, session):
    client = browser("quality2")
    page = client.get(f"{URL}/new").get_data(as_text=True)
    centre = re.search(r'<option value="([0-9a-f-]{36})"', page)[1]
    facts = {"name_en": "Nights", "centre": centre, "zone": "Asia/Urumqi", "hours": "00:00-24:00", "holidays": "y"}
    assert client.post(f"{URL}/new", data=facts).status_code == 303
    assert (newest().zone, newest().state, newest().week[5]) == ("Asia/Urumqi", VersionState.DRAFT, [])
    answer = client.post(f"{URL}/new", data=facts)
    assert answer.status_code == 422 and "has a calendar already" in said(answer)
    assert "Nights" in said(client.get(URL))
    assert client.post(f"{URL}/new", data=facts | {"hours": "x"}).status_code == 422


def test_a_draft_is_discarded_and_another_begun(house, begun):
    assert begun.post(f"{house}/begin").status_code == 422
    assert begun.post(f"{house}/draft/discard").status_code == 303
    assert begun.get(f"{house}/draft").status_code == 404
    assert begun.post(f"{house}/begin").status_code == 303


@pytest.mark.parametrize(("who", "sees", "begins"), [("desk", 200, 403), ("technician", 403, 403), ("admin", 200, 303)])
def test_who_sees_and_who_writes(browser, house, who, sees, begins):
    client = browser(who)
    assert client.get(URL).status_code == client.get(house).status_code == sees
    assert client.post(f"{house}/begin").status_code == begins


def test_the_pages_need_few_statements_and_are_small(house, begun):
    for path in (URL, house, f"{house}/draft", f"{house}/draft/day"):
        with count_queries() as sent:
            html = begun.get(path).get_data(as_text=True)
        assert len(sent) <= 8, sent
        assert len(html) < 40_960, path
