"""A service report on the stage: told from the fault to the last signature through the same verbs as a real one."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import writing
from portal.core.files import Incoming, Limits, Room, keep, receive
from portal.core.permissions import Person
from portal.demo.pictures import display
from portal.domain.accounts.models import Account
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.models import Document, Method, Rendition
from portal.domain.documents.service import Signing
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Asked, Conclusion, Urgency, Verdict
from tests import plans
from tests.safety import NOTHING, screened

FAULT = {
    "symptom": "开机自检提示“呼气阀故障 E-42”，潮气量监测值明显偏低。",
    "cause_told": "上周搬动过一次设备。",
    "contact_name": "陈静怡",
    "contact_phone": "0571-8877 6655",
}
FINDINGS = {
    "fault_symptom": "呼气末正压不能维持，自检在第 7 步中断。",
    "fault_cause": "呼气阀膜片老化变形，关闭不严。",
    "repair_process": "拆检呼气阀，更换膜片组件；校准流量传感器和氧电池；整机自检通过。",
    "parts_replaced": [
        {
            "part_number": "RH-9021",
            "name": "呼气阀膜片组件",
            "quantity": "1",
            "serial_out": "VM210077",
            "serial_in": "VM260318",
        }
    ],
}
TESTS = {
    "functional_test": Verdict.PASS,
    "performance_test": Verdict.PASS,
    "safety_test": Verdict.PASS,
    "test_data": "潮气量 500 mL 实测 496 mL；PEEP 10 cmH₂O 实测 9.8；对地漏电流 62 μA。",
    "conclusion": Conclusion.USABLE,
}


def photo(room: Room, text: str = "E-42") -> Incoming:
    return _received(display(text), "IMG_0421.jpg", "image/jpeg", room)


def drawn(room: Room) -> Incoming:
    """A signature drawn by hand."""
    picture = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    line = [(60, 200), (150, 60), (200, 240), (300, 90), (360, 220), (470, 110), (560, 210), (840, 150)]
    ImageDraw.Draw(picture).line(line, fill=(20, 30, 90, 255), width=9, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return _received(out.getvalue(), "signature.png", "image/png", room)


def _received(content: bytes, name: str, media_type: str, room: Room) -> Incoming:
    return receive(io.BytesIO(content), name, media_type, limits=Limits(), room=room)


def to_be_signed(
    session: Session, people: Any, device: Device, *, photos: tuple = (), log_photos: tuple = (), **changes: Any
) -> Document:
    """A released report that waits for the customer, inside `writing()`. `changes` to what is typed."""
    start = clock.now() - timedelta(hours=8)
    order = _order(session, people, device, start, photos, changes)
    doer = people.technician
    with clock.frozen(start + timedelta(hours=2)):
        service.depart(session, order, doer)
        service.arrive(session, order, doer)
        service.log(session, order, doer, changes.get("log", "到场，设备已停用。"), photos=log_photos)
    return hand_over(session, people, order, start, **changes)


def _order(session: Session, people: Any, device: Device, start: Any, photos: tuple, changes: dict) -> WorkOrder:
    desk = people.desk
    with clock.frozen(start):
        fault = FAULT | {name: changes[name] for name in FAULT if name in changes}
        request = service.create_request(session, people.officer, device, photos=photos, answers=NOTHING, **fault)
        service.assess(session, request, desk, request.assessment_version, urgency=Urgency.URGENT, next_step="上门")
        order = service.assign(session, request, desk, session.get_one(Account, people.technician.id))
        service.accept(session, order, people.technician)
    return order


def hand_over(session: Session, people: Any, order: WorkOrder, start: Any, **changes: Any) -> Document:
    """Findings, tests, the technician's signature and the release."""
    doer, findings = people.technician, FINDINGS | {n: changes[n] for n in FINDINGS if n in changes}
    with clock.frozen(start + timedelta(hours=4)):
        if not order.plan_agreed:
            plans.agree(session, order, people)
        service.record_findings(session, order, doer, order.findings_version, **findings)
        service.start_tests(session, order, doer)
        restored = {"restored_at": start + timedelta(hours=3, minutes=18)}
        service.record_tests(session, order, doer, order.tests_version, **TESTS | restored)
        screened(session, order.request, doer, Asked.CLOSING)
        report = service.submit(session, order, doer, place="重症医学科三病区")
    with clock.frozen(start + timedelta(hours=5)):
        service.release(session, order, people.quality, report.current.content_hash, place="上海服务中心")
    return report


def sign(session: Session, report: Document, person: Person, **changes: Any) -> None:
    """The customer's signature: in the own account, or as `changes` say."""
    values = {
        "method": Method.PASSWORD,
        "name": person.name,
        "function": "设备科工程师",
        "place": "设备科",
        "rating": 5,
        "comment": "及时，专业。",
    }
    signing = Signing(**values | changes)
    service.sign(session, report, person, signing, report.current.content_hash)


def issued(session: Session, people: Any, device: Device, **changes: Any) -> Document:
    """A report that all three have signed."""
    report = to_be_signed(session, people, device, **changes)
    sign(session, report, people.officer)
    return report


def corrected(session: Session, people: Any, report: Document, **changes: Any) -> Document:
    """The next revision of an issued report, signed by all three."""
    order = session.get_one(WorkOrder, report.root_id)
    service.correct(session, order, people.technician, "备件序列号录错")
    service.take_up(session, order, people.technician)
    hand_over(session, people, order, clock.now(), **changes)
    sign(session, report, people.officer)
    return report


def print_all(report: Document, room: Room, content: bytes = b"%PDF-1.7 not really") -> None:
    """Make every PDF of the newest revision ready, as the job would, but with stand-in bytes."""
    for language in ("zh", "en"):
        rendition_id = report.current.rendition(language).id
        made = keep(content + language.encode(), "report.pdf", "application/pdf", limits=Limits(), room=room)
        with writing("test") as session:
            documents.rendered(session, session.get_one(Rendition, rendition_id), made, pages=3)
