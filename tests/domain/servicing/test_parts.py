"""A numbered part is in one place; what was put in and taken out can be told of every device."""

import pytest

from portal.core.db import db, writing
from portal.core.errors import NotValid
from portal.domain.devices.models import Whereabouts
from portal.domain.servicing import parts, service
from portal.domain.servicing.models import WorkOrder
from tests.blueprints.technicians.field import FINDINGS, order_at, order_of

CELL = {"name": "氧电池", "part_number": "OX-11", "quantity": "1"}


def record(people, number, *rows):
    order_id = order_of(number).id
    with writing() as session:
        order = session.get_one(WorkOrder, order_id)
        version = order.findings_version
        service.record_findings(session, order, people.technician, version, **FINDINGS, parts_replaced=rows)


@pytest.fixture
def order(people, device):
    return order_at(people, device, "on_site")


@pytest.mark.req("RPR-11", "PRT-5")
def test_a_line_says_what_went_in_what_came_out_and_where_the_old_part_is(people, order):
    row = CELL | {"serial_in": "N-1", "serial_out": "O-1", "lot_in": "L7", "whereabouts": "old_scrapped"}
    record(people, order, row | {"quantity": "2.50"})
    (line,) = order_of(order).parts
    assert (line.serial_in, line.serial_out, line.lot_in, line.thousandths) == ("N-1", "O-1", "L7", 2500)
    assert line.whereabouts is Whereabouts.SCRAPPED and line.device_id == line.order.request.device_id
    assert order_of(order).parts_replaced == [row | {"quantity": "2.5"}]


@pytest.mark.req("RPR-11")
def test_a_serial_number_that_is_in_another_device_is_refused_and_says_where(people, order, device):
    record(people, order, CELL | {"serial_in": "N-1"})
    second = order_at(people, device, "on_site")
    with pytest.raises(NotValid) as refused:
        record(people, second, CELL | {"serial_in": "N-1"})
    (told,) = refused.value.fields["parts_replaced"]
    assert told.params["order"] == order and told.params["device"] == device.number
    assert order_of(second).findings_version == 0 and not order_of(second).parts


@pytest.mark.req("RPR-11")
def test_the_same_number_on_another_part_is_another_piece(people, order, device):
    record(people, order, CELL | {"serial_in": "N-1"})
    second = order_at(people, device, "on_site")
    record(people, second, {"name": "流量传感器", "part_number": "FS-2", "quantity": 1, "serial_in": "N-1"})
    assert len(order_of(second).parts) == 1


@pytest.mark.req("RPR-11")
def test_what_was_taken_out_may_be_put_in_again(people, order, device):
    record(people, order, CELL | {"serial_in": "N-1"})
    second = order_at(people, device, "on_site")
    record(people, second, CELL | {"serial_in": "N-2", "serial_out": "N-1"})
    assert [part.order.number for part in parts.places(db.session, {"N-1", "N-2"})] == [second]
    third = order_at(people, device, "on_site")
    record(people, third, CELL | {"serial_in": "N-1", "serial_out": "N-2"})
    assert [part.order.number for part in parts.places(db.session, {"N-1", "N-2"})] == [third]


def test_a_number_does_not_stand_in_two_lines(people, order):
    with pytest.raises(NotValid) as refused:
        record(people, order, CELL | {"serial_in": "N-1"}, CELL | {"serial_in": "N-1"})
    assert "two lines" in refused.value.fields["parts_replaced"][0].msgid


def test_lines_that_did_not_change_are_left_alone(people, order):
    record(people, order, CELL | {"serial_in": "N-1"})
    before = [line.id for line in order_of(order).parts]
    record(people, order, CELL | {"serial_in": "N-1"})
    assert [line.id for line in order_of(order).parts] == before


def test_a_part_of_a_cancelled_order_is_nowhere(people, order, device):
    record(people, order, CELL | {"serial_in": "N-1"})
    order_id = order_of(order).id
    with writing() as session:
        service.cancel_order(session, session.get_one(WorkOrder, order_id), people.desk, "改派")
    second = order_at(people, device, "on_site")
    record(people, second, CELL | {"serial_in": "N-1"})
    assert order_of(second).parts[0].serial_in == "N-1"
