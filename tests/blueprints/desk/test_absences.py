"""Absences on the screen: asking, deciding, and what they meet."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.absences.models import Absence
from portal.domain.accounts.models import Account
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from tests.web.conftest import sent

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.frozen(NOW):
        yield


def leave(people, who="technician", **values):
    facts = {"kind": "annual", "first_on": "2026-11-30", "last_on": "2026-12-02", "note": "回家"}
    return sent(**({"person": people.account(who).uid} | facts | values))


def only():
    db.session.expire_all()
    return db.session.scalars(sa.select(Absence)).one()


def test_leave_is_asked_for_and_approved(browser, people):
    assert browser("technician").post("/desk/absences/new", leave(people)).status_code == 303
    manager, uid = browser("manager"), only().uid
    assert "李伟" in manager.get("/desk/absences").get_data(as_text=True)
    assert manager.post(f"/desk/absences/{uid}/approve", sent()).status_code == 303
    assert only().state.value == "approved"
    assert manager.post(f"/desk/absences/{uid}/approve", sent()).status_code == 409


def test_what_was_typed_is_kept_with_why_it_was_refused(browser, people):
    client = browser("desk2")
    assert client.post("/desk/absences/new", leave(people)).status_code == 303
    for wrong, says in (
        (leave(people), "Take that back first"),
        (leave(people, last_on="2026-11-29"), "This day lies before the first."),
        (leave(people, last_on=""), "This field is required"),
        (leave(people, person="nobody"), "Not a valid choice"),
        (leave(people, first_on="2026-11-01", last_on="2026-11-02"), "These days are over."),
    ):
        answer = client.post("/desk/absences/new", wrong)
        assert answer.status_code == 422 and says in answer.get_data(as_text=True), says
        assert "回家" in answer.get_data(as_text=True)


def test_it_is_refused_with_its_reason(browser, people):
    assert browser("technician").post("/desk/absences/new", leave(people)).status_code == 303
    manager, uid = browser("manager"), only().uid
    assert manager.post(f"/desk/absences/{uid}/refuse", sent(reason="")).status_code == 422
    assert manager.post(f"/desk/absences/{uid}/refuse", sent(reason="当周有验收")).status_code == 303
    assert "当周有验收" in browser("technician").get(f"/desk/absences/{uid}").get_data(as_text=True)


def test_the_page_names_the_appointments_that_it_meets(browser, people, desk):
    number = desk.file()
    with writing() as session:
        request = session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number == number)).one()
        technician = session.get_one(Account, people.account("technician").id)
        start = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
        service.assign(session, request, people.desk, technician, appointment_from=start)
    client = browser("desk2")
    client.post("/desk/absences/new", leave(people))
    page = client.get(f"/desk/absences/{only().uid}").get_data(as_text=True)
    assert f"/open/{number}" in page and "1 Dec 2026, 09:00" in page and "/appointment" in page


def test_others_neither_see_nor_decide(browser, people):
    assert browser("technician").post("/desk/absences/new", leave(people)).status_code == 303
    uid = only().uid
    for who, status in (("technician2", 404), ("dealer_desk", 404), ("officer", 403), ("stores", 403)):
        assert browser(who).get(f"/desk/absences/{uid}").status_code == status, who
    assert browser("desk").post(f"/desk/absences/{uid}/approve", sent()).status_code == 403
    assert browser("technician").post(f"/desk/absences/{uid}/approve", sent()).status_code == 403
    assert browser("technician").post("/desk/absences/new", leave(people, "technician2")).status_code == 422


@pytest.mark.req("DSP-1")
def test_the_desk_reads_who_is_away_where_it_chooses(browser, people, desk):
    assert browser("manager").post("/desk/absences/new", leave(people, first_on="2026-11-23")).status_code == 303
    page = browser("desk2").get(f"/desk/requests/{desk.file()}").get_data(as_text=True)
    assert "away until 2 Dec 2026: Annual leave" in page or "away until" in page
    assert "appointments on that day: 0" in page and "Shanghai service centre, Local, urban" in page
