"""A roster of our own centre, and urgent requests by day and by night."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.core import clock
from portal.core.db import db, writing
from portal.core.weeks import Span
from portal.domain.devices.models import Device
from portal.domain.duty import roster
from portal.domain.duty.models import DutyCall
from portal.domain.duty.roster import Crew
from portal.domain.organisations.models import Centre
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import Urgency

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai."""
NIGHT = MONDAY + timedelta(hours=14)
"""22:00 in Shanghai: nobody is at the desk."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Duty:
    """Planning and reporting by the names of the cast."""

    def __init__(self, people, device) -> None:
        self.people, self.device_id, self.centre_id = people, device.id, device.centre_id

    def ids(self, *names):
        return [self.people.account(name).id for name in names]

    def crew(self, person="technician", deputy="technician2", helpers=("desk",), phone="138 1650 2266"):
        first, second = self.ids(person)[0], self.ids(deputy)[0] if deputy else None
        return Crew(first, phone, second, self.ids(*helpers))

    def plan(self, start, end, by="manager", centre_id=None, **crew):
        """Put somebody on duty; returns the shift's id."""
        with writing() as session:
            centre = session.get_one(Centre, centre_id or self.centre_id)
            return roster.plan(session, centre, getattr(self.people, by), Span(start, end), self.crew(**crew)).id

    def report(self, at, urgency=Urgency.CRITICAL, by="officer"):
        """An urgent request at this time; returns its id."""
        facts = {"symptom": "呼吸机停机", "contact_name": "陈静怡", "contact_phone": "021-6482", "urgency": urgency}
        with clock.frozen(at), writing() as session:
            device = session.get_one(Device, self.device_id)
            return service.create_request(session, getattr(self.people, by), device, **facts).id

    def call(self):
        """The only call, as it stands now; None where there is none."""
        db.session.expire_all()
        return db.session.scalars(sa.select(DutyCall)).one_or_none()

    def request(self, request_id):
        db.session.expire_all()
        return db.session.get_one(ServiceRequest, request_id)


@pytest.fixture
def duty(people, device):
    return Duty(people, device)


@pytest.fixture
def planned(duty):
    """The technician is on duty from Monday 20:00 to Tuesday 08:00, Shanghai time."""
    with clock.frozen(MONDAY):
        duty.plan(MONDAY + 12 * HOUR, MONDAY + 24 * HOUR)
    return duty
