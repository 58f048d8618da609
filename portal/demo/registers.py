"""The names and figures of the demonstration: invented people and places, device classes as they are in trade."""

from typing import NamedTuple


class SiteRow(NamedTuple):
    key: str
    zh: str
    en: str
    address: str
    locality: str


class Hospital(NamedTuple):
    key: str
    zh: str
    en: str
    nicknames: str
    province: str
    dealer: str
    sites: tuple[SiteRow, ...]


DEALERS = (
    ("huadong", "杭州华东医疗设备服务有限公司", "Hangzhou Huadong Medical Service", "浙江"),
    ("suzhou", "苏州康宁医疗科技有限公司", "Suzhou Kangning Medical Technology", "江苏"),
)

HOSPITALS = (
    Hospital(
        "jiangnan",
        "江南大学附属中心医院",
        "Jiangnan University Central Hospital",
        "江中心 中心医院",
        "上海",
        "",
        (
            SiteRow("jiangnan-main", "本部院区", "Main campus", "上海市黄浦区延安中路 1088 号", "urban"),
            SiteRow("jiangnan-north", "北院区", "North campus", "上海市宝山区友谊路 233 号", "suburban"),
        ),
    ),
    Hospital(
        "binjiang",
        "滨江市第一人民医院",
        "Binjiang First People's Hospital",
        "市一 一院",
        "浙江",
        "huadong",
        (
            SiteRow("binjiang-main", "湖滨院区", "Lakeside campus", "浙江省滨江市湖滨路 88 号", "remote"),
            SiteRow("binjiang-east", "城东院区", "East campus", "浙江省滨江市迎宾大道 501 号", "remote"),
        ),
    ),
    Hospital(
        "taihu",
        "太湖区妇幼保健院",
        "Taihu Maternity and Child Health Hospital",
        "妇保院",
        "江苏",
        "suzhou",
        (SiteRow("taihu-main", "总院", "Main hospital", "江苏省太湖区滨湖路 16 号", "remote"),),
    ),
)

DEPARTMENTS = (
    ("icu", "重症医学科", "Intensive care unit"),
    ("or", "手术室", "Operating theatre"),
    ("er", "急诊科", "Emergency department"),
    ("cardio", "心内科", "Cardiology"),
    ("neonatal", "新生儿科", "Neonatology"),
    ("imaging", "放射科", "Radiology"),
)

STAFF = (
    ("officer", "陈静怡", "customer", "jiangnan"),
    ("officer2", "王䶮", "customer", "binjiang"),
    ("officer3", "Grace Shen", "customer", "taihu"),
    ("ward", "刘护士长", "ward", "jiangnan-main"),
    ("technician", "李伟", "technician", "shanghai"),
    ("technician2", "赵永强", "technician", "shanghai"),
    ("dealer_technician", "周磊", "technician", "huadong"),
    ("suzhou_technician", "顾小军", "technician", "suzhou"),
    ("dealer_desk", "孙晓燕", "dealer_desk", "huadong"),
    ("desk", "王芳", "desk", ""),
    ("desk2", "Emily Zhao", "desk", ""),
    ("quality", "吴敏", "quality", ""),
    ("quality2", "Thomas Lin", "quality", ""),
    ("stores", "钱国梁", "stores", ""),
    ("finance", "郑丽", "finance", ""),
    ("manager", "林建国", "manager", ""),
    ("auditor", "Ann Becker", "auditor", ""),
    ("admin", "何晨", "admin", ""),
)

FAMILY_OF = {
    "ventilator": "VENT",
    "monitor": "MON",
    "defibrillator": "DEF",
    "infusion": "PUMP",
    "anaesthesia": "ANES",
    "ultrasound": "US",
    "incubator": "INCU",
    "ecg": "ECG",
    "electrosurgical": "ESU",
    "dialysis": "HD",
}
"""Product → the shipped family that it belongs to."""

PRODUCTS = (
    (
        "ventilator",
        "呼吸机",
        "Ventilator",
        "RH-V5",
        "深圳瑞呼科技股份有限公司",
        "国械注准20193080412",
        "III",
        "06931234500018",
        "life_support",
    ),
    (
        "monitor",
        "病人监护仪",
        "Patient monitor",
        "RH-M12",
        "深圳瑞呼科技股份有限公司",
        "国械注准20203070156",
        "II",
        "06931234500025",
        "",
    ),
    (
        "defibrillator",
        "除颤监护仪",
        "Defibrillator monitor",
        "AB-D6",
        "苏州安搏医疗有限公司",
        "国械注准20213080077",
        "III",
        "06931234500032",
        "life_support",
    ),
    (
        "infusion",
        "注射泵",
        "Syringe pump",
        "BD-50",
        "杭州泵达医疗器械有限公司",
        "浙械注准20192140318",
        "II",
        "06931234500049",
        "",
    ),
    (
        "anaesthesia",
        "麻醉机",
        "Anaesthesia machine",
        "RH-A65",
        "深圳瑞呼科技股份有限公司",
        "国械注准20183080229",
        "III",
        "06931234500056",
        "life_support",
    ),
    (
        "ultrasound",
        "彩色多普勒超声诊断系统",
        "Colour Doppler ultrasound system",
        "SX-7",
        "无锡声像医疗有限公司",
        "国械注准20203060681",
        "II",
        "06931234500063",
        "",
    ),
    (
        "incubator",
        "婴儿培养箱",
        "Infant incubator",
        "CY-2008",
        "宁波慈育医疗股份有限公司",
        "国械注准20173080914",
        "III",
        "06931234500070",
        "life_support",
    ),
    (
        "ecg",
        "数字式心电图机",
        "Electrocardiograph",
        "ECG-1200",
        "上海心和医疗科技有限公司",
        "沪械注准20192070065",
        "II",
        "06931234500087",
        "compulsory_verification",
    ),
    (
        "electrosurgical",
        "高频手术设备",
        "Electrosurgical unit",
        "LG-400",
        "上海力高医疗器械有限公司",
        "国械注准20203010503",
        "III",
        "06931234500094",
        "",
    ),
    (
        "dialysis",
        "血液透析设备",
        "Haemodialysis machine",
        "DX-4008",
        "广州透析科技有限公司",
        "国械注准20193100742",
        "III",
        "06931234500100",
        "life_support",
    ),
    (
        "mri",
        "磁共振成像系统",
        "Magnetic resonance imaging system",
        "YL-M15",
        "上海映联医疗科技股份有限公司",
        "国械注准20183060187",
        "III",
        "06931234500117",
        "large_equipment",
    ),
    (
        "lamp",
        "手术无影灯",
        "Surgical light",
        "LED-720",
        "济南明视医疗器械有限公司",
        "鲁械注准20202010233",
        "II",
        "06931234500124",
        "",
    ),
)

CERTIFICATES = (
    ("technician", "II", 3),
    ("technician", "III", 3),
    ("technician2", "II", 3),
    ("technician2", "ventilator", 3),
    ("technician2", "anaesthesia", 0),
    ("dealer_technician", "II", 3),
    ("dealer_technician", "III", 3),
    ("suzhou_technician", "II", 3),
    ("suzhou_technician", "III", 3),
)
"""(who, product or class, years left); with none left it ended yesterday."""

_SITES = ("jiangnan-main", "jiangnan-north", "binjiang-main", "binjiang-east", "taihu-main")
_PLACES = {
    "ventilator": "icu", "monitor": "icu", "defibrillator": "er", "infusion": "cardio", "anaesthesia": "or",
    "ultrasound": "cardio", "incubator": "neonatal", "ecg": "cardio", "electrosurgical": "or", "dialysis": "icu",
    "mri": "imaging", "lamp": "or",
}  # fmt: skip

DEVICES = tuple(
    (
        product,
        f"{product[:2].upper()}{24 + n % 2}{p:02d}{s + 1:02d}{n * 37 % 1000:03d}",
        site,
        _PLACES[product],
        40 + n * 23 % 900,
    )
    for n, (p, product, s, site) in enumerate(
        (p, row[0], s, site) for p, row in enumerate(PRODUCTS) for s, site in enumerate(_SITES)
    )
)
"""Sixty units: each product once at each of the five sites; (product, serial, site, department, age in days)."""
