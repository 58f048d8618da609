"""Sample content for the internal component page, in the reader's language: what a form, a list, a story look like."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    Form,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)

from portal.core.clock import now
from portal.web.promises import Face, Why

Sample = dict[str, Any]


def context(language: str) -> Sample:
    """All that internal/components.html shows; language is "zh" or "en"."""
    return {
        "say": lambda english, chinese: chinese if language == "zh" else english,
        "empty_form": specimen_form(language)(),
        "wrong_form": wrong_form(language),
        "at": now(),
        "requests": requests(language),
        "story": story(language, now()),
        "talk": talk(language, now()),
        "way": way(language, now()),
        "photos": photos(language),
        "chips": chips(language),
        "promises": promises(language, now()),
    }


def specimen_form(language: str) -> type[Form]:
    """A form with one field of every kind. Made anew for each language, since labels are fixed when a class is made."""
    zh = language == "zh"
    required = validators.InputRequired("请填写此项。" if zh else "This has to be filled in.")

    class Specimen(Form):
        device = StringField(
            "设备名称或序列号" if zh else "Device or serial number",
            [required],
            description="见设备背面铭牌。" if zh else "It stands on the plate at the back.",
        )
        fault = TextAreaField("故障现象" if zh else "What is wrong", [required], render_kw={"rows": 5})
        urgency = RadioField(
            "紧急程度" if zh else "How urgent is it",
            [required],
            choices=[
                SelectChoice("now", "病人正在使用，立即处理" if zh else "A patient depends on it now"),
                SelectChoice("today", "今天内" if zh else "Today"),
                SelectChoice("week", "本周内" if zh else "This week"),
            ],
        )
        ward = SelectField(
            "使用科室" if zh else "Ward",
            [required],
            choices=[
                SelectChoice("", "请选择" if zh else "Choose one"),
                SelectChoice("icu", "重症医学科" if zh else "Intensive care"),
            ],
        )
        found = SelectMultipleField(
            "现场情况" if zh else "What you saw",
            choices=[
                SelectChoice("alarm", "报警" if zh else "An alarm"),
                SelectChoice("smoke", "冒烟或异味" if zh else "Smoke or smell"),
            ],
            option_widget=widgets.CheckboxInput(),
            widget=widgets.ListWidget(prefix_label=False),
        )
        since = DateTimeLocalField("发现时间" if zh else "Noticed at")
        hours = IntegerField("已运行时间" if zh else "Hours of running", [validators.Optional()])
        mail = EmailField("电子邮箱" if zh else "E-mail address", [required])
        secret = PasswordField("密码" if zh else "Password", [required])
        photos = MultipleFileField("照片" if zh else "Photos")
        stopped = BooleanField("设备已停用" if zh else "The device is out of use")

    return Specimen


def wrong_form(language: str) -> Form:
    """The same form, sent empty: every kind of field with its error."""
    form = specimen_form(language)(prefix="wrong-")
    form.validate()
    refused = "请说明设备是否停用。" if language == "zh" else "Say whether the device is out of use."
    for field in (form.stopped, form.photos, form.found):
        field.errors = [refused]
    return form


def requests(language: str) -> list[Sample]:
    zh = language == "zh"
    rows = [
        (31, "呼吸机报警后停机", "Ventilator stops after an alarm", "icu", "服务中", "In service", "accent"),
        (30, "监护仪血氧读数不稳", "Monitor shows unsteady SpO₂", "er", "已受理", "Received", "neutral"),
        (
            28,
            "输液泵流速偏差超限",
            "Infusion pump is beyond its tolerance",
            "surgery",
            "待件",
            "Waiting for a part",
            "hold",
        ),
        (27, "除颤仪自检失败", "Defibrillator fails its self-test", "er", "今天到期", "Due today", "warn"),
        (25, "超声探头接触不良", "Ultrasound probe has a loose contact", "imaging", "已超时", "Overdue", "bad"),
        (21, "麻醉机年度保养", "Yearly service of the anaesthesia machine", "surgery", "已完成", "Completed", "good"),
    ]
    wards = {
        "icu": ("重症医学科", "Intensive care"),
        "er": ("急诊科", "Emergency"),
        "surgery": ("手术室", "Operating theatre"),
        "imaging": ("超声医学科", "Ultrasound"),
    }
    return [
        {
            "number": f"SR-2026-000{number}",
            "title": chinese if zh else english,
            "ward": wards[ward][0 if zh else 1],
            "badge": (state_zh if zh else state_en, tone),
            "at": now() - timedelta(hours=(32 - number) ** 2),
        }
        for number, chinese, english, ward, state_zh, state_en, tone in rows
    ]


def story(language: str, at: datetime) -> list[Sample]:
    zh = language == "zh"
    return [
        {"at": at - timedelta(minutes=12), "who": "李伟" if zh else "Li Wei", "icon": "navigation", "tone": "accent",
         "text": "工程师已出发" if zh else "The engineer is on the way"},
        {"at": at - timedelta(hours=1), "who": "王芳" if zh else "Wang Fang", "icon": "user-plus",
         "text": "已派工给李伟" if zh else "Assigned to Li Wei",
         "detail": "持有该型号培训证书，距离最近。" if zh else "Trained on this model, and nearest."},
        {"at": at - timedelta(hours=2), "who": "陈静" if zh else "Chen Jing", "text": "已报修" if zh else "Reported"},
    ]  # fmt: skip


def talk(language: str, at: datetime) -> list[Sample]:
    zh = language == "zh"
    return [
        {"who": "陈静" if zh else "Chen Jing", "role": "重症医学科护士长" if zh else "Head nurse, intensive care",
         "at": at - timedelta(hours=2),
         "text": "3 号床呼吸机报警 E-42 后停机。\n病人已换用备用机，目前平稳。" if zh
         else "The ventilator at bed 3 stopped after alarm E-42.\nThe patient is on the spare one and stable.",
         "files": [{"name": "IMG_2031.jpg", "href": "#", "size": 2_400_000}]},
        {"who": "王芳" if zh else "Wang Fang", "role": "客服" if zh else "Service desk", "at": at - timedelta(hours=1),
         "mine": True, "text": "工程师李伟今天 14:30 前到场。" if zh else "Our engineer Li Wei is with you before 14:30 today."},
        {"who": "王芳" if zh else "Wang Fang", "role": "客服" if zh else "Service desk", "internal": True,
         "at": at - timedelta(minutes=50),
         "text": "同批次第三台报 E-42，已告知质管部。" if zh else "Third of this lot with E-42; quality has been told."},
    ]  # fmt: skip


def way(language: str, at: datetime) -> list[Sample]:
    zh = language == "zh"
    labels = (
        ["接单", "出发", "到场", "检测", "放行", "签字"]
        if zh
        else ["Accept", "Travel", "Arrive", "Test", "Release", "Sign"]
    )
    states = ["done", "done", "current", "todo", "todo", "todo"]
    return [
        {"label": label, "state": state, "at": at - timedelta(minutes=40 - 20 * index) if state == "done" else None}
        for index, (label, state) in enumerate(zip(labels, states, strict=True))
    ]


def photos(language: str) -> list[Sample]:
    zh = language == "zh"
    plate = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'%3E"
        "%3Crect width='4' height='3' fill='%23b9c9d6'/%3E%3Ccircle cx='2' cy='1.5' r='.8' fill='%236d8ba3'/%3E%3C/svg%3E"
    )
    return [
        {"src": plate, "alt": "呼吸机屏幕上的报警 E-42" if zh else "Alarm E-42 on the ventilator's screen",
         "caption": "报警 E-42" if zh else "Alarm E-42"},
        {"src": plate, "alt": "设备铭牌" if zh else "The device's plate", "caption": "铭牌" if zh else "Plate"},
        {"pending": True, "caption": "IMG_2032.heic"},
    ]  # fmt: skip


def promises(language: str, at: datetime) -> list[tuple[Face, Why | None]]:
    """A promise in every state that it can be in, the first with its account."""
    zh = language == "zh"

    def sample(tone: str, icon: str, verdict: str, due_word: str, hours: float, lines: Sequence[str] = ()) -> Face:
        name, within = ("到场", "8 个工作小时内") if zh else ("Arrival on site", "within 8 working hours")
        done = at - timedelta(hours=3) if tone in ("good", "bad") and hours < -1 else None
        return Face(
            f"{tone}-{hours}", name, within, tone, icon, verdict, due_word, at + timedelta(hours=hours), done, lines
        )

    due, was_due = ("截止", "应于") if zh else ("due", "was due")
    waits = "自 10:20 起暂停：等客户安排进场" if zh else "Waits since 10:20: access to the device"
    return [
        (sample("accent", "clock", "还剩 5 小时 20 分" if zh else "5 h 20 min left", due, 5.3), account(language, at)),
        (sample("warn", "clock-alert", "仅剩 35 分钟" if zh else "only 35 min left", due, 0.6), None),
        (sample("hold", "circle-pause", "已暂停" if zh else "Paused", due, 6, [waits]), None),
        (sample("bad", "octagon-alert", "已超时 40 分钟" if zh else "Overdue by 40 min", was_due, -0.7), None),
        (sample("good", "circle-check", "按时完成" if zh else "Kept", due, -2), None),
        (sample("bad", "circle-alert", "未达成" if zh else "Not kept", was_due, -5), None),
        (sample("neutral", "circle-dashed", "不计入" if zh else "Does not count", was_due, -0.5), None),
        (sample("neutral", "circle-dashed", "无需履行" if zh else "Not needed", due, 2), None),
    ]


def account(language: str, at: datetime) -> Why:
    """How the sample promise is counted: over a night, with a pause."""
    zh = language == "zh"
    hours, waits = "08:30-12:00, 13:30-17:30", "进场" if zh else "access"
    pause = f"10:20–11:00 暂停：{waits}" if zh else f"stood still 10:20–11:00: {waits}"
    days = [
        {"day": at.date() - timedelta(days=1), "hours": hours, "counted": "2:30", "total": "2:30", "notes": []},
        {"day": at.date(), "hours": hours, "counted": "5:30", "total": "8:00", "notes": [pause]},
    ]
    return Why(
        terms=[("依据" if zh else "Source", "服务合同 RK-FW-2026-017" if zh else "Service contract RK-FW-2026-017")],
        heads=("日期", "工作时段", "工时") if zh else ("Day", "Opening hours", "Working time"),
        days=days,
        sum="计满 8:00 即到期。" if zh else "8:00 have run: then it is due.",
        pauses=[{"reason": waits, "began_at": at - timedelta(hours=4), "ended_at": at, "evidence": ""}],
    )


def chips(language: str) -> list[Sample]:
    zh = language == "zh"

    def chip(label: str, *options: str) -> Sample:
        choices = [{"label": text, "href": "#", "current": index == 0} for index, text in enumerate(options)]
        return {"label": label, "value": options[0], "options": choices}

    if zh:
        return [
            chip("状态", "未完成", "全部", "已完成"),
            chip("医院", "全部", "市第一医院"),
            chip("排序", "最新", "最早"),
        ]
    return [
        chip("State", "open", "all", "completed"),
        chip("Hospital", "all", "First Hospital"),
        chip("Sort", "newest", "oldest"),
    ]
