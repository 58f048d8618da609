"""Goods by lot in the register: known by lot and expiry, without a serial number."""

import pytest

from portal.core.db import Text2, db, writing
from portal.core.errors import NotNow, NotValid
from portal.domain.catalog import service as catalog
from portal.domain.catalog.models import Product, RiskClass
from portal.domain.devices import service
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.devices.queries import devices
from tests.lots import in_days, list_reagent, register_lot


@pytest.fixture
def reagent(people):
    with writing() as session:
        return list_reagent(session, people.quality).id


@pytest.fixture
def put(people, device, reagent):
    """Register a lot at the hospital of `device`, or beside another; returns its id."""

    def act(beside=device, **values):
        with writing() as session:
            product = session.get_one(Product, reagent)
            return register_lot(session, people.desk, product, session.get_one(Device, beside.id), **values).id

    return act


@pytest.fixture
def elsewhere(session, device):
    return session.query(Device).filter(Device.site_id != device.site_id).order_by(Device.id).first()


@pytest.mark.req("INT-14")
def test_a_lot_is_known_by_its_lot_where_a_unit_is_by_its_serial_number(people, put, device):
    lot = db.session.get_one(Device, put())
    assert (lot.serial, lot.identity, lot.identity_word.msgid) == ("", "TN26", "Lot")
    assert (device.identity, device.identity_word.msgid) == (device.serial, "Serial number")
    rows = devices(db.session, people.desk, begins="TN2").rows
    assert [(row[0], row[1]) for row in rows] == [(lot.number, "TN26")]


@pytest.mark.req("INT-14")
def test_several_lots_have_no_serial_number_and_one_lot_stands_at_several_sites(put, elsewhere):
    assert len({put(), put(lot="TN27"), put(beside=elsewhere)}) == 3


@pytest.mark.req("INT-14")
def test_a_lot_is_registered_once_at_a_site(put):
    known = db.session.get_one(Device, put()).number
    with pytest.raises(NotValid) as refused:
        put()
    assert refused.value.fields["lot"][0].params == {"number": known}


@pytest.mark.req("INT-14")
def test_lot_and_expiry_are_needed_and_a_serial_number_is_refused(put):
    with pytest.raises(NotValid) as refused:
        put(lot=" ", expires_on=None, serial="SN-1")
    assert refused.value.fields.keys() == {"lot", "expires_on", "serial"}


def test_a_unit_needs_its_serial_number(people, device):
    with pytest.raises(NotValid) as refused, writing() as session:
        beside = session.get_one(Device, device.id)
        register_lot(session, people.desk, beside.product, beside)
    assert refused.value.fields.keys() == {"serial"}


@pytest.mark.req("INT-14")
def test_a_lot_is_corrected_within_the_same_rules(people, put):
    first, second = put(), put(lot="TN27")
    with writing() as session:
        service.edit(session, session.get_one(Device, second), people.desk, 1, lot="TN28")
    with pytest.raises(NotValid), writing() as session:
        service.edit(session, session.get_one(Device, second), people.desk, 2, lot="TN26")
    with pytest.raises(NotValid), writing() as session:
        service.edit(session, session.get_one(Device, first), people.desk, 1, expires_on=None)


@pytest.mark.req("INT-14")
def test_a_lot_may_be_used_until_the_end_of_its_day(put):
    lot = db.session.get_one(Device, put(expires_on=in_days(3)))
    assert not lot.expired(in_days(3)) and lot.expired(in_days(4))


@pytest.mark.req("INT-14")
def test_a_lot_is_not_replaced_as_a_unit(people, put):
    lot_id, came = put(), {"serial": "SN-9", "no_udi_reason": "无"}
    with pytest.raises(NotNow), writing() as session:
        service.swap(session, session.get_one(Device, lot_id), people.desk, "用完", Whereabouts.LEFT, **came)


@pytest.mark.req("INT-14")
def test_goods_by_lot_say_what_is_counted(people):
    facts = {"name": Text2("试剂"), "model": "X", "risk_class": RiskClass.II, "by_lot": True}
    with pytest.raises(NotValid) as refused, writing() as session:
        catalog.list_product(session, people.quality, **facts)
    assert refused.value.fields.keys() == {"unit_zh"}
