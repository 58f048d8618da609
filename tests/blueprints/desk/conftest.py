"""Requests as the desk finds them."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import Urgency
from tests.safety import NOTHING


class Desk:
    """What happened before a test's own click, by the names of the cast."""

    def __init__(self, people: Any, device: Device) -> None:
        self.people, self.device_id = people, device.id

    def file(self, by: str = "officer", device_id: int | None = None, **values: Any) -> str:
        """A fresh request of the first hospital, the safety questions answered; returns its number."""
        facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        facts |= {"answers": NOTHING} | values
        person = getattr(self.people, by)
        with writing() as session:
            device = session.get_one(Device, device_id or self.device_id)
            return service.create_request(session, person, device, **facts).number

    def assess(self, number: str, by: str = "desk", **values: Any) -> None:
        facts = {"urgency": Urgency.URGENT, "next_step": "今天联系客户"} | values
        person = getattr(self.people, by)
        with writing() as session:
            record = of(session, ServiceRequest, number)
            service.assess(session, record, person, record.assessment_version, **facts)

    def assign(self, number: str, by: str = "desk", technician: str = "technician") -> str:
        """Returns the number of the work order."""
        person, account = getattr(self.people, by), self.people.account(technician)
        with writing() as session:
            return service.assign(session, of(session, ServiceRequest, number), person, account).number

    def request(self, number: str) -> ServiceRequest:
        """The request as it stands now."""
        db.session.expire_all()
        return of(db.session, ServiceRequest, number)

    def order(self, number: str) -> WorkOrder:
        db.session.expire_all()
        return of(db.session, WorkOrder, number)


def of(session: Any, model: Any, number: str) -> Any:
    return session.execute(sa.select(model).where(model.number == number)).scalar_one()


@pytest.fixture
def desk(people: Any, device: Device) -> Desk:
    return Desk(people, device)


@pytest.fixture
def elsewhere(session: Any) -> SimpleNamespace:
    """A device of the second hospital, which a dealer serves."""
    found = session.execute(sa.select(Device).where(Device.dealer_id.is_not(None)).limit(1)).scalar_one()
    return SimpleNamespace(id=found.id, number=found.number, serial=found.serial)
