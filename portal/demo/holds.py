"""Evidence holds of the demonstration, and a device that could not be repaired."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.documents import canonical_bytes, content_hash
from portal.core.permissions import Person
from portal.demo import plans
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.devices.models import Device
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Method
from portal.domain.documents.service import Signing
from portal.domain.holds import service
from portal.domain.holds.content import payload
from portal.domain.holds.models import Ground
from portal.domain.servicing import leaving
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import Asked, Conclusion, Harm, Urgency, Verdict

ITEMS = [
    {"item": "设备主机", "quantity": "1 台", "condition": "关机，外壳完好，面板有划痕", "seal_number": "FC-26-0031"},
    {"item": "导联线及电极板", "quantity": "1 套", "condition": "未清洗，原样装袋", "seal_number": "FC-26-0032"},
    {"item": "事件日志导出 U 盘", "quantity": "1 个", "condition": "双方在场导出，只读", "seal_number": "FC-26-0033"},
]
NOBODY_HARMED = Answers(Harm.NO, is_event=False, is_complaint=False)
WORN_OUT = "主板多层烧蚀，厂家已停产且无备件，无法恢复到安全状态。"


def tell(session: Session, cast: Cast) -> None:
    """One device of ours held and sealed by both sides, one of the dealer's to be decided on, one beyond repair."""
    here, there = (_idle_devices(session, cast, key) for key in ("jiangnan", "binjiang"))
    quality, officer = person_of(cast.people["quality"]), person_of(cast.people["officer"])
    with clock.frozen(clock.now() - timedelta(days=2)):
        held = service.place(
            session,
            here[0],
            quality,
            ground=Ground.DISPUTE,
            reason="患者家属对抢救过程提出异议，医务科要求原样封存至鉴定结束。",
            reference="医务〔2026〕37 号",
        )
        service.keep_list(session, held, quality, 0, items=ITEMS, sealed_where="设备科二号库房，双方各执一把钥匙")
        seen = content_hash(canonical_bytes(payload(held)))
        paper = service.seal(session, held, quality, seen, place="设备科")
        signing = Signing(Method.PASSWORD, officer.name, function="设备科", place="设备科")
        service.sign(session, paper, officer, signing, paper.current.content_hash)
    asker = person_of(cast.people["dealer_technician"])
    service.ask(session, there[0], asker, ground=Ground.EVENT, reason="输注过量的原因尚未查明，建议先不要拆机。")
    with clock.frozen(clock.now() - timedelta(days=1)):
        _beyond_repair(session, cast, here[1], officer)


def _idle_devices(session: Session, cast: Cast, hospital: str) -> list[Device]:
    """The hospital's devices about which nothing was reported."""
    reported = sa.select(ServiceRequest.device_id)
    mine = sa.select(Device).where(Device.organisation_id == cast.organisations[hospital].id)
    return list(session.scalars(mine.where(Device.id.not_in(reported)).order_by(Device.id)))


def _beyond_repair(session: Session, cast: Cast, device: Device, officer: Person) -> None:
    """From the report to the release: the notice is issued, and waits to be confirmed."""
    doer, desk = person_of(cast.people["technician"]), person_of(cast.people["desk"])
    told = {"symptom": "开机冒烟，有焦味，已断电。", "contact_name": officer.name, "contact_phone": "021-5588 6655"}
    request = servicing.create_request(session, officer, device, **told)
    judged = {"urgency": Urgency.URGENT, "next_step": "工程师上门检查"}
    servicing.assess(session, request, desk, 0, answers=NOBODY_HARMED, **judged)
    order = servicing.assign(session, request, desk, cast.people["technician"])
    servicing.accept(session, order, doer)
    servicing.arrive(session, order, doer)
    plans.agree_free(session, order, officer)
    found = {"fault_symptom": "主板烧蚀", "fault_cause": "电源模块击穿", "repair_process": "拆检、测量供电"}
    servicing.record_findings(session, order, doer, 0, **found, parts_replaced=[])
    servicing.start_tests(session, order, doer)
    servicing.record_tests(
        session,
        order,
        doer,
        0,
        functional_test=Verdict.FAIL,
        performance_test=Verdict.FAIL,
        safety_test=Verdict.FAIL,
        test_data="绝缘电阻 0.3 MΩ，低于限值 2 MΩ。",
        conclusion=Conclusion.STOP,
        restored_at=None,
        beyond_repair=True,
        beyond_repair_reason=WORN_OUT,
    )
    servicing.screen(session, request, doer, Asked.CLOSING, NOBODY_HARMED)
    ticks = {item.uid: leaving.Tick(True) for item in leaving.items(session)}
    leaving.record(session, order, doer, 0, ticks)
    servicing.submit(session, order, doer)
    report = documents.of(session, SERVICE_REPORT, order)
    servicing.release(session, order, person_of(cast.people["quality"]), report.current.content_hash)
