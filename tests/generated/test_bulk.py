"""The demonstration copied in bulk: as many as asked for, each whole, and the trail of all of them too."""

import sqlalchemy as sa

from portal.core import seals
from portal.core.db import db
from portal.demo.bulk import OPEN_SHARE, Size, grow
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_REQUESTS


def test_the_demonstration_grows_to_the_size_asked_for_and_its_trail_verifies(house):
    grow(db.session(), Size(requests=120, devices=90, people=30))
    counts = [db.session.scalar(sa.select(sa.func.count(model.id))) for model in (ServiceRequest, Device, Account)]
    assert counts == [120, 90, 30]
    assert seals.verify(db.session).faults == []


def test_a_copy_has_orders_and_trail_of_its_own_and_a_device_of_its_hospital(house):
    grow(db.session(), Size(requests=120, devices=90, people=30))
    copied = db.session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number.startswith("BULK-"))).all()
    assert all(request.device.site_id == request.site_id for request in copied)
    assert all(request.audit_seq >= 1 for request in copied)
    assert {order.request for order in db.session.scalars(sa.select(WorkOrder))} & set(copied)
    still_open = [request for request in copied if request.state in OPEN_REQUESTS]
    assert len(still_open) <= len(copied) // OPEN_SHARE + 1


def test_people_open_what_was_copied(house):
    grow(db.session(), Size(requests=120, devices=90, people=30))
    number = db.session.scalars(
        sa.select(ServiceRequest.number).where(ServiceRequest.number.startswith("BULK-"))
    ).first()
    desk = house.browser("desk")
    assert number in desk.get(f"/desk/requests/{number}").text
    # Of those that are closed: the newest of all are the tales of today.
    assert "BULK-" in desk.get("/desk/requests?state=closed").text
