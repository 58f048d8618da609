"""Starting afresh what was given up, with a trail of who asked."""

import pytest
import sqlalchemy as sa

from portal.core import audit, clock, seals
from portal.core.db import writing
from portal.core.errors import NotAllowed
from portal.core.notices import Delivery, Progress
from portal.core.outbox import OutboxRow
from portal.domain.deliveries import queries, service
from portal.domain.devices.models import Device
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest


@pytest.fixture
def dead(people, device):
    """The id of a delivery that was given up."""
    facts = {"symptom": "x", "contact_name": "陈静怡", "contact_phone": "021"}
    with writing() as session:
        servicing.create_request(session, people.officer, session.get_one(Device, device.id), **facts)
    with writing() as session:
        session.execute(sa.update(Delivery).values(state=Progress.DEAD))
        session.execute(sa.update(OutboxRow).values(dead_at=clock.now()))
        return session.scalars(sa.select(Delivery.id).order_by(Delivery.id)).first()


def again(dead, person):
    with writing() as session:
        service.deliver_again(session, session.get_one(Delivery, dead), person)


def test_it_is_asked_for_anew_and_noted_on_the_record(dead, people, session):
    again(dead, people.admin)
    delivery = session.get_one(Delivery, dead)
    assert delivery.state is Progress.WAITING
    assert session.get_one(OutboxRow, delivery.outbox_id).dead_at is None
    newest = audit.story(session, session.scalars(sa.select(ServiceRequest)).one())[0]
    assert newest.verb == "service_request:deliver_again" and newest.actor_id == people.admin.id
    assert seals.verify(session).faults == []


def test_twice_is_once(dead, people, session):
    again(dead, people.admin)
    again(dead, people.admin)
    story = audit.story(session, session.scalars(sa.select(ServiceRequest)).one())
    assert [entry.verb for entry in story].count("service_request:deliver_again") == 1


def test_the_desk_may_not(dead, people, session):
    with pytest.raises(NotAllowed):
        again(dead, people.desk)
    assert session.get_one(Delivery, dead).state is Progress.DEAD


def test_a_job_remembers_the_record_it_came_from(dead, people, session):
    row_id = session.scalars(sa.select(OutboxRow.id).where(OutboxRow.cause_id.is_not(None))).first()
    with writing() as s:
        service.run_again(s, s.get_one(OutboxRow, row_id), people.admin)
    newest = audit.story(session, session.scalars(sa.select(ServiceRequest)).one())[0]
    assert newest.verb == "service_request:run_again"
    assert session.get_one(OutboxRow, row_id).dead_at is None


def test_notices_have_their_own_list(dead, session):
    assert queries.failed_jobs(session) == []
    assert len(queries.undelivered(session)) >= 2
