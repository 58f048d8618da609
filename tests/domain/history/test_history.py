"""The whole history of a device is on one page, in the order of time, as far as each reader may see (WAR-5)."""

import pytest

from portal.core.db import db, writing
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.history.queries import What, chain, of_device
from tests.blueprints.technicians.field import order_at, order_of
from tests.queries import count_queries


@pytest.fixture
def served(people, device):
    """A device with a finished order: request, plan, part, report."""
    order_at(people, device, "done")
    return db.session.get_one(Device, device.id)


def lines(person, device, **options):
    return of_device(db.session, person, device, **options).rows


@pytest.mark.req("WAR-5")
def test_everything_that_was_done_stands_there_newest_first(people, served):
    found = lines(people.desk, served)
    assert {What.REQUEST, What.VISIT, What.PLAN, What.PART, What.PAPER, What.USE} <= {line.what for line in found}
    assert [line.at for line in found] == sorted((line.at for line in found), reverse=True)
    part = next(line for line in found if line.what is What.PART)
    assert (part.text, part.number, part.state) == ("氧电池", "OX-11", "A1")


@pytest.mark.req("WAR-5")
def test_the_hospital_sees_its_own_and_others_see_nothing_of_it(people, served):
    own = {line.what for line in lines(people.officer, served)}
    assert {What.REQUEST, What.VISIT, What.PART, What.PAPER} <= own and What.COMPLAINT not in own
    foreign = {line.what for line in lines(people.officer2, served)}
    assert foreign <= {What.USE}


def test_one_kind_alone_and_pages_that_meet(people, served):
    assert {line.what for line in lines(people.desk, served, what=What.PART)} == {What.PART}
    whole = lines(people.desk, served, size=100)
    first = of_device(db.session, people.desk, served, size=2)
    seen, cursor = list(first.rows), first.next
    while cursor:
        page = of_device(db.session, people.desk, served, size=2, cursor=cursor)
        seen, cursor = [*seen, *page.rows], page.next
    assert seen == whole


def test_a_page_asks_the_database_twice(people, served):
    person = people.desk
    with count_queries() as sent:
        lines(person, served)
    assert len(sent) == 2


@pytest.mark.req("WAR-5", "RPR-11")
def test_the_history_goes_on_through_a_swap(people, served):
    device_id, number = served.id, served.number
    with writing() as session:
        old = session.get_one(Device, device_id)
        values = {"serial": "NEW-1", "no_udi_reason": "旧型号"}
        new_id = devices.swap(session, old, people.desk, "无法修复", Whereabouts.SCRAPPED, **values).id
    new = db.session.get_one(Device, new_id)
    assert chain(db.session, new) == [new_id, device_id]
    found = lines(people.desk, new, size=100)
    assert [line.detail for line in found if line.what is What.USE][:2] == ["device:swap_in", "device:swap_out"]
    assert any(line.what is What.REQUEST for line in found)
    assert number in {line.key for line in found}


def test_what_is_not_released_is_not_told_in_words(people, device):
    number = order_at(people, device, "tested")
    visit = next(line for line in lines(people.officer, device) if line.what is What.VISIT and line.number == number)
    assert visit.text == "" and order_of(number).repair_process
