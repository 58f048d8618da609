"""What people find of their records, and that it is up to date as soon as it is saved."""

import pytest
import sqlalchemy as sa

import jobs
from portal.core import search
from portal.core.db import Text2, db, writing
from portal.core.search import SearchEntry
from portal.domain.catalog.models import Product
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import Organisation
from portal.domain.search.entries import Kind
from portal.domain.search.queries import groups
from portal.domain.search.rebuilding import rebuild
from portal.domain.servicing import service
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from tests.blueprints.technicians.field import FINDINGS, order_at, order_of
from tests.queries import count_queries
from tests.safety import screened


def found(person, typed, kind=Kind.DEVICE, **options):
    """The first columns of what the person finds of this kind: numbers, or uids."""
    db.session.expire_all()
    return [row[0] for group in groups(db.session(), person, typed, [kind], 50, **options) for row in group.rows]


def file(people, device, by="officer", **values):
    facts = {"symptom": "开机自检失败", "contact_name": "陈静怡", "contact_phone": "021-6482 1166"} | values
    with writing() as session:
        return service.create_request(session, getattr(people, by), session.get_one(Device, device.id), **facts).number


def of(session, number):
    return session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number == number)).one()


@pytest.mark.req("INT-17")
def test_the_desk_finds_a_device_by_whatever_it_hears(people, device):
    for typed in (
        device.serial[-4:],
        device.number,
        device.serial,
        "呼吸 江中心",
        "hxj jndx",
        "jzx hxj",
        "Ventilator icu",
    ):
        hits = found(people.desk, typed if "icu" not in typed else "Ventilator Intensive")
        assert device.number in hits, typed


@pytest.mark.req("INT-17")
def test_a_customer_is_found_by_nickname_initials_and_the_caller(people, device):
    owner = db.session.get_one(Organisation, device.organisation_id).uid
    with writing() as session:
        hospital = session.get_one(Organisation, device.organisation_id)
        values = {"name": "刘护士长", "function": "ward", "phone": "138 0013 8000"}
        organisations.add_contact(session, hospital, people.desk, **values)
    for typed in ("江中心", "jnd", "zxyy", "13800138000", "138-0013", "刘护士长"):
        assert found(people.desk, typed, Kind.ORGANISATION) == [owner], typed


def test_a_product_is_found_by_name_model_and_initials(people):
    ventilator = db.session.scalars(sa.select(Product).order_by(Product.id)).first().uid
    for typed in ("呼吸机", "hxj", "RH-V5", "rhv5", "20193080412"):
        assert ventilator in found(people.finance, typed, Kind.PRODUCT), typed


def test_a_request_is_found_by_what_was_said_as_soon_as_it_is_saved(people, device):
    number = file(people, device, symptom="潮气量监测值明显偏低，提示 E-42")
    for typed in ("潮气", "E-42", "e42", "6482", number, number[-5:], device.serial, "陈静怡", "呼吸机"):
        assert found(people.desk, typed, Kind.REQUEST) == [number], typed


def test_a_request_is_found_by_its_messages_and_shows_the_one(people, device):
    number = file(people, device)
    with writing() as session:
        service.post_message(session, of(session, number), people.officer, "备用电源也不亮")
    (group,) = groups(db.session(), people.officer, "备用电源", [Kind.REQUEST])
    assert group.rows[0][0] == number and group.rows[0][-1] == "备用电源也不亮"
    (group,) = groups(db.session(), people.officer, "开机自检", [Kind.REQUEST])
    assert group.rows[0][-1] is None


def test_internal_notes_are_found_by_the_house_alone(people, device):
    number = file(people, device)
    with writing() as session:
        service.post_message(session, of(session, number), people.desk, "客户拖欠货款", internal=True)
    assert found(people.desk, "拖欠", Kind.REQUEST) == found(people.auditor, "拖欠", Kind.REQUEST) == [number]
    assert found(people.officer, "拖欠", Kind.REQUEST) == []


def test_everybody_finds_only_their_own(people, device):
    number = file(people, device, symptom="独特的症状")
    finders = {"officer": [number], "desk": [number], "officer2": [], "dealer_desk": [], "technician": [], "stores": []}
    for key, expected in finders.items():
        assert found(getattr(people, key), "独特", Kind.REQUEST) == expected, key
    assert device.number not in found(people.officer2, device.serial) + found(people.dealer_desk, device.serial)
    assert found(people.technician, device.serial) == found(people.stores, device.serial) == [device.number]


def test_a_technician_finds_a_request_once_it_is_theirs(people, device):
    number = file(people, device, symptom="独特的症状")
    with writing() as session:
        service.post_message(session, of(session, number), people.officer, "备用电源也不亮")
        request = screened(session, of(session, number), people.desk)
        order = service.assign(session, request, people.desk, people.account("technician"))
    for typed in ("独特", "备用电源"):
        assert found(people.technician, typed, Kind.REQUEST) == [number]
        assert found(people.technician2, typed, Kind.REQUEST) == []
    with writing() as session:
        service.decline(session, session.merge(order), people.technician, "改派")
    assert found(people.technician, "独特", Kind.REQUEST) == []


def test_a_new_serial_number_is_found_and_the_old_one_is_not(people, device):
    number = file(people, device)
    with writing() as session:
        record = session.get_one(Device, device.id)
        old = record.asset_number
        devices.edit(session, record, people.desk, record.details_version, serial="QQ-77 5512", asset_number="")
    assert found(people.desk, "775512") == [device.number] and found(people.desk, old) == []
    assert found(people.desk, "775512", Kind.REQUEST) == []
    jobs.drain(raising=True)
    assert found(people.desk, "775512", Kind.REQUEST) == [number]


def test_a_hospital_with_a_new_name_takes_its_devices_along(people, device):
    with writing() as session:
        owner = session.get_one(Organisation, device.organisation_id)
        organisations.edit(session, owner, people.desk, owner.details_version, name=Text2("凤凰山医院"))
    jobs.drain(raising=True)
    assert device.number in found(people.desk, "凤凰山 呼吸机")
    assert found(people.desk, "江南大学附属") == []


def test_the_devices_of_one_hospital_alone(people, device):
    hospital = db.session.get_one(Organisation, device.organisation_id)
    hits = found(people.desk, "呼吸机", within=hospital)
    assert device.number in hits and len(hits) < len(found(people.desk, "呼吸机"))


def test_the_index_can_be_written_anew(people, device):
    number = file(people, device)
    with writing() as session:
        service.post_message(session, of(session, number), people.officer, "备用电源也不亮")
    before = entries()
    with writing() as session:
        session.execute(sa.delete(search.E).where(search.E.c.record_id == device.id))
        search.add(session, "device", 999_999, "kdevice wghost", "")
    count = rebuild(writing)
    assert entries() == before and count == len(before)
    assert found(people.officer, "备用电源", Kind.REQUEST) == [number] and found(people.desk, "ghost") == []


def entries():
    db.session.expire_all()
    rows = db.session.scalars(sa.select(SearchEntry))
    return {(row.kind, row.record_id, row.part_id, row.tokens, row.scopes) for row in rows}


def test_a_search_takes_four_statements(people, device):
    file(people, device, symptom="呼吸机 瑞呼")
    person = people.desk
    with count_queries() as sent:
        assert len(groups(db.session(), person, "呼吸")) == 3
    assert len(sent) <= 4


@pytest.mark.req("RPR-11")
def test_a_part_is_found_by_its_serial_number_with_its_device_and_its_request(people, device):
    number = order_at(people, device, "found")
    serial = order_of(number).parts[0].serial_in
    found = {group.kind: group.rows for group in groups(db.session(), people.desk, serial)}
    assert device.number in {row[0] for row in found[Kind.DEVICE]}
    assert order_of(number).request.number in {row[0] for row in found[Kind.REQUEST]}
    assert groups(db.session(), people.officer2, serial) == []


def test_a_part_that_was_written_down_by_mistake_is_found_no_more(people, device):
    number = order_at(people, device, "found")
    order, serial = order_of(number), order_of(number).parts[0].serial_in
    order_id, version = order.id, order.findings_version
    with writing() as session:
        service.record_findings(session, session.get_one(WorkOrder, order_id), people.technician, version, **FINDINGS)
    assert groups(db.session(), people.desk, serial) == []
