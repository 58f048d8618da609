"""Reading the trail on both engines."""

import pytest

from portal.core import seals
from portal.core.db import writing
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Urgency
from portal.domain.trail import queries
from tests.safety import NOTHING


@pytest.fixture
def request_id(people, device):
    facts = {"symptom": "x", "contact_name": "陈静怡", "contact_phone": "021"}
    with writing() as session:
        made = service.create_request(
            session, people.officer, session.get_one(Device, device.id), answers=NOTHING, **facts
        )
        service.assess(session, made, people.desk, 0, urgency=Urgency.URGENT, next_step="y")
        return made.id


def test_the_newest_act_stands_first_with_its_personal_values(session, people, request_id):
    newest, filed = queries.entries(session, people.quality, kind="service_request").rows
    assert (newest.verb, filed.verb) == ("service_request:assess", "service_request:create")
    assert newest.personal["actor"] == "王芳"
    assert filed.personal[f"service_request/{request_id}/contact_name"] == [None, "陈静怡"]


def test_by_verb_and_by_person(session, people, request_id):
    by_verb = queries.entries(session, people.quality, verb="service_request:assess").rows
    by_person = queries.entries(session, people.quality, actor_id=people.officer.id).rows
    assert [entry.verb for entry in by_verb] == ["service_request:assess"]
    assert [entry.verb for entry in by_person] == ["service_request:create"]


def test_who_may_not_read_the_trail_reads_nothing(session, people, request_id):
    assert queries.entries(session, people.desk).rows == []


def test_who_was_first(session, request_id):
    entry = queries.last(session, session.get_one(ServiceRequest, request_id), "assess")
    assert entry.personal["actor"] == "王芳"
    assert queries.last(session, session.get_one(ServiceRequest, request_id), "close") is None


def test_names_of_many_tables_in_one_statement(session, device, people):
    wanted = {("device", device.id), ("site", device.site_id), ("account", people.desk.id), ("device", 10**9)}
    names = queries.names(session, wanted | {("work_log", 1)})
    assert names["device", device.id] == (device.number, device.number)
    assert names["site", device.site_id].text == device.site.name
    assert names["account", people.desk.id].text == "王芳"
    assert len(names) == 3


def test_how_far_it_is_sealed(session, request_id, monkeypatch):
    monkeypatch.setattr(seals, "SETTLED_SECONDS", 0)
    assert queries.seals(session).at is None and queries.seals(session).unsealed > 2
    with writing() as s:
        seals.seal(s)
    assert queries.seals(session).unsealed == 0
