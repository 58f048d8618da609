"""What is shipped: checklists to begin with, as drafts that the house's quality manager reads, adapts and publishes.

Figures of the ventilator and the infusion pump after JJF 1234-2018 and JJF 1259-2018; electrical safety after
YY/T 0841-2023 (IEC 62353:2014, MOD), 5.3, direct or differential method unless the item says otherwise.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from portal.core.db import Text2
from portal.domain.checklists.words import AppliedPart, Group, ItemKind, Protection, Purpose

F, G, K = Group.FUNCTIONAL, Group, ItemKind
CLASS_I, CLASS_II = (Protection.I,), (Protection.II,)
MAINS = (Protection.I, Protection.II)


@dataclass(frozen=True)
class Row:
    """An item as shipped; limits as text."""

    group: Group
    zh: str
    en: str
    kind: ItemKind = K.CHECK
    lower: str = ""
    upper: str = ""
    warn: tuple[str, str] = ("", "")
    unit: str = ""
    decimals: int = 0
    hint: Text2 | None = None
    protection: tuple[Protection, ...] = ()
    applied: tuple[AppliedPart, ...] = ()
    required: bool = True
    choices: tuple[tuple[str, str, bool], ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The fields of an item."""
        return {
            "group": self.group,
            "kind": self.kind,
            "name": Text2(self.zh, self.en),
            "hint": self.hint,
            "lower": _decimal(self.lower),
            "upper": _decimal(self.upper),
            "warn_lower": _decimal(self.warn[0]),
            "warn_upper": _decimal(self.warn[1]),
            "unit": self.unit,
            "decimals": self.decimals,
            "choices": [{"zh": zh, "en": en, "passes": passes} for zh, en, passes in self.choices],
            "protection": [each.value for each in self.protection],
            "applied": [each.value for each in self.applied],
            "required": self.required,
            "instrument": self.kind is K.NUMBER,
        }


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


class Shipped(NamedTuple):
    key: str
    purpose: Purpose
    name: Text2
    source: str
    rows: tuple[Row, ...]


def _measured(zh: str, en: str, lower: str, upper: str, unit: str, **more: Any) -> Row:
    return Row(more.pop("group", G.PERFORMANCE), zh, en, K.NUMBER, lower, upper, unit=unit, **more)


LOOKS = Row(F, "外观、铭牌和附件完好", "Housing, rating plate and accessories are whole")
SELF_TEST = Row(F, "开机自检通过", "The self-test at start passes")
POWER = Row(F, "断电报警和电池切换正常", "Alarm at power loss, and change to the battery")
SOFTWARE = Row(F, "软件版本", "Software version", K.TEXT, required=False)
SCREEN = Row(G.PERFORMANCE, "测试画面照片", "Photo of the screen during the test", K.PHOTO, required=False)

GENERAL = Shipped(
    "general",
    Purpose.REPAIR,
    Text2("通用维修后检查表", "General checklist after a repair"),
    "医疗装备售后管理办法 三(四)1",
    (
        LOOKS,
        SELF_TEST,
        Row(F, "各项功能按说明书逐项操作正常", "Every function works as the instructions for use say"),
        Row(F, "声光报警正常", "Audible and visible alarms"),
        Row(G.PERFORMANCE, "主要性能参数及实测值", "Main performance figures, as measured", K.TEXT),
        Row(G.PERFORMANCE, "性能符合说明书", "Performance is as the instructions for use say"),
        SOFTWARE,
        SCREEN,
    ),
)

VENTILATOR = Shipped(
    "ventilator",
    Purpose.REPAIR,
    Text2("呼吸机维修后检查表", "Ventilator: checklist after a repair"),
    "JJF 1234-2018; 医疗装备售后管理办法 三(四)1",
    (
        LOOKS,
        SELF_TEST,
        Row(F, "气道压力上、下限报警正常", "Alarms of high and low airway pressure"),
        Row(F, "管路脱落报警正常", "Alarm of a disconnected circuit"),
        POWER,
        _measured("潮气量（设定 500 mL）", "Tidal volume (set 500 mL)", "425", "575", "mL", warn=("450", "550")),
        _measured("呼吸频率（设定 20 次/分）", "Respiratory rate (set 20/min)", "18", "22", "/min", warn=("19", "21")),
        _measured(
            "呼气末正压（设定 10 cmH2O）", "PEEP (set 10 cmH2O)", "8", "12", "cm[H2O]", decimals=1, warn=("9", "11")
        ),
        _measured("气道峰压（设定 20 cmH2O）", "Peak pressure (set 20 cmH2O)", "17", "23", "cm[H2O]", decimals=1),
        _measured("氧浓度（设定 40 %）", "Oxygen concentration (set 40 %)", "35", "45", "%", warn=("37", "43")),
        SOFTWARE,
        SCREEN,
    ),
)

INFUSION_PUMP = Shipped(
    "infusion",
    Purpose.REPAIR,
    Text2("注射泵和输液泵维修后检查表", "Infusion pump: checklist after a repair"),
    "JJF 1259-2018; 医疗装备售后管理办法 三(四)1",
    (
        LOOKS,
        SELF_TEST,
        Row(F, "推头、泵门和夹持机构正常", "Plunger, door and clamps"),
        Row(F, "阻塞、将尽和注射器脱落报警正常", "Alarms of occlusion, near end and loose syringe"),
        POWER,
        _measured(
            "流速（设定 5 mL/h）", "Flow (set 5 mL/h)", "4.75", "5.25", "mL/h", decimals=2, warn=("4.85", "5.15")
        ),
        _measured("流速（设定 25 mL/h）", "Flow (set 25 mL/h)", "23.75", "26.25", "mL/h", decimals=2),
        _measured("阻塞报警压力（中档）", "Occlusion pressure (middle setting)", "40", "100", "kPa", warn=("50", "90")),
        SOFTWARE,
        SCREEN,
    ),
)

_SAFE = {"group": G.SAFETY}
_DIRECT = Text2("直接法或差值法", "Direct or differential method")
_ALTERNATIVE = Text2("替代法；用直接法时不适用", "Alternative method; leave it out where the direct one is used")
_WHERE_ASKED = Text2("说明书要求时测量", "Where the instructions for use ask for it")

ELECTRICAL_SAFETY = Shipped(
    "electrical-safety",
    Purpose.SAFETY,
    Text2("电气安全测试表", "Electrical safety sheet"),
    "YY/T 0841-2023 (IEC 62353:2014, MOD)",
    (
        Row(
            G.SAFETY,
            "目视检查：外壳、电源线、插头、熔断器、标识完好",
            "Visual: housing, cord, plug, fuses, marks are whole",
        ),
        _measured(
            "保护接地电阻（含不可拆卸电源线）",
            "Protective earth resistance, with a cord that is fixed",
            "",
            "0.3",
            "Ohm",
            decimals=3,
            warn=("", "0.2"),
            protection=CLASS_I,
            **_SAFE,
        ),
        _measured(
            "保护接地电阻（不含可拆卸电源线）",
            "Protective earth resistance, without a detachable cord",
            "",
            "0.2",
            "Ohm",
            decimals=3,
            protection=CLASS_I,
            required=False,
            **_SAFE,
        ),
        _measured(
            "绝缘电阻：电源部分对保护接地",
            "Insulation: mains part to protective earth",
            "2",
            "",
            "MOhm",
            hint=_WHERE_ASKED,
            protection=CLASS_I,
            required=False,
            **_SAFE,
        ),
        _measured(
            "绝缘电阻：电源部分对外露导电部件",
            "Insulation: mains part to touchable conductive parts",
            "7",
            "",
            "MOhm",
            hint=_WHERE_ASKED,
            protection=CLASS_II,
            required=False,
            **_SAFE,
        ),
        _measured(
            "绝缘电阻：电源部分对 F 型应用部分",
            "Insulation: mains part to F-type applied parts",
            "70",
            "",
            "MOhm",
            hint=_WHERE_ASKED,
            protection=MAINS,
            applied=(AppliedPart.BF, AppliedPart.CF),
            required=False,
            **_SAFE,
        ),
        _measured(
            "设备漏电流（I 类）",
            "Equipment leakage, class I",
            "",
            "500",
            "uA",
            hint=_DIRECT,
            protection=CLASS_I,
            **_SAFE,
        ),
        _measured(
            "设备漏电流（II 类）",
            "Equipment leakage, class II",
            "",
            "100",
            "uA",
            hint=_DIRECT,
            protection=CLASS_II,
            **_SAFE,
        ),
        _measured(
            "设备漏电流（I 类，替代法）",
            "Equipment leakage, class I, alternative method",
            "",
            "1000",
            "uA",
            hint=_ALTERNATIVE,
            protection=CLASS_I,
            required=False,
            **_SAFE,
        ),
        _measured(
            "设备漏电流（II 类，替代法）",
            "Equipment leakage, class II, alternative method",
            "",
            "500",
            "uA",
            hint=_ALTERNATIVE,
            protection=CLASS_II,
            required=False,
            **_SAFE,
        ),
        _measured(
            "应用部分漏电流（BF 型）",
            "Applied-part leakage, type BF",
            "",
            "5000",
            "uA",
            applied=(AppliedPart.BF,),
            **_SAFE,
        ),
        _measured(
            "应用部分漏电流（CF 型）",
            "Applied-part leakage, type CF",
            "",
            "100",
            "uA",
            applied=(AppliedPart.CF,),
            **_SAFE,
        ),
        Row(G.SAFETY, "功能检查：与安全有关的功能正常", "Functional: what safety depends on works"),
    ),
)

SHIPPED = (GENERAL, VENTILATOR, INFUSION_PUMP, ELECTRICAL_SAFETY)
