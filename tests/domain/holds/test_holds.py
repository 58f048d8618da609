"""A device under dispute stays as it is until a second person releases it; both sides sign what was sealed."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.deadlines import Clock, ClockState
from portal.core.documents import canonical_bytes, content_hash
from portal.core.errors import NotAllowed, NotNow, NotValid
from portal.core.notices import Notice
from portal.domain.devices import service as devices
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SEALING_LIST
from portal.domain.documents.models import Document, Method
from portal.domain.documents.models import State as PaperState
from portal.domain.documents.service import Signing
from portal.domain.holds import service
from portal.domain.holds.content import payload
from portal.domain.holds.models import EvidenceHold, Ground, State
from portal.domain.policies import waiting
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import WorkOrder
from tests.blueprints.technicians.field import FINDINGS, order_at, order_of

WHY = {"ground": Ground.DISPUTE, "reason": "家属对术中通气提出异议"}
ITEM = {"item": "呼吸机主机", "quantity": "1 台", "condition": "外壳完好", "seal_number": "FC-0031"}


def place(device, person, begin=service.place):
    with writing() as session:
        return begin(session, session.get_one(Device, device.id), person, **WHY).id


def do(hold, carry_out, *values, **more):
    with writing() as session:
        return carry_out(session, session.get_one(EvidenceHold, hold), *values, **more)


def at_order(number, carry_out, *values, **more):
    with writing() as session:
        found = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        return carry_out(session, found, *values, **more)


def sealed(hold, person):
    """Listed and signed for the company; the id of the paper."""
    do(hold, service.keep_list, person, 0, items=[ITEM], sealed_where="设备科库房")
    with writing() as session:
        one = session.get_one(EvidenceHold, hold)
        seen = content_hash(canonical_bytes(payload(one)))
        return service.seal(session, one, person, seen, place="设备科").id


def sign(paper, person, **how):
    with writing() as session:
        one = session.get_one(Document, paper)
        signing = Signing(**{"method": Method.PASSWORD, "name": person.name} | how)
        service.sign(session, one, person, signing, one.current.content_hash)


def told(kind):
    db.session.rollback()
    return set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


@pytest.mark.req("RPR-13")
def test_a_held_device_is_neither_repaired_tested_nor_released_but_its_log_stays_open(people, device):
    order = order_at(people, device, "agreed")
    place(device, people.quality)
    findings = FINDINGS | {"parts_replaced": []}
    for act in (
        lambda: at_order(order, servicing.record_findings, people.technician, 0, **findings),
        lambda: at_order(order, servicing.start_tests, people.technician),
    ):
        with pytest.raises(NotNow, match="家属对术中通气提出异议"):
            act()
    at_order(order, servicing.log, people.technician, "已断电，双方在场拍照")
    assert [line.text for line in order_of(order).logs] == ["已断电，双方在场拍照"]


@pytest.mark.req("RPR-13")
@pytest.mark.parametrize(("state", "act"), [("testing", "tests"), ("tested", "submit"), ("to_release", "release")])
def test_whatever_was_begun_stops_where_it_is(people, device, state, act):
    order = order_at(people, device, state)
    place(device, people.quality)
    with pytest.raises(NotNow, match="held as evidence"):
        if act == "tests":
            at_order(order, servicing.repair_again, people.technician)
        elif act == "submit":
            at_order(order, servicing.submit, people.technician)
        else:
            at_order(order, servicing.release, people.manager, "")


@pytest.mark.req("RPR-13")
def test_a_held_device_keeps_its_serial_number_and_is_not_let_go_into_use(people, device):
    with writing() as session:
        devices.stop(session, session.get_one(Device, device.id), people.quality, "待查")
    place(device, people.quality)
    with writing() as session, pytest.raises(NotNow, match="held as evidence"):
        devices.lift(session, session.get_one(Device, device.id), people.manager, "检查合格")
    with writing() as session, pytest.raises(NotNow, match="held as evidence"):
        one = session.get_one(Device, device.id)
        devices.edit(session, one, people.desk, one.details_version, serial="OTHER-1")
    with writing() as session:
        one = session.get_one(Device, device.id)
        devices.edit(session, one, people.desk, one.details_version, room="库房 2")


@pytest.mark.req("RPR-13")
def test_it_is_released_by_another_person_than_who_held_it(people, device):
    order = order_at(people, device, "agreed")
    hold = place(device, people.quality)
    with pytest.raises(NotNow, match="cannot release it"):
        do(hold, service.release, people.quality, "鉴定结束")
    with pytest.raises(NotValid):
        do(hold, service.release, people.manager, " ")
    with pytest.raises(NotAllowed):
        do(hold, service.release, people.desk, "鉴定结束")
    do(hold, service.release, people.manager, "鉴定结束，双方同意启封")
    db.session.rollback()
    found = db.session.get_one(EvidenceHold, hold)
    assert (found.state, found.released_by_id) == (State.RELEASED, people.manager.id)
    assert db.session.get_one(Device, device.id).held_at is None
    at_order(order, servicing.record_findings, people.technician, 0, **FINDINGS, parts_replaced=[])
    with pytest.raises(NotNow):
        do(hold, service.release, people.manager, "再次")


def test_its_open_cases_wait_meanwhile_and_their_promises_stand_still(people, device):
    order = order_at(people, device, "assigned")
    hold = place(device, people.quality)
    request = order_of(order).request
    assert [w.reason.key for w in waiting.open_of(db.session, request.__tablename__, request.id)] == ["evidence_hold"]
    assert ClockState.PAUSED in set(db.session.scalars(sa.select(Clock.state)))
    do(hold, service.release, people.manager, "鉴定结束")
    db.session.rollback()
    assert waiting.open_of(db.session, request.__tablename__, request.id) == []


def test_the_hospital_and_whoever_works_on_it_are_told(people, device):
    order_at(people, device, "accepted")
    hold = place(device, people.quality)
    assert {people.officer.id, people.technician.id} <= told("device_held")
    do(hold, service.release, people.manager, "鉴定结束")
    assert {people.officer.id, people.technician.id} <= told("hold_released")


@pytest.mark.req("RPR-13")
def test_a_technician_asks_and_quality_decides(people, device):
    with pytest.raises(NotAllowed):
        place(device, people.technician)
    with pytest.raises(NotAllowed):
        place(device, people.officer, service.ask)
    hold = place(device, people.technician, service.ask)
    assert db.session.get_one(Device, device.id).held_at is None
    assert {people.quality.id, people.manager.id} <= told("hold_asked")
    with pytest.raises(NotNow, match="already"):
        place(device, people.quality)
    do(hold, service.grant, people.quality)
    db.session.rollback()
    assert db.session.get_one(Device, device.id).held_reason == WHY["reason"]


def test_a_hold_that_is_declined_holds_nothing(people, device):
    hold = place(device, people.technician, service.ask)
    do(hold, service.decline, people.quality, "与设备无关")
    db.session.rollback()
    assert db.session.get_one(Device, device.id).held_at is None
    assert told("hold_declined") == {people.technician.id}
    place(device, people.quality)


@pytest.mark.req("RPR-13")
def test_both_sides_sign_what_was_sealed(people, device):
    hold = place(device, people.quality)
    with pytest.raises(NotNow, match="Write down first"):
        do(hold, service.seal, people.quality, "")
    paper = sealed(hold, people.quality)
    with pytest.raises(NotAllowed):
        sign(paper, people.officer2)
    sign(paper, people.officer)
    db.session.rollback()
    document = db.session.get_one(Document, paper)
    assert document.state is PaperState.ISSUED and document.number.split("-")[1] == "SL"
    assert [s.name for s in document.current.signatures] == [people.quality.name, people.officer.name]
    with pytest.raises(NotNow):
        sign(paper, people.officer)


def test_a_list_that_changed_is_signed_anew(people, device):
    hold = place(device, people.quality)
    paper = sealed(hold, people.quality)
    other = ITEM | {"item": "呼吸回路"}
    do(hold, service.keep_list, people.quality, 1, items=[ITEM, other], sealed_where="设备科库房")
    with writing() as session:
        one = session.get_one(EvidenceHold, hold)
        service.seal(session, one, people.quality, content_hash(canonical_bytes(payload(one))))
    db.session.rollback()
    document = documents.of(db.session, SEALING_LIST, db.session.get_one(EvidenceHold, hold))
    assert (document.id, document.revision) == (paper, 2)
    assert [r.state.value for r in document.revisions] == ["void", "frozen"]
