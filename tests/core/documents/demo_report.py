"""A two-page service report in Chinese and in English, as a business document would fill the base page."""

import io
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
from PIL import Image, ImageDraw

from portal.core.documents import Limits, RenderResult, Sheet, canonical_bytes, content_hash, render_pdf

TEMPLATES = Path(__file__).resolve().parents[3] / "portal" / "templates"
PATIENT = Limits(seconds=90)  # the machine of a test run may be busy
AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
RARE_NAME = "䶮龘㐂"
PLANE_TWO_NAME = "𠮷𬎆"

FAULT = {
    "zh-CN": (
        "2026年11月2日 07:40，呼吸机在使用中出现「吸入氧浓度过低」报警，屏幕显示 FiO₂ 28 %（设定 45 %），"
        "护士立即更换备用机，患者未受影响。\n\n现场检查：\n"
        "1. 氧电池输出 6.2 mV，低于更换限值 7.0 mV；\n2. 空氧混合阀 21 % / 100 % 两点校准，误差 −1.8 % 与 −9.4 %；\n"
        "3. 管路、湿化罐与呼出阀无泄漏，泄漏量 ≤ 120 mL/min。\n\n"
        + "处理过程：更换氧电池并做两点校准，连续运行 60 min，每 10 min 记录一次，FiO₂ 读数稳定在 44.6 %～45.3 %。"
        * 6
    ),
    "en": (
        "On 2 November 2026 at 07:40 the ventilator alarmed “FiO₂ low” in use: 28 % shown, 45 % set. The nurse "
        "changed to the stand-by unit at once; the patient was not affected.\n\nFound on site:\n"
        "1. Oxygen cell gives 6.2 mV, below the limit of 7.0 mV;\n"
        "2. Blender off by −1.8 % at 21 % and −9.4 % at 100 %;\n"
        "3. No leak in circuit, humidifier or exhalation valve (≤ 120 mL/min).\n\n"
        + "Oxygen cell replaced, two-point calibration done, 60 min test run, a reading every 10 min: 44.6–45.3 %. "
        * 6
    ),
}

WORDS = {
    "zh-CN": {
        "title": "医疗器械售后服务记录",
        "fault": "故障现象与维修过程",
        "parts": "更换的零部件",
        "parts_replaced": "旧件已由科室确认并带回",
        "clean": "现场已清理",
        "open_items": "有遗留问题",
        "photos": "现场照片",
        "signatures": "签名",
        "seals": ("使用单位（盖章）", "服务单位（盖章）"),
        "small_print": "本报告以签名所确认的内容为准；内容校验值相同，即为同一内容。各语言版本不一致时，以中文版为准。",
        "facts": ("使用单位", "科室", "设备", "型号", "序列号", "资产编号", "报修时间", "修复时间", "地址"),
        "columns": ("名称", "型号", "序列号", "数量"),
        "part": "氧电池",
        "none_serial": "滤网",
        "photo": ("氧电池更换前读数", "校准结果"),
        "meaning": ("填写：所述属实", "确认：服务已完成"),
        "role": ("维修工程师", "设备科科长"),
        "method": ("密码签名", "平板手写，工程师见证"),
        "place": "重症医学科三病区",
    },
    "en": {
        "title": "Service report",
        "fault": "Fault and work done",
        "parts": "Parts replaced",
        "parts_replaced": "Old parts confirmed by the ward and taken back",
        "clean": "Site left clean",
        "open_items": "Open items remain",
        "photos": "Photos",
        "signatures": "Signatures",
        "seals": ("Hospital (seal)", "Service company (seal)"),
        "small_print": "What the signatures confirm prevails; the same content hash means the same content. "
        "Where the languages differ, the Chinese version prevails.",
        "facts": (
            "Hospital",
            "Ward",
            "Device",
            "Model",
            "Serial number",
            "Asset number",
            "Reported",
            "Restored",
            "Address",
        ),
        "columns": ("Name", "Model", "Serial number", "Quantity"),
        "part": "Oxygen cell",
        "none_serial": "Filter",
        "photo": ("Oxygen cell before replacement", "Result of calibration"),
        "meaning": ("Filled in: the above is true", "Confirmed: the service is complete"),
        "role": ("Service engineer", "Head of equipment"),
        "method": ("Password", "Drawn on the tablet, witnessed by the engineer"),
        "place": "Intensive care, ward 3",
    },
}


def payload() -> dict:
    return {"number": "SR-2026-000123", "fault_symptom": FAULT["zh-CN"], "engineer": RARE_NAME, "at": AT}


def sheet(language: str = "zh-CN") -> Sheet:
    number, hashed = payload()["number"], content_hash(canonical_bytes(payload()))
    return Sheet(
        language=language,
        title=WORDS[language]["title"],
        number=number,
        company="上海康泰医疗器械有限公司",
        company_lines=("上海市浦东新区张江路 1000 号 · 201203", "服务热线 400-820-0000 · service@example.com"),
        content_hash=hashed,
        address="https://service.example.com/verify",
        link=f"https://service.example.com/verify/{number}?hash={hashed}",
        at=AT,
    )


def context(language: str) -> dict:
    """What the template demo.html takes."""
    words = WORDS[language]
    values = (
        "复旦大学附属中山医院",
        "重症医学科",
        "呼吸机 / Ventilator",
        "Evita V600",
        "ASKL-0412",
        None,
        "2026-11-02 07:52",
        "2026-11-02 15:10",
    )
    return {
        "sheet": sheet(language),
        "words": words,
        "facts": [*zip(words["facts"], values, strict=False), (words["facts"][8], "上海市徐汇区枫林路 180 号", True)],
        "fault": FAULT[language],
        "part_columns": list(zip(words["columns"], ("text", "text", "text", "number"), strict=True)),
        "parts": [(words["part"], "MX01049", "D-7741", 1), (words["none_serial"], "8414158", "", 2)],
        "photos": list(zip(("app://blob/photo-1", "app://blob/photo-2"), words["photo"], strict=True)),
        "signatures": signatures(words),
    }


def signatures(words: dict) -> list[SimpleNamespace]:
    names, times = (RARE_NAME, PLANE_TWO_NAME), ("2026-11-02 15:20 (UTC+8)", "2026-11-02 15:26 (UTC+8)")
    pictures, hashed = (None, "app://blob/signature"), sheet().content_hash
    return [
        SimpleNamespace(
            name=name,
            role=role,
            meaning=meaning,
            place=words["place"],
            at=at,
            method=method,
            picture=picture,
            content_hash=hashed,
            remark=None,
        )
        for name, role, meaning, at, method, picture in zip(
            names, words["role"], words["meaning"], times, words["method"], pictures, strict=True
        )
    ]


def blobs() -> dict[str, tuple[str, bytes]]:
    return {
        "app://blob/photo-1": ("image/jpeg", photo("#7d8f9c", "6.2 mV")),
        "app://blob/photo-2": ("image/jpeg", photo("#5d7a6c", "45.0 %")),
        "app://blob/signature": ("image/png", drawn_signature()),
    }


def photo(colour: str, label: str) -> bytes:
    picture = Image.new("RGB", (1600, 1200), colour)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((300, 250, 1300, 950), fill="#101820", outline="#d0d8e0", width=12)
    draw.text((520, 500), label, fill="#60ff9a", font_size=180)
    return _bytes(picture, "JPEG")


def drawn_signature() -> bytes:
    picture = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    line = [(60, 200), (150, 60), (200, 240), (300, 90), (360, 220), (470, 110), (560, 210), (840, 150)]
    ImageDraw.Draw(picture).line(line, fill=(20, 30, 90, 255), width=9, joint="curve")
    return _bytes(picture, "PNG")


def _bytes(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def page(language: str = "zh-CN", **changes: object) -> str:
    """The report as HTML; `changes` replace what `context` gives."""
    here = Path(__file__).parent
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES, here / "templates"]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)
    return environment.get_template("demo.html").render(**context(language) | changes)


def rendered(language: str = "zh-CN", **changes: object) -> RenderResult:
    content = canonical_bytes(payload())
    attachments = [("report.json", "application/json", content, "Source")]
    return render_pdf(page(language, **changes), blobs=blobs(), attachments=attachments, at=AT, limits=PATIENT)
