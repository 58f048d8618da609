"""Verbs are carried out whole or not at all, and never around `perform`."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import audit, clock
from portal.core.db import writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.guard import UnsignedWrite
from portal.core.idempotency import IdempotencyKey
from portal.core.perform import perform, perform_many
from portal.domain.devices.models import Device
from portal.domain.servicing import orders, requests, service
from portal.domain.servicing.models import RequestMessage, ServiceRequest, WorkOrder
from portal.domain.servicing.words import OrderState, RequestState
from tests.safety import NOTHING, screened


@pytest.fixture
def filed(device, people):
    """A request filed by the officer; gives its id."""
    return file_request(device.id, people.officer)


def file_request(device_id, person, **values):
    facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"} | values
    with writing() as session:
        device = session.get_one(Device, device_id)
        return service.create_request(session, person, device, **facts).id


def test_a_new_request_gets_a_number_a_state_and_a_trail(filed, session):
    request = session.get_one(ServiceRequest, filed)
    year = clock.now().year
    assert request.number == f"RK-SR-{year}-00001"
    assert request.state is RequestState.RECEIVED
    (entry,) = audit.story(session, request)
    assert entry.verb == "service_request:create"
    assert entry.facts["changes"][0]["set"]["symptom"] == [None, "开机自检失败"]


def test_personal_values_stand_beside_the_trail_not_in_it(filed, session):
    request = session.get_one(ServiceRequest, filed)
    (entry,) = audit.story(session, request)
    assert "陈静怡" not in entry.text
    side = session.get_one(audit.AuditPersonal, entry.id)
    assert side.data[f"service_request/{filed}/contact_name"] == [None, "陈静怡"]


def test_somebody_of_another_hospital_may_not_file_for_this_device(device, people, session):
    with pytest.raises(NotAllowed):
        file_request(device.id, people.officer2)
    assert session.scalar(sa.select(sa.func.count(ServiceRequest.id))) == 0


def test_a_refused_verb_leaves_no_trace(filed, people, session):
    with pytest.raises(NotNow), writing() as s:
        service.close_request(s, s.get_one(ServiceRequest, filed), people.desk)
    request = session.get_one(ServiceRequest, filed)
    assert request.state is RequestState.RECEIVED
    assert len(audit.story(session, request)) == 1


def test_core_and_orm_writes_outside_a_verb_are_refused(filed, app):
    with pytest.raises(UnsignedWrite), writing() as session:
        session.execute(sa.update(ServiceRequest).values(symptom="x"))
    with pytest.raises(UnsignedWrite), writing() as session:
        session.get_one(ServiceRequest, filed).symptom = "x"
    with pytest.raises(UnsignedWrite), writing() as session:
        session.execute(sa.delete(RequestMessage))


def test_changes_made_before_a_verb_do_not_slip_in_with_it(filed, people, app):
    with pytest.raises(RuntimeError, match=r"outside perform|only by verbs"), writing() as session:
        request = session.get_one(ServiceRequest, filed)
        request.symptom = "slipped in"
        service.post_message(session, request, people.desk, "hello")


def test_an_edit_of_an_old_version_shows_what_stands(filed, people, app):
    with writing() as session:
        request = session.get_one(ServiceRequest, filed)
        answered = {"answers": NOTHING, "urgency": request.urgency, "next_step": "call back"}
        service.assess(session, request, people.desk, 0, **answered)
    with pytest.raises(Stale) as caught, writing() as session:
        request = session.get_one(ServiceRequest, filed)
        service.assess(session, request, people.desk2, 0, urgency=request.urgency, next_step="other")
    assert caught.value.current["next_step"] == "call back"


def test_a_message_does_not_make_an_edit_stale(filed, people, app):
    with writing() as session:
        service.post_message(session, session.get_one(ServiceRequest, filed), people.officer, "more")
    with writing() as session:
        request = session.get_one(ServiceRequest, filed)
        answered = {"answers": NOTHING, "urgency": request.urgency, "next_step": "call"}
        service.assess(session, request, people.desk, 0, **answered)


def test_a_reason_is_demanded(filed, people, app):
    with pytest.raises(NotValid) as caught, writing() as session:
        service.cancel_request(session, session.get_one(ServiceRequest, filed), people.officer, "  ")
    assert "reason" in caught.value.fields


def assigned(filed, people):
    with writing() as session:
        request = screened(session, session.get_one(ServiceRequest, filed), people.desk)
        technician = people.account("technician")
        return service.assign(session, request, people.desk, technician).id


def test_two_dispatchers_at_once_one_wins(filed, people, session):
    assigned(filed, people)
    with pytest.raises(NotNow):
        assigned(filed, people)
    assert session.scalar(sa.select(sa.func.count(WorkOrder.id))) == 1


@pytest.mark.parametrize(("minutes", "wrong"), [(-10, "future"), (73 * 60, "back"), (60 * 24, "before the step")])
def test_a_claimed_time_lies_between_the_last_step_and_now(filed, people, app, minutes, wrong):
    order_id = assigned(filed, people)
    with pytest.raises(NotValid) as caught, writing() as session:
        at = clock.now() - timedelta(minutes=minutes)
        service.accept(session, session.get_one(WorkOrder, order_id), people.technician, at)
    assert wrong in str(caught.value.fields["occurred_at"][0])


def test_a_claimed_time_is_kept_beside_the_time_received(device, people, session):
    with clock.frozen(clock.now() - timedelta(hours=3)):
        filed = file_request(device.id, people.officer)
        order_id = assigned(filed, people)
    claimed = clock.now() - timedelta(hours=2)
    with writing() as s:
        service.accept(s, s.get_one(WorkOrder, order_id), people.technician, claimed)
    order = session.get_one(WorkOrder, order_id)
    assert order.accepted_at == claimed
    entry = audit.story(session, order)[0]
    assert entry.occurred_at == claimed
    assert entry.at > claimed


def test_a_declined_order_sends_its_request_back_to_dispatch_in_one_transaction(filed, people, session):
    order_id = assigned(filed, people)
    with writing() as s:
        service.decline(s, s.get_one(WorkOrder, order_id), people.technician, "ill")
    request = session.get_one(ServiceRequest, filed)
    assert session.get_one(WorkOrder, order_id).state is OrderState.CANCELLED
    assert (request.state, request.technician_id) == (RequestState.ASSESSED, None)
    entry = audit.story(session, request)[0]
    assert entry.facts["actor"] == [None, "system"]
    assert entry.facts["cause"].startswith(f"work_order/{order_id}/")


def test_perform_many_gives_each_record_its_own_entry_and_number(device, people, session):
    with writing() as s:
        device = s.get_one(Device, device.id)
        made = [draft(device, people.officer, f"fault {n}") for n in range(5)]
        assert perform_many(s, requests.CREATE, made, people.officer) == 5
    numbers = session.scalars(sa.select(ServiceRequest.number).order_by(ServiceRequest.id)).all()
    assert [n[-5:] for n in numbers] == [f"{n:05d}" for n in range(1, 6)]
    for request in session.scalars(sa.select(ServiceRequest)):
        (entry,) = audit.story(session, request)
        symptoms = [c["set"]["symptom"][1] for c in entry.facts["changes"] if c["table"] == "service_request"]
        assert symptoms == [request.symptom]


def draft(device, person, symptom):
    now = clock.now()
    return ServiceRequest(
        company=device.company,
        device=device,
        site=device.site,
        organisation_id=device.organisation_id,
        site_id=device.site_id,
        centre_id=device.centre_id,
        reported_by_id=person.id,
        symptom=symptom,
        contact_name="a",
        contact_phone="1",
        reported_at=now,
    )


def test_the_repairer_cannot_release(filed, people, app):
    order_id = assigned(filed, people)
    with pytest.raises((NotNow, NotAllowed)), writing() as session:
        perform(session, orders.RELEASE, session.get_one(WorkOrder, order_id), people.technician)


def test_machinery_is_not_in_the_trail(filed, session):
    (entry,) = audit.story(session, session.get_one(ServiceRequest, filed))
    assert {change["table"] for change in entry.facts["changes"]} == {"service_request", "clock"}
    assert session.scalar(sa.select(sa.func.count(IdempotencyKey.id))) == 0
