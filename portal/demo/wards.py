"""Reports from the wards of the demonstration, by the labels of their devices, in every state."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.permissions import Person
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.devices.models import Device
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import OPEN_REQUESTS, Harm, Urgency
from portal.domain.wards import service
from portal.domain.wards.models import WardReport
from portal.domain.wards.words import Route

OPEN_SITES = {"jiangnan-main": Route.HOSPITAL, "jiangnan-north": Route.COMPANY, "binjiang-main": Route.HOSPITAL}
OFFICERS = {"jiangnan": "officer", "binjiang": "officer2"}


def tell(session: Session, cast: Cast) -> None:
    """The sites that let their wards report, and what was reported there. After all other tales."""
    for key, route in OPEN_SITES.items():
        service.open_desk(session, _officer(cast, key), cast.sites[key], route)
    _waits(session, cast, "jiangnan-main", "lamp", 0.8, "灯头调好后自己慢慢下垂，手术中需要人扶。", "护士小赵", "8106")
    _waits(
        session, cast, "binjiang-main", "infusion", 2.5, "输液泵电池充不进电，拔电源几分钟就关机。", "王护士", "6021"
    )
    _passed_on(session, cast)
    _known_already(session, cast)
    _solved(session, cast)
    _not_pursued(session, cast)


def _officer(cast: Cast, site: str) -> Person:
    return person_of(cast.people[OFFICERS[site.partition("-")[0]]])


def _waits(
    session: Session,
    cast: Cast,
    site: str,
    product: str,
    hours: float,
    symptom: str,
    name: str,
    phone: str,
    **more: Any,
) -> WardReport:
    """Somebody at a device of this kind scans its label so many hours ago."""
    known = next(d for d in cast.devices if d.site is cast.sites[site] and d.product is cast.products[product])
    return _report(session, known, hours, symptom=symptom, reporter_name=name, extension=phone, **more)


def _report(session: Session, device: Device, hours: float, **told: Any) -> WardReport:
    harmless = {"harm": Harm.NO, "is_hazard": False}
    person = service.reporter(device, told["reporter_name"], "zh", "192.0.2.17")
    with clock.frozen(clock.now() - timedelta(hours=hours)):
        return service.report(session, person, device, **harmless | told)


def _passed_on(session: Session, cast: Cast) -> None:
    filed = _waits(
        session, cast, "jiangnan-main", "ultrasound", 30, "探头插口松动，图像时有时无。", "超声科李技师", "8233"
    )
    with clock.frozen(clock.now() - timedelta(hours=29)):
        service.confirm(session, filed, _officer(cast, "jiangnan-main"), urgency=Urgency.NORMAL)


def _known_already(session: Session, cast: Cast) -> None:
    """The next shift reports what the equipment department has reported already."""
    site = cast.sites["jiangnan-main"]
    known = session.scalars(
        sa.select(ServiceRequest)
        .where(ServiceRequest.site_id == site.id, ServiceRequest.state.in_(OPEN_REQUESTS))
        .order_by(ServiceRequest.reported_at)
    ).first()
    filed = _report(
        session,
        known.device,
        1.5,
        symptom="夜班也遇到了，报警后无法消音。",
        same_as=known,
        reporter_name="夜班护士长",
        extension="8101",
    )
    with clock.frozen(clock.now() - timedelta(hours=1)):
        service.merge(session, filed, _officer(cast, "jiangnan-main"), known)


def _solved(session: Session, cast: Cast) -> None:
    filed = _waits(session, cast, "jiangnan-main", "lamp", 50, "无影灯有一组灯珠不亮。", "手术室小陈", "8106")
    with clock.frozen(clock.now() - timedelta(hours=48)):
        service.solve(session, filed, _officer(cast, "jiangnan-main"), "灯头接插件松动，已重新插紧，试用正常。")


def _not_pursued(session: Session, cast: Cast) -> None:
    filed = _waits(session, cast, "binjiang-main", "infusion", 70, "屏幕有划痕。", "王护士", "6021")
    with clock.frozen(clock.now() - timedelta(hours=69)):
        service.dismiss(session, filed, _officer(cast, "binjiang-main"), "不影响使用，年度保养时统一更换面板贴膜。")
