"""Requests in every state, with their history, told through the same verbs as real ones.

Each tale names how far it went; the steps before are played at their own times in the past.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.files import Incoming, limits_in_force, receive, room_in
from portal.core.permissions import Person
from portal.demo import (
    answers,
    badges,
    charges,
    checks,
    duty,
    holds,
    kits,
    knowledge,
    lots,
    plans,
    policies,
    questions,
    ratings,
    wards,
)
from portal.demo.cast import Cast
from portal.demo.pictures import display
from portal.demo.tales import PARTS, TALES, Tale
from portal.domain.accounts.people import person_of
from portal.domain.catalog.models import RiskClass
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.faultcodes.models import FaultCode
from portal.domain.faultcodes.words import CodeKind
from portal.domain.labels import queries as label_queries
from portal.domain.labels import service as labels
from portal.domain.releases import queries as release_queries
from portal.domain.releases import seeding as releases
from portal.domain.releases import service as release_rules
from portal.domain.releases.words import Review
from portal.domain.servicing import early, leaving, service
from portal.domain.servicing.leaving import Tick
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import (
    Asked,
    Channel,
    Conclusion,
    ContactMode,
    Difficulty,
    FaultClass,
    Harm,
    Kind,
    Outlook,
    Urgency,
    Verdict,
)
from portal.settings import Settings

OFFICERS = {"jiangnan": "officer", "binjiang": "officer2", "taihu": "officer3"}
TECHNICIANS = {"shanghai": "technician", "huadong": "dealer_technician", "suzhou": "suzhou_technician"}


@dataclass
class Stage:
    """The means of telling one tale: who plays, at which time, with which device."""

    session: Session
    cast: Cast
    tale: Tale
    device: Device
    officer: Person
    technician: Person
    start: datetime
    pictures: list[Incoming]
    receipt: Incoming | None
    signed: Incoming | None

    def person(self, key: str) -> Person:
        return person_of(self.cast.people[key])

    def at(self, minutes: float) -> datetime:
        return min(self.start + timedelta(minutes=minutes), clock.now())


Pictures = dict[tuple[Tale | str | None, str], Incoming]
"""The photos of the tales, by what they show; those of badges, by whom; those of no tale under None."""


def pictures_for(session: Session, settings: Settings) -> Pictures:
    """The photos of the tales, taken in before the transaction: displays, and receipts that customers signed."""
    room, limits = room_in(settings.data_dir), limits_in_force(session)
    shown = {(tale, "display"): (tale.display, "IMG_0421.jpg") for tale in TALES if tale.display}
    shown[None, "storage"] = lots.PROOF
    shown |= {(tale, "receipt"): ("SIGNED", "IMG_0502.jpg") for tale in TALES if tale.until == "closed"}
    shown |= {(tale, "signed"): ("SIGNED", "IMG_0488.jpg") for tale in TALES if not tale.rating}
    return {
        key: receive(io.BytesIO(display(text)), name, "image/jpeg", limits=limits, room=room)
        for key, (text, name) in shown.items()
    } | {
        (key, "portrait"): receive(io.BytesIO(drawn), f"{key}.jpg", "image/jpeg", limits=limits, room=room)
        for key, drawn in badges.portraits()
    }


def tell(session: Session, cast: Cast, pictures: Pictures) -> int:
    """Tell all tales inside `writing()`; returns how many."""
    policies.agree(session, cast)
    plans.list_prices(session, cast)
    duty.plan(session, cast)
    kits.keep(session, cast)
    knowledge.tell(session, cast)
    answers.tell(session, cast)
    checks.publish(session, cast)
    leaving.install(session)
    releases.install(session)
    for tale in TALES:
        _tell(_stage(session, cast, tale, pictures))
    wards.tell(session, cast)
    duty.go_away(session, cast)
    knowledge.swap(session, cast)
    policies.tell(session, cast)
    questions.tell(session, cast)
    holds.tell(session, cast)
    charges.tell(session, cast)
    ratings.tell(session, cast)
    lots.tell(session, cast, pictures[None, "storage"])
    badges.wear(session, cast, {key: photo for (key, shown), photo in pictures.items() if shown == "portrait"})
    _draft_release_rules(session, cast)
    _print_labels(session, cast)
    return len(TALES)


def _print_labels(session: Session, cast: Cast) -> None:
    """Before an installation round the desk prints the labels of the first hospital."""
    ids = [device.id for device in cast.devices if device.organisation_id == cast.organisations["jiangnan"].id]
    sheet_of_24 = label_queries.formats(session)[0]
    labels.ask(session, person_of(cast.people["desk"]), sheet_of_24, ids[:12], language="zh")


def _stage(session: Session, cast: Cast, tale: Tale, pictures: Pictures) -> Stage:
    site, product = cast.sites[tale.site], cast.products[tale.product]
    device = next(d for d in cast.devices if d.site is site and d.product is product)
    hospital = next(key for key in OFFICERS if cast.organisations[key].id == device.organisation_id)
    centre = next(key for key, c in cast.centres.items() if c.id == device.centre_id)
    return Stage(
        session=session,
        cast=cast,
        tale=tale,
        device=device,
        officer=person_of(cast.people[OFFICERS[hospital]]),
        technician=person_of(cast.people[TECHNICIANS[centre]]),
        start=_start(tale, device),
        pictures=[pictures[tale, "display"]] if tale.display else [],
        receipt=pictures.get((tale, "receipt")) if device.centre.dealer_id else None,
        signed=pictures.get((tale, "signed")),
    )


def _start(tale: Tale, device: Device) -> datetime:
    """When it came in."""
    start = clock.now() - timedelta(days=tale.days_ago, hours=2)
    return duty.called_at(device.centre.zone, start) if tale.night else start


def _tell(stage: Stage) -> None:
    with clock.frozen(stage.at(0)):
        request = _report(stage)
    if stage.tale.night:
        duty.ring(stage.session, request, answered=stage.tale.night == "answered")
    order: WorkOrder | None = None
    for minutes, name, step in STEPS:
        if _reached(stage.tale.until, name):
            with clock.frozen(stage.at(minutes)):
                order = step(stage, request, order) or order


def _reached(until: str, name: str) -> bool:
    if name in SIDE_STEPS:
        return until == name
    if until in SIDE_STEPS:
        return ORDER.index(name) <= ORDER.index(SIDE_STEPS[until])
    return ORDER.index(name) <= ORDER.index(until)


NOTHING_TO_SAY = Answers(Harm.NO, is_event=False, is_complaint=False)


def _report(stage: Stage) -> ServiceRequest:
    """Over the portal by the officer, or by telephone to the desk, which asks the safety questions."""
    tale = stage.tale
    called = {"channel": Channel.PHONE, "answers": tale.answers or NOTHING_TO_SAY} if tale.called else {}
    return service.create_request(
        stage.session,
        stage.person("desk") if tale.called else stage.officer,
        stage.device,
        photos=stage.pictures,
        **called,
        symptom=tale.symptom,
        cause_told=tale.cause_told,
        urgency=Urgency(tale.urgency),
        device_stopped=tale.urgency != "normal",
        contact_name=stage.officer.name,
        contact_phone="021-5588 6655",
        preferred_time="",
    )


def _unanswered(request: ServiceRequest) -> Answers | None:
    """The answers that are still missing: what came through the portal had nothing to do with safety."""
    return None if request.asked(Asked.INTAKE) else NOTHING_TO_SAY


def _assess(stage: Stage, request: ServiceRequest, order: WorkOrder | None) -> None:
    desk = stage.person("desk")
    values = {"urgency": request.urgency, "next_step": "已电话联系科室，安排工程师上门"}
    answers = _unanswered(request)
    service.assess(stage.session, request, desk, request.assessment_version, answers=answers, **values)
    service.post_message(stage.session, request, desk, "您好，已收到报修，工程师会先电话与您确认情况。")


def _assign(stage: Stage, request: ServiceRequest, order: WorkOrder | None) -> WorkOrder:
    start = clock.now() + timedelta(hours=3)
    return service.assign(
        stage.session,
        request,
        stage.person("desk"),
        stage.cast.people[stage.tale.technician or _key_of(stage)],
        instructions="到场后先联系设备科，注意病区安静。",
        appointment_from=start,
        appointment_to=start + timedelta(hours=2),
    )


def _key_of(stage: Stage) -> str:
    return next(key for key, account in stage.cast.people.items() if account.id == stage.technician.id)


def _doer(stage: Stage, order: WorkOrder) -> Person:
    return person_of(order.technician)


def _accept(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    service.accept(stage.session, order, _doer(stage, order))


def _depart(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    """By telephone first, then on the way."""
    tale, parts = stage.tale, _parts(stage)
    service.diagnose(
        stage.session,
        order,
        _doer(stage, order),
        order.diagnosis_version,
        contacted_at=clock.now(),
        contact_mode=ContactMode.PHONE,
        diagnosis=tale.symptom,
        suspected_cause=tale.cause,
        difficulty=Difficulty.MEDIUM if parts else Difficulty.MINOR,
        fault_class=FaultClass.ORDINARY if tale.urgency == "normal" else FaultClass.URGENT,
        on_the_spot=True,
        needs_parts=bool(parts),
        outlook=Outlook.ON_SITE,
        **_codes(stage, "symptom_code", "area_code"),
    )
    service.depart(stage.session, order, _doer(stage, order))


def _arrive(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    service.arrive(stage.session, order, _doer(stage, order))
    service.log(stage.session, order, _doer(stage, order), "到场，设备已停用，设备科在场。")


def _repair(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    tale, doer = stage.tale, _doer(stage, order)
    service.log(stage.session, order, doer, tale.process)
    service.record_findings(
        stage.session,
        order,
        doer,
        order.findings_version,
        fault_symptom=tale.symptom,
        fault_cause=tale.cause,
        repair_process=tale.process,
        parts_replaced=_parts(stage),
        **_codes(stage, "cause_code", "action_code"),
    )
    if tale.swaps:
        knowledge.take_out(stage.session, stage.device, doer, f"{order.number}：{tale.cause}")
    service.start_tests(stage.session, order, doer)


def _parts(stage: Stage) -> list[dict[str, Any]]:
    """The part that the tale replaces, with a serial number of its own."""
    part, n = PARTS.get(stage.tale.product), stage.device.serial[-4:]
    if part is None or stage.tale.swaps:
        return []
    numbered = {name: f"{part[name]}{n}" for name in ("serial_in", "serial_out") if name in part}
    return [part | numbered | {"quantity": 1, "whereabouts": Whereabouts.RETURNED}]


CODED = ("symptom_code", "area_code", "cause_code", "action_code")


def _codes(stage: Stage, *names: str) -> dict[str, FaultCode | None]:
    """The tale's codes, by the names of the fields that take them."""
    by_name = dict(zip(CODED, zip(CodeKind, stage.tale.coded, strict=True), strict=True))
    return {name: stage.session.scalar(_code(*by_name[name])) for name in names}


def _code(kind: CodeKind, code: str) -> sa.Select:
    return sa.select(FaultCode).where(FaultCode.kind == kind, FaultCode.code == code)


BY_HAND = dict.fromkeys(("functional_test", "performance_test", "safety_test"), Verdict.PASS)


def _test(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    doer = _doer(stage, order)
    if stage.tale.fails:
        checks.fill(stage, order, stage.tale.fails)
        service.repair_again(stage.session, order, doer)
        service.log(stage.session, order, doer, "复测不合格，重新校准后再测。")
        service.start_tests(stage.session, order, doer)
    checks.fill(stage, order)
    written = {} if order.sheets else BY_HAND | {"test_data": stage.tale.data}
    concluded = {"conclusion": Conclusion.USABLE, "restored_at": clock.now()}
    service.record_tests(stage.session, order, doer, order.tests_version, **written, **concluded)
    service.screen(stage.session, request, doer, Asked.CLOSING, NOTHING_TO_SAY)
    leave_in_order(stage.session, order, doer)
    service.submit(stage.session, order, doer)


def leave_in_order(session: Session, order: WorkOrder, doer: Person) -> None:
    """Everything on the list of leaving the site holds."""
    ticks = {item.uid: Tick(True) for item in leaving.items(session)}
    leaving.record(session, order, doer, order.leaving_version, ticks)


def _send_back(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    service.send_back(stage.session, order, stage.person("quality"), "请补充漏电流实测值。")


def _paper(stage: Stage, order: WorkOrder) -> Document:
    return documents.of(stage.session, SERVICE_REPORT, order)


def _release(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    if stage.tale.early:
        _release_first(stage, order)
        return
    seen = _paper(stage, order).current.content_hash
    service.release(stage.session, order, stage.person("quality"), seen)


def _draft_release_rules(session: Session, cast: Cast) -> None:
    """Quality thinks of letting engineers release what was only looked after; somebody else is still to agree."""
    quality = person_of(cast.people["quality"])
    draft = release_rules.draft(session, quality)
    rule = {"risk_class": RiskClass.II, "life_support": False, "kind": Kind.MAINTENANCE.value, "review": Review.ALONE}
    source = "质量例会纪要 2026-11 第 4 项"
    release_rules.set_rule(session, draft, quality, draft.draft_version, None, **rule, source=source)


def _release_first(stage: Stage, order: WorkOrder) -> None:
    """At night nobody else is there: the technician releases, and quality reviews later."""
    reason, seen = release_queries.reasons(stage.session)[0], _paper(stage, order).current.content_hash
    early.release_first(stage.session, order, _doer(stage, order), seen, reason, "凌晨抢修，质量部无人值班。")


def _sign(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    paper = _paper(stage, order)
    tale, name = stage.tale, stage.officer.name
    if tale.rating:
        signer, rating = stage.officer, {"rating": tale.rating, "comment": tale.comment}
        signing = Signing(Method.PASSWORD, name, function="设备科", **rating)
    else:
        signer, why = _doer(stage, order), "平板电脑没电，客户签在打印件上。"
        signing = Signing(Method.PAPER, name, function="设备科", picture=stage.signed, reason=why)
    service.sign(stage.session, paper, signer, signing, paper.current.content_hash)


def _review(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    """The next morning quality reviews what was released at night."""
    if stage.tale.early == "reviewed":
        seen = _paper(stage, order).current.content_hash
        early.accept(stage.session, order.to_review, stage.person("quality"), seen, place="上海服务中心")


def _close(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    if stage.receipt is not None:
        service.file_receipt(stage.session, order, _doer(stage, order), [stage.receipt])
    service.close_request(stage.session, request, stage.person("desk"))


def _cancel(stage: Stage, request: ServiceRequest, order: WorkOrder | None) -> None:
    reason = "重新插好电源后恢复正常，撤回报修。"
    service.cancel_request(stage.session, request, stage.officer, reason, answers=_unanswered(request))


def _refuse(stage: Stage, request: ServiceRequest, order: WorkOrder | None) -> None:
    reason = "该设备不在我公司服务范围，已告知原厂热线。"
    service.refuse_request(stage.session, request, stage.person("desk"), reason, answers=_unanswered(request))


def _decline(stage: Stage, request: ServiceRequest, order: WorkOrder) -> None:
    service.decline(stage.session, order, _doer(stage, order), "当日已有两台急修，请改派。")


Step = Callable[[Stage, ServiceRequest, WorkOrder | None], WorkOrder | None]

STEPS: tuple[tuple[float, str, Step], ...] = (
    (18, "cancelled", _cancel),
    (25, "refused", _refuse),
    (12, "assessed", _assess),
    (30, "assigned", _assign),
    (38, "declined", _decline),
    (41, "accepted", _accept),
    (60, "travelling", _depart),
    (125, "on_site", _arrive),
    (140, "offered", plans.offer),
    (170, "consented", plans.consent),
    (210, "testing", _repair),
    (260, "to_release", _test),
    (300, "sent_back", _send_back),
    (320, "to_sign", _release),
    (400, "completed", _sign),
    (60 * 20, "reviewed", _review),
    (60 * 24, "closed", _close),
)
ORDER = ["received", *(name for _, name, _ in STEPS if name not in {"cancelled", "refused", "declined", "sent_back"})]
SIDE_STEPS = {"cancelled": "received", "refused": "received", "declined": "assigned", "sent_back": "to_release"}
"""Ends off the main road, and how far along it they branch off."""
