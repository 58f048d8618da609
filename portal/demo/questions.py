"""Questions of the demonstration: to a colleague, to the manufacturer, and one that was answered."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import Text2
from portal.core.permissions import SYSTEM
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.escalations import service
from portal.domain.organisations import service as organisations
from portal.domain.organisations.models import ContactFunction, Organisation, OrganisationKind
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import OrderState

ASKED = "自检第 7 步反复中断，呼气阀已更换仍报 E-42。流量传感器零点漂移约 -0.3 L/min，是否要同时更换差压芯片？"
ASKED_TOO = "监护仪更换血氧延长线后读数仍间断消失，该批次主板接口是否有已知问题？"
ANSWERED = "先不要换主板。按维修手册 5.3 节重做流量传感器零点校准，预热至少 15 分钟；仍漂移再换传感器组件 RH-9044。"


def tell(session: Session, cast: Cast) -> None:
    """One open and one answered question of our own technician; the dealer's asks the manufacturer and our expert."""
    maker = _maker(session)
    expert = cast.people["technician2"]
    ours = [one for one in _orders(session, cast.organisations["jiangnan"]) if one.technician_id != expert.id]
    theirs = _orders(session, cast.organisations["binjiang"])
    with clock.frozen(clock.now() - timedelta(hours=3)):
        answered = service.ask(session, ours[-1], person_of(ours[-1].technician), expert, ASKED)
        asker = person_of(theirs[0].technician)
        service.ask(session, theirs[0], asker, maker, ASKED, email="service@ruihu.example")
        service.ask(session, theirs[0], asker, expert, ASKED)
    with clock.frozen(clock.now() - timedelta(hours=2)):
        service.answer(session, answered, person_of(expert), ANSWERED)
    service.ask(session, ours[0], person_of(ours[0].technician), expert, ASKED_TOO)


def _maker(session: Session) -> Organisation:
    name = Text2("瑞护医疗器械股份有限公司（厂家）", "Ruihu Medical Devices (manufacturer)")
    values = {"phone": "0755-2688 1100", "address": "深圳市南山区科技园"}
    maker = organisations.register(session, SYSTEM, kind=OrganisationKind.SUPPLIER, name=name, **values)
    contact = {"name": "技术支持部", "function": ContactFunction.EQUIPMENT, "email": "service@ruihu.example"}
    organisations.add_contact(session, maker, SYSTEM, **contact)
    return maker


def _orders(session: Session, hospital: Organisation) -> list[WorkOrder]:
    """The hospital's orders at which somebody is at work, oldest first."""
    at_work = (OrderState.ACCEPTED, OrderState.TRAVELLING, OrderState.ON_SITE, OrderState.TESTING)
    mine = sa.select(WorkOrder).where(WorkOrder.organisation_id == hospital.id, WorkOrder.state.in_(at_work))
    return list(session.scalars(mine.order_by(WorkOrder.id)))
