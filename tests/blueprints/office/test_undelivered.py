"""What was given up, and starting it afresh."""

import pytest
import sqlalchemy as sa

from portal.core import audit, clock
from portal.core.db import writing
from portal.core.notices import Delivery, Progress
from portal.core.outbox import OutboxRow
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Company
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from tests.queries import count_queries

URL = "/office/undelivered"


@pytest.fixture
def dead(people, device, session):
    """A request whose mails reached nobody; returns their deliveries."""
    facts = {"symptom": "x", "contact_name": "陈静怡", "contact_phone": "021"}
    with writing() as s:
        service.create_request(s, people.officer, s.get_one(Device, device.id), **facts)
    with writing() as s:
        s.execute(sa.update(Delivery).values(state=Progress.DEAD, last_error="SMTPServerDisconnected: gone"))
    return session.scalars(sa.select(Delivery).order_by(Delivery.id)).all()


@pytest.fixture
def dead_job(app):
    with writing() as s:
        row = OutboxRow(kind="file.reencode", payload={"file_id": 1}, dead_at=clock.now(), error="MemoryError", tries=4)
        s.add(row)
        s.flush()
        return row.id


def test_when_all_went_well_it_says_so(browser):
    assert "Everything was delivered" in browser("quality2").get(URL).get_data(as_text=True)


@pytest.mark.req("NTC-1")
def test_what_reached_nobody_is_shown_with_the_reason(browser, dead, dead_job):
    html = browser("quality2").get(URL).get_data(as_text=True)
    for text in ("officer@example.com", "SMTPServerDisconnected", "Prepare a file", "MemoryError"):
        assert text in html
    assert "Deliver again" not in html.split("<main")[1]


@pytest.mark.req("NTC-1")
def test_a_notice_goes_out_again_and_its_record_remembers_who_asked(browser, dead, session):
    delivery = dead[0]
    message_id, client = delivery.message_id, browser("manager")
    url = f"{URL}/notices/{message_id}/again"
    assert [client.post(url).status_code for _ in range(2)] == [303, 303]
    session.expire_all()
    assert (delivery.state, delivery.message_id) == (Progress.WAITING, message_id)
    entries = audit.story(session, session.scalars(sa.select(ServiceRequest)).one())
    (entry,) = [entry for entry in entries if entry.verb == "service_request:deliver_again"]
    assert entry.facts["changes"][0]["set"]["state"] == ["dead", "waiting"]
    assert "officer@example.com" not in entry.text


def test_all_go_out_again_at_once(browser, dead, session):
    assert browser("manager").post(f"{URL}/notices/again").status_code == 303
    session.expire_all()
    assert {delivery.state for delivery in dead} == {Progress.WAITING}
    company = session.scalars(sa.select(Company)).first()
    assert audit.story(session, company)[0].verb == "company:deliver_all_again"


def test_a_job_runs_again(browser, dead_job, session):
    assert browser("admin").post(f"{URL}/jobs/{dead_job}/again").status_code == 303
    row = session.get_one(OutboxRow, dead_job)
    assert row.dead_at is None and row.tries == 0
    assert audit.story(session, session.scalars(sa.select(Company)).first())[0].verb == "company:run_again"


@pytest.mark.parametrize("path", ["notices/nobody/again", "jobs/999/again", "jobs/99999999999999999999/again"])
def test_what_is_not_there_is_not_found(browser, path):
    assert browser("manager").post(f"{URL}/{path}").status_code == 404


@pytest.mark.parametrize(("who", "sees"), [("desk", 200), ("quality", 200), ("auditor", 403), ("officer", 403)])
def test_who_sees_and_who_may_not_start_again(browser, dead, dead_job, who, sees):
    client = browser(who)
    assert client.get(URL).status_code == sees
    assert client.post(f"{URL}/notices/{dead[0].message_id}/again").status_code == 403
    assert client.post(f"{URL}/notices/again").status_code == 403
    assert client.post(f"{URL}/jobs/{dead_job}/again").status_code == 403


def test_the_page_needs_few_statements(browser, dead, dead_job):
    client = browser("quality2")
    with count_queries() as sent:
        client.get(URL)
    assert len(sent) <= 4, sent
