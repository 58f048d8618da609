"""Known answers that the desk has given so often that they were written down."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.core.db import Text2
from portal.demo.cast import Cast
from portal.domain.accounts.people import person_of
from portal.domain.answers import service
from portal.domain.answers.words import Audience


class Told(NamedTuple):
    """Which product of the cast ("" for all), what is asked and what helps, in both languages, and for whom."""

    product: str
    question: Text2
    answer: Text2
    audience: Audience = Audience.CUSTOMER


ANSWERS = (
    Told(
        "ventilator",
        Text2("开机自检提示漏气或管路泄漏报警怎么办？", "The self-test reports a leak, or the leak alarm sounds"),
        Text2(
            "1. 检查湿化罐、集水杯和呼气阀是否旋紧，密封圈是否在位。\n2. 用备用管路和模拟肺重新做自检。\n"
            "3. 换管路后通过，说明旧管路破损，更换即可；仍不通过，请停用并报修。",
            "1. Check that humidifier chamber, water traps and exhalation valve are tight and their seals in place.\n"
            "2. Repeat the self-test with a spare circuit and a test lung.\n"
            "3. If it passes, the old circuit is damaged: replace it. If not, stop using the device and report it.",
        ),
    ),
    Told(
        "ventilator",
        Text2("氧浓度监测偏低、提示氧电池校准失败", "Oxygen reading too low, or calibration of the oxygen cell fails"),
        Text2(
            "先确认氧气气源压力在 0.3～0.6 MPa，再做一次 100 % 氧校准。\n"
            "仍失败多为氧电池到期（约 12～18 个月），请报修更换，并注明设备序列号。",
            "Make sure that the oxygen supply is at 0.3 to 0.6 MPa, then calibrate once more at 100 %.\n"
            "If it fails again the cell is usually at its end (about 12 to 18 months): "
            "report it, with the serial number.",
        ),
    ),
    Told(
        "monitor",
        Text2("血氧饱和度不显示或数值跳动", "SpO2 shows no value, or it jumps"),
        Text2(
            "擦净指端与探头，避开有血压袖带的一侧和涂指甲油的手指，避免强光直射。\n换一只探头对比：换后正常即为探头损坏，属耗材，可直接申领。",
            "Clean finger and sensor; avoid the arm with the cuff, nail varnish and bright light.\n"
            "Try another sensor: if it works, the old one is worn out and can be replaced from stock.",
        ),
    ),
    Told(
        "monitor",
        Text2("无创血压测量失败、袖带充气后漏气", "The blood pressure cannot be measured, the cuff loses air"),
        Text2(
            "检查袖带尺寸与接头是否插紧，导气管有无弯折。换一条袖带再测；仍失败请报修，并写明屏幕上的提示代码。",
            "Check the size of the cuff, its connector and the hose. Try another cuff. "
            "If it still fails, report it with the code on the screen.",
        ),
    ),
    Told(
        "infusion",
        Text2("注射泵反复阻塞报警", "The syringe pump keeps giving an occlusion alarm"),
        Text2(
            "检查留置针、三通和延长管是否弯折或夹闭；确认注射器品牌与泵上设置一致、推头卡到位。\n空载仍报警请停用并报修。",
            "Look for a kinked line, a closed clamp or stopcock; the brand of the syringe must be the one "
            "set on the pump, and its plunger seated.\nIf it alarms without a syringe too, "
            "stop using it and report it.",
        ),
    ),
    Told(
        "defibrillator",
        Text2("除颤仪自检红灯、提示电池电量不足", "The self-test light is red, or the battery is low"),
        Text2(
            "接通交流电充电至少 4 小时后重新自检。仍为红灯时立即换用备用除颤仪，把本机移出抢救区并报修，按“紧急”。",
            "Charge it from the mains for at least 4 hours and repeat the self-test. If the light is still red, "
            "put a spare in its place at once, take it out of the ward and report it as urgent.",
        ),
    ),
    Told(
        "",
        Text2("设备不能开机、插电无反应", "The device does not start, nothing happens on mains power"),
        Text2(
            "换一个确认有电的插座，检查电源线两端和设备背后的总开关。有保险丝座的设备，请由设备科工程师查看。",
            "Try a socket that is known to work; check both ends of the power cord and the main switch at the back. "
            "Fuses are for the hospital's own engineers to look at.",
        ),
    ),
    Told(
        "ventilator",
        Text2("漏气报警但自检通过：电话里先问什么", "Leak alarm though the self-test passes: what to ask first"),
        Text2(
            "问清管路类型、面罩还是插管、湿化器型号。面罩漏气大于 40 L/min 时报警属正常，"
            "指导调整头带；否则派工检查流量传感器。",
            "Ask for the circuit, mask or tube, and the humidifier. With a mask a leak above 40 L/min alarms rightly: "
            "have the straps adjusted. Otherwise send somebody to check the flow sensor.",
        ),
        Audience.STAFF,
    ),
    Told(
        "ultrasound",
        Text2("超声图像有黑条、局部无回声", "Dark bars in the ultrasound image"),
        Text2(
            "换一个探头接口对比；黑条随探头走，为探头阵元损坏，请勿继续用于诊断并报修。",
            "Try the probe at another port. If the bar goes with the probe, elements of it are broken: "
            "do not use it for diagnosis, and report it.",
        ),
    ),
)


def tell(session: Session, cast: Cast) -> None:
    """The desk wrote them down; one helped an officer; one turned out to be wrong and went out of use."""
    desk, officer = person_of(cast.people["desk"]), person_of(cast.people["officer"])
    made = [
        service.add(
            session,
            desk,
            question=told.question,
            answer=told.answer,
            audience=told.audience,
            product=cast.products.get(told.product),
        )
        for told in ANSWERS
    ]
    product, hospital = cast.products["ventilator"], cast.organisations["jiangnan"]
    device = next(each for each in cast.devices if each.product is product and each.organisation_id == hospital.id)
    service.help_with(session, made[0], officer, device)
    service.retire(session, made[-1], desk)
