"""What to take along to the models of the demonstration."""

from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.kits import service
from portal.domain.kits.models import KitKind

KITS = {
    "ventilator": (
        (KitKind.TOOL, "防静电工具包", "Antistatic tool kit"),
        (KitKind.TEST, "气流分析仪", "Gas flow analyser"),
        (KitKind.TEST, "电气安全分析仪", "Electrical safety analyser"),
        (KitKind.PART, "流量传感器", "Flow sensor"),
    ),
    "infusion": (
        (KitKind.TOOL, "十字螺丝刀组", "Cross-head screwdrivers"),
        (KitKind.TEST, "输液泵检测仪", "Infusion pump tester"),
    ),
    "defibrillator": ((KitKind.TEST, "除颤分析仪", "Defibrillator analyser"),),
}


def keep(session: Session, cast: Cast) -> None:
    """Quality has put the lists of some models together."""
    quality = person_of(cast.people["quality"])
    for key, things in KITS.items():
        for kind, zh, en in things:
            service.add(session, cast.products[key], quality, kind, Text2(zh, en))
