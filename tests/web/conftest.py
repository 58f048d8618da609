"""A request that was filed and judged, and what a form of it needs."""

from typing import Any

import pytest

from portal.core.db import db, new_uid, writing
from portal.domain.devices.models import Device
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Urgency
from tests.safety import NOTHING

REPORT = {"symptom": "开机自检失败", "urgency": "urgent", "contact_name": "陈静怡", "contact_phone": "021-6482 1166"}


def sent(**values: Any) -> dict[str, Any]:
    """A form as a browser sends it, with a key of its own."""
    return {"idempotency_key": new_uid(), **values}


def requests_of(symptom: str) -> list[ServiceRequest]:
    """The requests with this symptom, oldest first."""
    db.session.rollback()
    return list(db.session.query(ServiceRequest).filter_by(symptom=symptom).order_by(ServiceRequest.id))


@pytest.fixture
def filed(device: Device, people) -> str:
    """The number of a request that the officer of the first hospital has filed."""
    with writing() as session:
        here = session.get_one(Device, device.id)
        values = {"symptom": "屏幕闪烁", "contact_name": "陈静怡", "contact_phone": "021-6482"}
        return service.create_request(session, people.officer, here, **values).number


@pytest.fixture
def judged(filed: str, people) -> str:
    """The same, once somebody of the desk has judged it: the assessment stands at version 1."""
    with writing() as session:
        record = session.query(ServiceRequest).filter_by(number=filed).one()
        values = {"urgency": Urgency.CRITICAL, "next_step": "先电话确认"}
        service.assess(session, record, people.desk2, 0, answers=NOTHING, **values)
    return filed
