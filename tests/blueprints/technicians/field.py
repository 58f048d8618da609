"""Field work for tests: an order brought to any state through the services, and forms as a browser sends them."""

import io
import re
from datetime import timedelta

import sqlalchemy as sa
from PIL import Image

from portal.core import clock
from portal.core.db import db, new_uid, writing
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import Asked, Conclusion, Urgency, Verdict
from tests import plans
from tests.conftest import PASSWORD
from tests.safety import NOTHING, screened

SYMPTOM = "开机后 3 分钟报警 E-42，随后停机"
FINDINGS = {
    "fault_symptom": "开机 3 分钟后报警 E-42",
    "fault_cause": "氧电池失效",
    "repair_process": "更换氧电池并校准",
}
PART = {"name": "氧电池", "part_number": "OX-11", "quantity": "1", "serial_in": "B2", "serial_out": "A1"}
PART |= {"lot_in": "", "whereabouts": "old_returned"}
VERDICTS = {"functional_test": "pass", "performance_test": "pass", "safety_test": "not_applicable"}
RESULTS = VERDICTS | {"test_data": "FiO2 21.0 / 60.2 %", "conclusion": "usable"}

WAY = (
    "assigned",
    "accepted",
    "travelling",
    "on_site",
    "agreed",
    "found",
    "testing",
    "tested",
    "to_release",
    "to_sign",
    "done",
)


def order_at(people, device, state="assigned", **assignment):
    """A fresh order for the technician `李伟`, brought to `state` (a word of WAY); returns its number."""
    with writing("field") as session:
        request = service.create_request(
            session,
            people.officer,
            session.get_one(Device, device.id),
            answers=NOTHING,
            symptom=SYMPTOM,
            urgency=Urgency.URGENT,
            contact_name="陈静怡",
            contact_phone="021-5555 0101",
        )
        technician = people.account("technician")
        order = service.assign(session, request, people.desk, technician, **assignment)
        order_id, number = order.id, order.number
    for step in WAY[1 : WAY.index(state) + 1]:
        with writing("field") as session:
            STEPS[step](session, session.get_one(WorkOrder, order_id), people)
    return number


def _found(session, order, people):
    findings = FINDINGS | {"parts_replaced": [PART | {"serial_in": f"B2-{order.id}"}]}
    service.record_findings(session, order, people.technician, order.findings_version, **findings)


def _testing(session, order, people):
    screened(session, order.request, people.technician, Asked.CLOSING)
    service.start_tests(session, order, people.technician)


def _tested(session, order, people):
    verdicts = {name: Verdict(value) for name, value in VERDICTS.items()}
    conclusion = {"conclusion": Conclusion.USABLE, "restored_at": clock.now()}
    results = verdicts | conclusion | {"test_data": RESULTS["test_data"]}
    service.record_tests(session, order, people.technician, order.tests_version, **results)


def _to_sign(session, order, people):
    paper = documents.of(session, SERVICE_REPORT, order)
    service.release(session, order, people.quality, paper.current.content_hash)


def _done(session, order, people):
    paper = documents.of(session, SERVICE_REPORT, order)
    signing = Signing(Method.PASSWORD, people.officer.name, rating=5)
    service.sign(session, paper, people.officer, signing, paper.current.content_hash)


STEPS = {
    "accepted": lambda session, order, people: service.accept(session, order, people.technician),
    "travelling": lambda session, order, people: service.depart(session, order, people.technician),
    "on_site": lambda session, order, people: service.arrive(session, order, people.technician),
    "agreed": plans.agree,
    "found": _found,
    "testing": _testing,
    "tested": _tested,
    "to_release": lambda session, order, people: service.submit(session, order, people.technician),
    "to_sign": _to_sign,
    "done": _done,
}


def order_of(number) -> WorkOrder:
    """The order as the database holds it now."""
    db.session.rollback()
    return db.session.execute(sa.select(WorkOrder).where(WorkOrder.number == number)).scalar_one()


def paper_of(number) -> Document:
    return documents.of(db.session, SERVICE_REPORT, order_of(number))


def sent(**values):
    """A form as sent: with a fresh idempotency key."""
    return {"idempotency_key": new_uid()} | values


def signing(page, **values):
    """A signing form as sent from `page`: with the hash that stands there, and the password."""
    return sent(seen=hidden(page, "seen"), place="江南大学附属中心医院", password=PASSWORD) | values


def hidden(answer, name) -> str:
    """The value of the hidden field `name` on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))
    assert found, f"{name} is not on the page"
    return found[1]


def local(at) -> str:
    """A moment as a date field of a reader in Shanghai sends it."""
    return (at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")


def picture(form="PNG", name="signature.png"):
    """An upload: a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (320, 110), (250, 250, 250)).save(out, form)
    out.seek(0)
    return out, name


def plan_form(**values):
    """A repair plan as the tablet sends it: a part of no list, and its price."""
    line = {"code": "", "name": "氧电池", "kind": "part", "quantity": "1", "price": "480", "option": ""}
    until = (clock.now() + timedelta(days=14)).date().isoformat()
    form = {"steps": "更换氧电池，校准，整机测试", "hours": "1.5", "basis": "by_cover", "valid_until": until}
    return sent(**form, **{f"lines-0-{name}": value for name, value in line.items()}) | values


def consent_here(tablet, number):
    """The plan is drawn up and offered, and the customer consents on the tablet."""
    here = f"/technician/orders/{number}/plan"
    customer = {"name": "陈静怡", "function": "设备科长", "choice": "A", "signature": picture()}
    for path, form in (("save", plan_form()), ("offer", sent())):
        answer = tablet.post(f"{here}/{path}", form)
        assert answer.status_code == 303, answer.text
    page = tablet.get(f"{here}/sign?language=zh")
    answer = tablet.post(f"{here}/sign?language=zh", signing(page, **customer), content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
