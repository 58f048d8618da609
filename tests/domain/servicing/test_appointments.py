"""Appointments are moved with a reason that the hospital is told, and never past a certificate."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow, NotValid, Stale
from portal.core.notices import Notice
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from tests.safety import screened


@pytest.fixture
def order(people, device):
    """An order for tomorrow, with its place; returns its id."""
    technician_id = people.account("technician").id
    facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
    with writing() as session:
        request = service.create_request(session, people.officer, session.get_one(Device, device.id), **facts)
        start = clock.now() + timedelta(days=1)
        place = {"appointment_from": start, "meeting_place": "2 号楼 3 层", "opened_by": "护士站 8021"}
        screened(session, request, people.desk)
        return service.assign(session, request, people.desk, session.get_one(Account, technician_id), **place).id


def move(people, order_id, by="desk", reason="患者占用设备", version=0, days=2, **values):
    person, start = getattr(people, by), clock.now() + timedelta(days=days)
    with writing() as session:
        record = session.get_one(WorkOrder, order_id)
        service.reschedule(session, record, person, reason, version, appointment_from=start, **values)
    return start


def told(kind):
    return set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


@pytest.mark.req("DSP-2", "DSP-7")
def test_a_moved_appointment_tells_the_hospital_and_the_technician_why(people, order):
    start = move(people, order, protection="穿铅衣")
    record = db.session.get_one(WorkOrder, order)
    assert (record.appointment_from, record.moved_reason) == (start, "患者占用设备")
    assert (record.meeting_place, record.protection) == ("2 号楼 3 层", "穿铅衣")
    assert {people.officer.id, people.technician.id} <= told("appointment_moved")
    assert people.desk.id not in told("appointment_moved")


@pytest.mark.req("DSP-2")
def test_the_technician_moves_the_own_appointment_and_nobody_elses(people, order):
    move(people, order, by="technician")
    with pytest.raises(NotAllowed):
        move(people, order, by="technician2", version=1)
    with pytest.raises(NotAllowed):
        move(people, order, by="officer", version=1)


def test_it_takes_a_reason_a_time_to_come_and_a_certificate_of_that_day(people, order):
    with pytest.raises(NotValid) as refused:
        move(people, order, reason=" ")
    assert "reason" in refused.value.fields
    with pytest.raises(NotValid) as refused:
        move(people, order, days=-1)
    assert "appointment_from" in refused.value.fields
    with pytest.raises(NotValid) as refused:
        move(people, order, days=5 * 365)
    assert refused.value.fields["technician"][0].params["why"].msgid.endswith("ended on %(day)s")


def test_two_who_move_it_at_once_do_not_overwrite_each_other(people, order):
    move(people, order, days=3)
    with pytest.raises(Stale):
        move(people, order, by="technician", days=4)


def test_what_is_over_is_not_moved(people, order):
    with writing() as session:
        service.cancel_order(session, session.get_one(WorkOrder, order), people.desk, "客户自行修复")
    with pytest.raises(NotNow):
        move(people, order)
