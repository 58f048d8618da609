"""The schedule: technicians down, days across, and the same as a list; each technician's own week."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.weeks import Span
from portal.domain.absences import service as absences
from portal.domain.absences.words import AbsenceKind
from portal.domain.accounts.models import Account
from portal.domain.duty import roster
from portal.domain.duty.roster import Crew
from portal.domain.organisations.models import Centre
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from tests.queries import count_queries

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai."""
WEEK = "2026-W48"


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def busy(people, desk):
    """The technician has an appointment on Tuesday and is on duty that night; the other is away from Wednesday on."""
    number = desk.file()
    with writing() as session:
        request = session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number == number)).one()
        first, second = (session.get_one(Account, people.account(n).id) for n in ("technician", "technician2"))
        start = MONDAY + timedelta(days=1, hours=1)
        service.assign(
            session, request, people.desk, first, appointment_from=start, appointment_to=start + timedelta(hours=2)
        )
        centre = session.scalars(sa.select(Centre).where(Centre.dealer_id.is_(None))).one()
        night = Span(MONDAY + timedelta(days=1, hours=12), MONDAY + timedelta(days=2))
        roster.plan(session, centre, people.desk, night, Crew(first.id, "138"))
        on = (MONDAY + timedelta(days=2)).date()
        absences.ask(session, second, people.manager, AbsenceKind.TRAINING, on, on)
    return number


@pytest.mark.req("DSP-5")
def test_a_week_shows_appointments_duty_and_absences_of_every_technician(browser, busy):
    client = browser("desk2")
    with count_queries() as statements:
        page = client.get(f"/desk/calendar?week={WEEK}").get_data(as_text=True)
    assert len(statements) <= 8, statements
    for said in ("李伟", "赵永强", "09:00–11:00", "20:00–24:00", "00:00–08:00", "Training away", f"/open/{busy}"):
        assert said in page, said
    assert page.count("Jiangnan University Central Hospital") == 2  # in its day, and in the list below
    assert "/appointment" in page and "week=2026-W47" in page and "week=2026-W49" in page


def test_the_week_before_is_empty_and_the_present_one_needs_no_address(browser, busy):
    client = browser("desk2")
    assert "09:00–11:00" not in client.get("/desk/calendar?week=2026-W47").get_data(as_text=True)
    assert "09:00–11:00" in client.get("/desk/calendar").get_data(as_text=True)
    assert client.get("/desk/calendar?week=9999-W52").status_code == 200


def test_a_dealer_sees_its_own_centre_alone(browser, busy):
    client = browser("dealer_desk")
    page = client.get(f"/desk/calendar?week={WEEK}").get_data(as_text=True)
    assert "周磊" in page and "李伟" not in page
    ours = db.session.scalars(sa.select(Centre.uid).where(Centre.dealer_id.is_(None))).one()
    assert client.get(f"/desk/calendar?centre={ours}").status_code == 404
    assert browser("technician").get("/desk/calendar").status_code == 403


@pytest.mark.req("DSP-5")
def test_technicians_see_their_own_week(browser, busy):
    page = browser("technician").get(f"/technician/week?week={WEEK}").get_data(as_text=True)
    assert "09:00–11:00" in page and "20:00–24:00" in page and f"/open/{busy}" in page
    assert "呼吸机" in page  # what one packs for
    other = browser("technician2").get(f"/technician/week?week={WEEK}").get_data(as_text=True)
    assert "09:00–11:00" not in other and "外出培训" in other
