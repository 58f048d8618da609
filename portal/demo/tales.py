"""The tales of the demonstration: what failed where, how far the service went, what was found."""

from dataclasses import dataclass

from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import Harm


@dataclass(frozen=True)
class Tale:
    """One request. `until` names the last step that was taken; `display` the text on a photographed screen.

    `night`: it came in at night, and the call to who was on duty was "answered" or "missed".
    `coded`: the codes of symptom, area, cause and action.
    `rating` 0: it was signed on paper, and not rated.
    `early`: it was released before its review, which is still "due", or was "reviewed" the next morning.
    `fails` is the place of the item that fails at the first test, where it has a checklist.
    `swaps`: nothing was repaired, another unit took its place.
    """

    product: str
    site: str
    until: str
    days_ago: float
    symptom: str
    urgency: str = "normal"
    cause_told: str = ""
    cause: str = ""
    process: str = ""
    data: str = ""
    display: str = ""
    technician: str = ""
    rating: int = 5
    comment: str = "及时，专业"
    coded: tuple[str, str, str, str] = ("", "", "", "")
    called: bool = False
    night: str = ""
    answers: Answers | None = None
    fails: int = 0
    swaps: bool = False
    early: str = ""


PARTS = {
    "ventilator": {"part_number": "RH-9021", "name": "呼气阀膜片组件", "serial_out": "VM21", "serial_in": "VM26"},
    "infusion": {"part_number": "BD-1107", "name": "推头压力传感器", "serial_out": "PS21", "serial_in": "PS26"},
    "monitor": {"part_number": "RH-3310", "name": "血氧探头延长线", "lot_in": "L2608"},
    "defibrillator": {"part_number": "AB-0450", "name": "锂离子电池组", "serial_out": "BT23", "serial_in": "BT26"},
    "ultrasound": {"part_number": "SX-C5", "name": "凸阵探头", "serial_out": "C5T19", "serial_in": "C5T26"},
    "ecg": {"part_number": "XH-0212", "name": "走纸胶辊", "lot_in": "2605"},
}
"""Product → the part that its tales replace. Serial numbers are completed by those of the device."""

_VENTILATOR = {
    "symptom": "开机自检提示“呼气阀故障 E-42”，潮气量监测值明显偏低，已更换备用呼吸机，本机停用。",
    "cause_told": "上周搬动过一次设备。",
    "cause": "呼气阀膜片老化变形，关闭不严。",
    "process": "拆检呼气阀，更换膜片组件；校准流量传感器和氧电池；整机自检通过。",
    "data": "潮气量 500 mL 实测 496 mL；PEEP 10 cmH2O 实测 9.8；对地漏电流 62 μA。",
    "display": "E-42",
    "coded": ("VENT-S2", "VENT-A1", "VENT-C1", "R01"),
}
_MONITOR = {
    "symptom": "血氧读数间断消失，更换探头后仍出现。",
    "cause": "血氧探头延长线内部断线。",
    "process": "用模拟器逐段排查，更换延长线，重新固定线缆。",
    "data": "SpO2 模拟 97 % 实测 97 %；心率 60 次/分 实测 60。",
    "coded": ("MON-S1", "MON-A1", "C03", "R01"),
}
_MONITOR_SWAPPED = _MONITOR | {
    "cause": "血氧模块电路失效，同一模块已两次返修。",
    "process": "按约更换同型号整机，导入科室报警设置并核对；旧机带回返厂。",
    "coded": ("MON-S1", "MON-A1", "C02", "R02"),
    "swaps": True,
}
_PUMP = {
    "symptom": "注射泵阻塞报警频繁，管路检查无异常。",
    "cause": "推头压力传感器零点漂移。",
    "process": "更换压力传感器并做三点校准，阻塞报警压力复测合格。",
    "data": "流速 5 mL/h 实测 5.03；阻塞压力 中档 实测 68 kPa。",
    "coded": ("PUMP-S1", "PUMP-A1", "PUMP-C1", "R01"),
}
_DEFIBRILLATOR = {
    "symptom": "每日自检提示电池容量不足，充电后仍报警。",
    "cause": "电池组容量衰减至 41 %。",
    "process": "更换电池组，完成一次充放电循环与 200 J 放电测试。",
    "data": "设定 200 J 实测 198 J；充电时间 4.6 s；对地漏电流 55 μA。",
    "display": "BATT LOW",
    "coded": ("DEF-S3", "A01", "DEF-C1", "R01"),
}
_INCUBATOR = {
    "symptom": "箱温显示与温度计相差超过 1 ℃，已将患儿转箱。",
    "cause": "皮肤温度传感器插座接触不良。",
    "process": "清洁并更换传感器插座，温控复核两小时。",
    "data": "设定 34.0 ℃ 实测 33.9 ℃；湿度 60 % 实测 58 %。",
    "coded": ("INCU-S1", "INCU-A1", "C03", "R03"),
}
_ULTRASOUND = {
    "symptom": "凸阵探头图像出现固定暗条，换到另一接口依旧。",
    "cause": "探头第 3 组阵元失效。",
    "process": "做阵元测试，确认探头损坏，换装同型号探头并核对图像。",
    "data": "阵元测试 128/128 通过；体模分辨力符合要求。",
    "coded": ("US-S1", "US-A1", "C02", "R01"),
}
_ECG = {
    "symptom": "打印走纸偏斜，部分导联波形漂移。",
    "cause": "走纸胶辊磨损；导联线屏蔽层破损。",
    "process": "更换胶辊与导联线，校准 10 mm/mV。",
    "data": "定标 10 mm/mV 实测 10.0；走纸 25 mm/s 实测 25.1。",
    "coded": ("ECG-S2", "ECG-A2", "C01", "R01"),
}
_ANAESTHESIA = {
    "symptom": "Leak test fails at start-up: 180 ml/min at 30 cmH2O. Taken out of the theatre.",
    "cause": "Cracked seal at the absorber canister.",
    "process": "Replaced the canister seal, repeated the leak test three times.",
    "data": "Leak 45 ml/min at 30 cmH2O; vaporiser 2 % measured 2.05 %.",
    "coded": ("ANES-S1", "ANES-A1", "ANES-C1", "R01"),
}

_THIRD_TIME = Answers(Harm.NO, is_event=False, is_complaint=True, grounds="科室反映半年内第三次报修同一问题。")
_NEARLY = Answers(Harm.POSSIBLE, is_event=False, is_complaint=True, grounds="箱温偏差被护士及时发现，患儿未受影响。")
_TOO_WARM = Answers(
    Harm.POSSIBLE,
    is_event=True,
    is_complaint=True,
    is_hazard=True,
    grounds="箱温偏差超过 1 ℃，患儿已及时转箱，未受伤害；设备停用待检。",
)

_LATE = "约定上午到场，实际下午四点才到，中间没有电话告知；修好以后使用正常。"
_NOT_AGAIN = "同一问题上月已修过一次，换了延长线三周又出现，耽误使用。"

TALES = (
    Tale("ventilator", "jiangnan-main", "received", 0.02, urgency="critical", **_VENTILATOR),
    Tale("monitor", "jiangnan-main", "received", 0.1, **_MONITOR),
    Tale("ecg", "binjiang-east", "received", 0.3, called=True, answers=_THIRD_TIME, **_ECG),
    Tale("infusion", "taihu-main", "assessed", 0.4, **_PUMP),
    Tale("ultrasound", "jiangnan-north", "assessed", 0.6, **_ULTRASOUND),
    Tale("incubator", "taihu-main", "assigned", 0.3, urgency="urgent", called=True, answers=_TOO_WARM, **_INCUBATOR),
    Tale("infusion", "jiangnan-main", "assigned", 0.2, **_PUMP),
    Tale("defibrillator", "jiangnan-main", "accepted", 0.3, urgency="urgent", **_DEFIBRILLATOR),
    Tale("anaesthesia", "taihu-main", "travelling", 0.4, urgency="urgent", **_ANAESTHESIA),
    Tale("ecg", "jiangnan-main", "on_site", 0.5, **_ECG),
    Tale("ventilator", "binjiang-main", "offered", 0.6, urgency="critical", **_VENTILATOR),
    Tale("monitor", "jiangnan-north", "testing", 0.8, technician="technician2", **_MONITOR),
    Tale("infusion", "jiangnan-north", "to_release", 1, **_PUMP),
    Tale("defibrillator", "binjiang-main", "to_release", 1.2, urgency="urgent", night="missed", **_DEFIBRILLATOR),
    Tale("anaesthesia", "jiangnan-main", "sent_back", 1.5, **_ANAESTHESIA),
    Tale("incubator", "jiangnan-main", "to_sign", 2, urgency="urgent", called=True, answers=_NEARLY, **_INCUBATOR),
    Tale("monitor", "binjiang-main", "to_sign", 2.4, **_MONITOR),
    Tale("ecg", "taihu-main", "completed", 3, rating=4, **_ECG),
    Tale("ecg", "jiangnan-north", "to_sign", 0.4, urgency="urgent", early="due", **_ECG),
    Tale("ecg", "binjiang-main", "to_sign", 0.5, early="due", **_ECG),
    Tale("monitor", "jiangnan-main", "completed", 2.2, early="due", **_MONITOR),
    Tale("infusion", "taihu-main", "reviewed", 7, early="reviewed", **_PUMP),
    Tale(
        "ventilator",
        "jiangnan-north",
        "completed",
        4,
        urgency="urgent",
        night="answered",
        fails=6,
        rating=0,
        **_VENTILATOR,
    ),
    Tale("ultrasound", "binjiang-main", "completed", 5, rating=0, **_ULTRASOUND),
    Tale("infusion", "binjiang-main", "completed", 6, rating=2, comment=_LATE, fails=6, **_PUMP),
    Tale("defibrillator", "taihu-main", "closed", 12, rating=0, **_DEFIBRILLATOR),
    Tale("monitor", "taihu-main", "closed", 21, rating=1, comment=_NOT_AGAIN, **_MONITOR_SWAPPED),
    Tale("incubator", "binjiang-main", "closed", 33, rating=4, **_INCUBATOR),
    Tale("ventilator", "taihu-main", "closed", 48, urgency="urgent", night="missed", rating=0, **_VENTILATOR),
    Tale("anaesthesia", "jiangnan-north", "closed", 75, **_ANAESTHESIA),
    Tale("ultrasound", "jiangnan-main", "cancelled", 8, **_ULTRASOUND),
    Tale("lamp", "jiangnan-main", "refused", 9, symptom="无影灯臂自行下垂，需要调整。"),
    Tale("dialysis", "jiangnan-main", "declined", 0.5, symptom="电导率报警，冲洗后仍反复出现。", urgency="urgent"),
    Tale("infusion", "jiangnan-main", "testing", 0.6, **_PUMP),
    Tale("ventilator", "binjiang-east", "testing", 0.5, urgency="urgent", **_VENTILATOR),
)
