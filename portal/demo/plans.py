"""The price list of the demonstration, and its repair plans."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Text2
from portal.core.permissions import SYSTEM, Person
from portal.demo.cast import Cast
from portal.demo.tales import PARTS
from portal.domain.accounts.people import person_of
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN
from portal.domain.documents.models import Method
from portal.domain.documents.service import Signing
from portal.domain.plans import service
from portal.domain.plans.service import Line
from portal.domain.plans.words import LineKind
from portal.domain.servicing.models import ServiceRequest, WorkOrder

K = LineKind
HOUR, PIECE, JOURNEY = Text2("小时", "hour"), Text2("件", "piece"), Text2("次", "journey")

PRICES = (
    ("GS-01", K.LABOUR, "维修工时", "Labour", HOUR, 32_000, 600),
    ("GS-02", K.LABOUR, "维修工时（夜间及节假日）", "Labour, nights and holidays", HOUR, 48_000, 600),
    ("CL-01", K.TRAVEL, "市区上门", "Visit in town", JOURNEY, 20_000, 600),
    ("CL-02", K.TRAVEL, "郊区及外埠上门", "Visit out of town", JOURNEY, 60_000, 600),
    ("RH-9021", K.PART, "呼气阀膜片组件", "Exhalation valve membrane", PIECE, 186_000, 1300),
    ("RH-9021E", K.PART, "呼气阀膜片组件（等效件）", "Exhalation valve membrane, equivalent", PIECE, 98_000, 1300),
    ("BD-1107", K.PART, "推头压力传感器", "Plunger pressure sensor", PIECE, 124_000, 1300),
    ("RH-3310", K.PART, "血氧探头延长线", "SpO2 extension cable", PIECE, 36_000, 1300),
    ("AB-0450", K.PART, "锂离子电池组", "Lithium-ion battery pack", PIECE, 268_000, 1300),
    ("SX-C5", K.PART, "凸阵探头", "Convex probe", PIECE, 1_280_000, 1300),
    ("XH-0212", K.PART, "走纸胶辊", "Paper drive roller", PIECE, 18_000, 1300),
    ("OX-11", K.PART, "氧电池", "Oxygen cell", PIECE, 48_000, 1300),
)


def list_prices(session: Session, cast: Cast) -> None:
    """The published price list."""
    for code, kind, zh, en, unit, price, rate in PRICES:
        service.add_price(
            session,
            SYSTEM,
            company=cast.company,
            code=code,
            kind=kind,
            name=Text2(zh, en),
            unit=unit,
            unit_price=price,
            tax_rate=rate,
            valid_from=date(2026, 1, 1),
        )


def offer(stage: Any, request: ServiceRequest, order: WorkOrder) -> None:
    """The technician draws up a plan on site and offers it."""
    parts = [Line(K.PART, part["name"], Decimal(1), part["part_number"]) for part in _parts(stage)]
    equivalent = [Line(K.PART, "", Decimal(1), "RH-9021E", "B")] if stage.tale.product == "ventilator" else []
    if equivalent:
        parts = [Line(line.kind, line.name, line.quantity, line.code, "A") for line in parts]
    lines = [*parts, *equivalent, Line(K.LABOUR, "", Decimal("1.5"), "GS-01"), Line(K.TRAVEL, "", Decimal(1), "CL-01")]
    plan = service.draw_up(
        stage.session,
        order,
        person_of(order.technician),
        lines,
        steps=stage.tale.process or "拆检，更换故障部件，校准并测试。",
        minutes=90,
        valid_until=clock.now().date() + timedelta(days=14),
    )
    service.offer(stage.session, plan, person_of(order.technician))


def agree_free(session: Session, order: WorkOrder, officer: Person) -> None:
    """A look at the device that costs nothing, offered and consented to."""
    doer = person_of(order.technician)
    values = {"steps": "拆检，判断能否修复。", "minutes": 60, "valid_until": clock.now().date() + timedelta(days=14)}
    service.offer(session, service.draw_up(session, order, doer, [], **values), doer)
    paper = documents.of(session, REPAIR_PLAN, order)
    signing = Signing(Method.PASSWORD, officer.name, function="设备科", choice="A")
    service.consent(session, paper, officer, signing, paper.current.content_hash)


def _parts(stage: Any) -> list[dict[str, Any]]:
    part = PARTS.get(stage.tale.product)
    return [part] if part else []


def consent(stage: Any, request: ServiceRequest, order: WorkOrder) -> None:
    """The equipment officer consents in the own account, unless a contract did already."""
    if order.plan_agreed:
        return
    paper = documents.of(stage.session, REPAIR_PLAN, order)
    signing = Signing(Method.PASSWORD, stage.officer.name, function="设备科", choice="A")
    service.consent(stage.session, paper, stage.officer, signing, paper.current.content_hash)
