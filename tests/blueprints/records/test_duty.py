"""A call to the people on duty: read and answered by whom it rang, also before they are at the request."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

import jobs
from portal.core import clock
from portal.core.db import db, writing
from portal.core.weeks import Span
from portal.domain.devices.models import Device
from portal.domain.duty import roster
from portal.domain.duty.models import DutyCall
from portal.domain.duty.roster import Crew
from portal.domain.organisations.models import Centre
from portal.domain.servicing import service
from portal.domain.servicing.words import Urgency
from tests.web.conftest import sent

NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""22:00 in Shanghai."""


@pytest.fixture
def call(people, device):
    """A critical request of the night, which rings the technician."""
    first, second = people.account("technician").id, people.account("technician2").id
    with clock.frozen(NIGHT - timedelta(hours=9)), writing() as session:
        centre = session.get_one(Centre, device.centre_id)
        span = Span(NIGHT - timedelta(hours=2), NIGHT + timedelta(hours=9))
        roster.plan(session, centre, people.desk, span, Crew(first, "138", second))
    with clock.frozen(NIGHT):
        with writing() as session:
            here = session.get_one(Device, device.id)
            facts = {"symptom": "呼吸机停机", "contact_name": "陈静怡", "contact_phone": "021-6482"}
            service.create_request(session, people.officer, here, urgency=Urgency.CRITICAL, **facts)
        jobs.drain(raising=True)
        yield found()


def found():
    db.session.expire_all()
    return db.session.scalars(sa.select(DutyCall)).one()


@pytest.mark.req("DSP-6")
def test_the_notice_leads_to_the_call_and_the_call_is_answered_there(browser, call):
    client = browser("technician")
    assert call.uid in client.get("/technician/").get_data(as_text=True)
    way = client.get(f"/open/{call.number}")
    assert way.location == f"/duty/calls/{call.uid}"
    page = client.get(way.location).get_data(as_text=True)
    assert "呼吸机停机" in page and "021-6482" in page and f"/desk/requests/{call.request.number}" not in page
    assert client.post(f"/duty/calls/{call.uid}/answer", sent()).status_code == 303
    assert found().answered_by.name == "李伟"


def test_opening_the_call_answers_nothing(browser, call):
    browser("technician").get(f"/duty/calls/{call.uid}")
    assert found().answered_by is None


def test_the_second_is_told_that_somebody_has_answered(browser, call):
    assert browser("technician").post(f"/duty/calls/{call.uid}/answer", sent()).status_code == 303
    late = browser("desk2").post(f"/duty/calls/{call.uid}/answer", sent())
    assert late.status_code == 409 and "李伟" in late.get_data(as_text=True)


def test_the_desk_sees_on_the_request_that_it_rings_and_answers_there(browser, call):
    client = browser("desk2")
    number = call.request.number
    page = client.get(f"/desk/requests/{number}").get_data(as_text=True)
    assert "Nobody has answered the call yet" in page and f"/duty/calls/{call.uid}/answer" in page and "李伟" in page
    client.post(f"/duty/calls/{call.uid}/answer", sent())
    page = client.get(f"/desk/requests/{number}").get_data(as_text=True)
    assert "Nobody has answered the call yet" not in page and "Emily Zhao" in page


def test_others_do_not_see_it(browser, call):
    for who, status in (("dealer_technician", 404), ("dealer_desk", 404), ("officer", 403), ("stores", 403)):
        assert browser(who).get(f"/duty/calls/{call.uid}").status_code == status
        assert browser(who).post(f"/duty/calls/{call.uid}/answer", sent()).status_code == status
    assert browser("quality").post(f"/duty/calls/{call.uid}/answer", sent()).status_code == 403
