"""The duty roster on the screen: the week in the order of time, its gaps, and planning it."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db
from portal.domain.duty.models import DutyShift
from portal.domain.organisations.models import Centre
from tests.queries import count_queries
from tests.web.conftest import sent

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai, where the centre is."""
WEEK = "2026-W48"


@pytest.fixture
def centre(session):
    return session.scalars(sa.select(Centre).where(Centre.dealer_id.is_(None))).one().uid


@pytest.fixture(autouse=True)
def monday():
    """It is Monday morning."""
    with clock.frozen(MONDAY):
        yield


def shift(people, who="technician", **values):
    facts = {"starts_at": "2026-11-23T20:00", "ends_at": "2026-11-24T08:00", "phone": "138 1650 2266"}
    return sent(**facts, person=people.account(who).uid, deputy=people.account("technician2").uid, **values)


def shifts():
    db.session.rollback()
    return list(db.session.scalars(sa.select(DutyShift).order_by(DutyShift.starts_at)))


@pytest.mark.req("DSP-6")
def test_a_week_is_planned_day_by_day_and_its_gaps_are_named(browser, people, centre):
    client = browser("desk2")
    nights = ["2026-11-23", "2026-11-24", "2026-11-26"]
    answer = client.post(f"/desk/roster/{centre}/new", shift(people, helpers=[people.account("desk").uid], days=nights))
    assert answer.location == f"/desk/roster?centre={centre}&week={WEEK}"
    assert [each.starts_at - MONDAY for each in shifts()] == [timedelta(hours=12 + 24 * n) for n in (0, 1, 3)]
    with count_queries() as statements:
        page = client.get(f"/desk/roster?week={WEEK}").get_data(as_text=True)
    assert len(statements) <= 9, statements
    assert "Mon 23 Nov 20:00 – Tue 24 Nov 08:00" in page and "138 1650 2266" in page and "王芳" in page
    assert "Hours of nobody this week" in page and "Mon 23 Nov 08:00–20:00" in page
    assert "start=2026-11-23T08:00" in page.replace("%3A", ":")
    assert "Nobody is on duty now." in page


def test_who_is_on_duty_now_stands_above_the_week(browser, people, centre):
    client = browser("desk2")
    client.post(f"/desk/roster/{centre}/new", shift(people))
    with clock.frozen(MONDAY + timedelta(hours=13)):
        page = browser("desk2").get("/desk/roster").get_data(as_text=True)
    assert "李伟 is on duty now: 138 1650 2266" in page


def test_a_gap_leads_to_the_form_with_its_hours(browser, centre):
    page = browser("desk2").get(f"/desk/roster/{centre}/new?start=2026-11-23T08:00&end=2026-11-23T20:00")
    assert 'value="2026-11-23T08:00"' in page.get_data(as_text=True).replace(':00"', ':00"')


def test_what_was_typed_is_kept_and_the_refusal_stands_at_its_field(browser, people, centre):
    client = browser("desk2")
    assert client.post(f"/desk/roster/{centre}/new", shift(people)).status_code == 303
    for wrong, says in (
        (shift(people), "Change that shift first, or choose another time."),
        (shift(people, "technician2"), "The deputy must be somebody else."),
        (shift(people) | {"starts_at": "2026-11-25T20:00"}, "The shift ends before it begins."),
        (shift(people) | {"person": "nobody"}, "Not a valid choice"),
        (shift(people) | {"phone": ""}, "Say under which number they answer."),
        (shift(people) | {"helpers": [people.account("technician").uid]}, "name others"),
    ):
        answer = client.post(f"/desk/roster/{centre}/new", wrong)
        assert answer.status_code == 422 and says in answer.get_data(as_text=True), says
    assert len(shifts()) == 1


def test_the_same_form_twice_plans_once(browser, people, centre):
    client, form = browser("desk2"), shift(people)
    for _ in range(2):
        assert client.post(f"/desk/roster/{centre}/new", form).status_code == 303
    assert len(shifts()) == 1


def test_a_shift_is_changed_and_the_second_sees_what_the_first_saved(browser, people, centre):
    client = browser("desk2")
    client.post(f"/desk/roster/{centre}/new", shift(people))
    (one,) = shifts()
    assert 'value="138 1650 2266"' in client.get(f"/desk/shifts/{one.uid}").get_data(as_text=True)
    swapped = shift(people, "technician2") | {"deputy": "", "base_version": "1"}
    assert client.post(f"/desk/shifts/{one.uid}", swapped).status_code == 303
    late = client.post(f"/desk/shifts/{one.uid}", shift(people) | {"base_version": "1"})
    assert late.status_code == 409 and "赵永强" in late.get_data(as_text=True)
    assert shifts()[0].person.name == "赵永强"


def test_a_shift_is_taken_away_until_it_begins(browser, people, centre):
    client = browser("desk2")
    client.post(f"/desk/roster/{centre}/new", shift(people))
    (one,) = shifts()
    with clock.frozen(MONDAY + timedelta(hours=13)):
        night = browser("desk2")
        late = night.post(f"/desk/shifts/{one.uid}/cancel", sent())
        assert late.status_code == 409 and "This shift has begun" in late.get_data(as_text=True)
        assert "Take the shift away" not in night.get(f"/desk/shifts/{one.uid}").get_data(as_text=True)
    assert client.post(f"/desk/shifts/{one.uid}/cancel", sent()).status_code == 303
    assert client.post(f"/desk/shifts/{one.uid}/cancel", sent()).status_code == 409


def test_the_week_before_is_copied_once(browser, people, centre):
    client = browser("desk2")
    client.post(f"/desk/roster/{centre}/new", shift(people))
    copy = f"/desk/roster/{centre}/copy"
    assert client.post(copy, sent(week="2026-W49")).location.endswith("week=2026-W49")
    refused = client.post(copy, sent(week="2026-W49"))
    assert refused.status_code == 409 and "There is nothing to copy" in refused.get_data(as_text=True)
    assert [each.starts_at - MONDAY for each in shifts()] == [timedelta(hours=12), timedelta(days=7, hours=12)]


def test_technicians_read_their_own_centre_and_plan_nothing(browser, people, centre):
    assert browser("desk2").post(f"/desk/roster/{centre}/new", shift(people)).status_code == 303
    (one,), client = shifts(), browser("technician")
    page = client.get("/desk/roster").get_data(as_text=True)
    assert "138 1650 2266" in page and "/new?" not in page
    assert client.post(f"/desk/roster/{centre}/new", shift(people)).status_code == 403
    assert client.post(f"/desk/shifts/{one.uid}", shift(people)).status_code == 403
    assert browser("dealer_technician").get(f"/desk/shifts/{one.uid}").status_code == 404
    assert browser("dealer_desk").get(f"/desk/roster?centre={centre}").status_code == 404
    assert browser("officer").get("/desk/roster").status_code == 403


@pytest.mark.req("DSP-6")
def test_customers_see_the_number_wherever_they_report(browser, people, centre, device):
    client = browser("desk2")
    client.post(f"/desk/roster/{centre}/new", shift(people))
    pages = ("/customer/", f"/customer/devices/{device.number}", f"/customer/devices/{device.number}/report")
    with clock.frozen(MONDAY + timedelta(hours=13)):
        officer = browser("officer")
        for page in pages:
            assert "138 1650 2266" in read(officer, page), page
    assert "021-6482 1166" in read(browser("officer"), "/customer/")


def read(client, page):
    """The page as one reads it: a number that does not break in its middle has spaces of another kind."""
    return client.get(page).get_data(as_text=True).replace("\u00a0", " ")
