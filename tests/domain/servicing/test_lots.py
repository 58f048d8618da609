"""A request about goods by lot: how many, how they were kept."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.errors import NotValid
from portal.domain.devices.models import Device
from portal.domain.search.entries import Kind
from portal.domain.search.queries import groups
from portal.domain.servicing import service
from portal.domain.servicing.facts import lot as lot_facts
from portal.domain.servicing.models import ServiceRequest
from tests.lots import TOLD, in_days, list_reagent, register_lot


@pytest.fixture
def lot(people, device):
    with writing() as session:
        reagent = list_reagent(session, people.quality)
        return register_lot(session, people.desk, reagent, session.get_one(Device, device.id)).id


def file(people, device_id, **values):
    with writing() as session:
        device = session.get_one(Device, device_id)
        return service.create_request(session, people.officer, device, **TOLD | values).id


@pytest.mark.req("INT-14")
def test_a_request_says_how_many_and_how_they_were_kept(people, lot):
    request_id = file(people, lot, quantity=Decimal("2.500"), storage_told="冷藏 2–8 °C")
    filed = db.session.get_one(ServiceRequest, request_id)
    assert (filed.thousandths, filed.quantity, filed.storage_told) == (2500, "2.5", "冷藏 2–8 °C")
    facts = {"quantity": "2.5", "unit": {"zh": "盒", "en": "boxes"}, "storage": "冷藏 2–8 °C"}
    assert lot_facts(filed) == facts | {"expires_on": in_days(90).isoformat()}


@pytest.mark.req("INT-14")
def test_a_request_is_found_by_the_lot_of_its_goods(people, lot):
    number = db.session.get_one(ServiceRequest, file(people, lot, quantity=Decimal(3))).number
    found = {group.kind: group.rows for group in groups(db.session, people.desk, "TN26", (Kind.REQUEST,), 8)}
    assert [row[0] for row in found[Kind.REQUEST]] == [number]


@pytest.mark.req("INT-14")
@pytest.mark.parametrize("quantity", ["0", "-1", "0.0005"])
def test_a_quantity_that_cannot_be_is_refused(people, lot, quantity):
    with pytest.raises(NotValid) as refused:
        file(people, lot, quantity=Decimal(quantity))
    assert refused.value.fields.keys() == {"quantity"}
    assert db.session.scalar(sa.select(sa.func.count(ServiceRequest.id))) == 0


def test_a_unit_is_not_counted(people, device):
    with pytest.raises(NotValid):
        file(people, device.id, quantity=Decimal(2))
    assert lot_facts(db.session.get_one(ServiceRequest, file(people, device.id))) is None
