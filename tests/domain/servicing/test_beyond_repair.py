"""What cannot be repaired, or is still unsafe, is stopped, and its hospital is told in writing."""

import pytest
import sqlalchemy as sa

from portal.core.db import db, writing
from portal.core.errors import NotAllowed, NotNow
from portal.domain.devices.models import Device
from portal.domain.devices.models import State as DeviceState
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, SERVICE_REPORT
from portal.domain.documents.models import Document, Method, State
from portal.domain.documents.queries import to_sign
from portal.domain.documents.service import Signing
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Conclusion, Verdict
from portal.web.papers import content
from tests.blueprints.technicians.field import order_at, order_of, signing

STOPPED = {
    "functional_test": Verdict.FAIL,
    "performance_test": Verdict.FAIL,
    "safety_test": Verdict.FAIL,
    "test_data": "绝缘电阻 0.3 MΩ",
    "conclusion": Conclusion.STOP,
    "restored_at": None,
}
BEYOND = STOPPED | {"beyond_repair": True, "beyond_repair_reason": "主板烧蚀，厂家停产"}


def released(people, device, **results):
    """The number of an order that was released with these results."""
    number = order_at(people, device, "testing")
    with writing() as session:
        order = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        service.record_tests(session, order, people.technician, order.tests_version, **results)
        service.submit(session, order, people.technician)
        report = documents.of(session, SERVICE_REPORT, order)
        service.release(session, order, people.quality, report.current.content_hash)
    return number


def notice_of(number) -> Document | None:
    return documents.of(db.session, DO_NOT_USE_NOTICE, order_of(number))


def receive(number, person, method=Method.PASSWORD, **more):
    with writing() as session:
        order = session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()
        notice = documents.of(session, DO_NOT_USE_NOTICE, order)
        signed = Signing(method, "陈静怡", function="设备科长", **more)
        documents.acknowledge(session, notice, person, signed, notice.current.content_hash)


@pytest.mark.req("RPR-9")
def test_the_hospital_gets_a_numbered_notice_and_confirms_it(people, device):
    number = released(people, device, **BEYOND)
    assert db.session.get_one(Device, device.id).state is DeviceState.DO_NOT_USE
    notice = notice_of(number)
    assert notice.state is State.ISSUED and notice.number.split("-")[1] == "DN" and notice.awaits_receipt
    said = content(notice.current)["notice"]
    assert said["beyond_repair"] and said["reason"] == BEYOND["beyond_repair_reason"]
    assert notice in to_sign(db.session, people.officer)
    issued_at = notice.current.issued_at
    receive(number, people.officer)
    db.session.rollback()
    notice = notice_of(number)
    assert not notice.awaits_receipt and notice not in to_sign(db.session, people.officer)
    assert [s.block.value for s in notice.current.signatures] == ["release", "customer"]
    assert notice.current.issued_at == issued_at
    with pytest.raises(NotNow):
        receive(number, people.officer)


@pytest.mark.req("RPR-9")
def test_what_is_still_unsafe_is_told_in_writing_too(people, device):
    notice = notice_of(released(people, device, **STOPPED))
    assert notice.state is State.ISSUED
    assert not content(notice.current)["notice"]["beyond_repair"]


def test_a_device_that_may_be_used_gets_no_notice(people, device):
    assert notice_of(order_at(people, device, "to_sign")) is None


def test_only_its_own_hospital_confirms_or_somebody_files_the_page(people, device):
    number = released(people, device, **BEYOND)
    for stranger in (people.officer2, people.desk):
        with pytest.raises(NotAllowed):
            receive(number, stranger)
    receive(number, people.desk, Method.PAPER, reason="传真回执")
    db.session.rollback()
    assert notice_of(number).current.signatures[-1].method is Method.PAPER


def test_a_report_needs_no_receipt(people, device):
    number = order_at(people, device, "done")
    with writing() as session, pytest.raises(NotNow, match="no confirmation"):
        report = documents.of(session, SERVICE_REPORT, order_of_in(session, number))
        signed = Signing(Method.PASSWORD, "陈静怡")
        documents.acknowledge(session, report, people.officer, signed, report.current.content_hash)


def order_of_in(session, number) -> WorkOrder:
    return session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()


@pytest.mark.req("RPR-9")
def test_the_officer_confirms_in_the_own_account(browser, people, device):
    notice = notice_of(released(people, device, **BEYOND))
    officer, path = browser("officer"), f"/customer/documents/{notice.uid}"
    page = officer.get(path)
    assert BEYOND["beyond_repair_reason"] in page.get_data(as_text=True)
    assert browser("officer2").get(path).status_code == 404
    assert officer.post(f"{path}/sign", signing(page, place="设备科")).status_code == 303
    assert officer.post(f"{path}/sign", signing(page, place="设备科")).status_code == 409
    assert notice.number in browser("desk").get(f"/quality/documents/{notice.uid}").get_data(as_text=True)
