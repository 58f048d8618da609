"""The policies as shipped: the promises of the sources to the letter, and those that the law makes.

A word of time without a figure ("immediately", "in good time") is a rule without an amount: whoever wants the policy
in force gives it one. Readings of unclear sentences stand beside the rule. What the law sets may be tightened, never
loosened.
"""

from dataclasses import dataclass, field
from typing import Any

from portal.core.db import Text2
from portal.core.working_time import Unit
from portal.domain.policies.models import Subject

HOURS, WORKING, DAYS, WORKDAYS = Unit.NATURAL_HOURS, Unit.WORKING_HOURS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS

CHAIN = ((50, ("technician",)), (80, ("technician", "desk")), (100, ("desk", "manager")))
DESK_CHAIN = ((50, ("desk",)), (80, ("desk",)), (100, ("desk", "manager")))
QUALITY_CHAIN = ((50, ("quality",)), (80, ("quality",)), (100, ("quality", "manager")))

REPAIR = {"kind": ["repair"]}
CRITICAL, ORDINARY = {"critical": [True]}, {"critical": [False]}
URBAN, SUBURBAN = {"locality": ["urban"]}, {"locality": ["suburban"]}
LOCAL, REMOTE = {"locality": ["urban", "suburban"]}, {"locality": ["remote"]}
COVERED = {"covered": [True]}
NOT_NEEDED = ("restored", "ended")


@dataclass(frozen=True)
class Promise:
    """A rule as shipped. `amount` in hours for hours (0.25 is a quarter), in days for days, None for a bare word."""

    clock: str
    amount: float | None
    unit: Unit
    starts_on: str
    stops_on: tuple[str, ...]
    when: dict[str, list] = field(default_factory=dict)
    ends_on: tuple[str, ...] = ("ended",)
    steps: tuple = CHAIN
    words: Text2 | None = None
    pausable: bool = True
    regulatory: bool = False

    @property
    def stored(self) -> int | None:
        """The amount as rows keep it: seconds for hours, days for days."""
        if self.amount is None:
            return None
        return int(self.amount) if self.unit.in_days else round(self.amount * 3600)


@dataclass(frozen=True)
class Preset:
    """A policy as shipped. `in_force` from the first start; the others wait as drafts for their approver."""

    key: str
    name: Text2
    source: str
    rules: tuple[Promise, ...]
    note: Text2 | None = None
    subject: Subject = Subject.SERVICE
    in_force: bool = False
    applies_to: tuple[dict[str, Any], ...] = ()


def _answer(amount: float | None, words: Text2 | None = None, **when: list) -> Promise:
    return Promise("answer", amount, HOURS, "reported", ("answered",), when, steps=DESK_CHAIN, words=words)


def _dispatch(amount: float | None, unit: Unit, when: dict, words: Text2 | None = None) -> Promise:
    return Promise("dispatch", amount, unit, "reported", ("dispatched",), when, steps=DESK_CHAIN, words=words)


def _arrive(amount: float, unit: Unit = HOURS, when: dict | None = None, **more: Any) -> Promise:
    return Promise("arrive", amount, unit, "reported", ("arrived",), REPAIR | (when or {}), NOT_NEEDED, **more)


def _repair(amount: float, unit: Unit, starts_on: str, when: dict | None = None, **more: Any) -> Promise:
    return Promise("repair", amount, unit, starts_on, ("restored",), REPAIR | (when or {}), **more)


def _loaner(amount: float, unit: Unit, when: dict | None = None, **more: Any) -> Promise:
    when = REPAIR | (when or {})
    return Promise("loaner", amount, unit, "reported", ("loaner_delivered",), when, NOT_NEEDED, DESK_CHAIN, **more)


def _loaner_decision(amount: float, unit: Unit, when: dict | None = None, **more: Any) -> Promise:
    when, stops = REPAIR | (when or {}), ("loaner_decided", "loaner_delivered")
    return Promise("loaner_decision", amount, unit, "reported", stops, when, NOT_NEEDED, DESK_CHAIN, **more)


DEFAULT = Preset(
    "default",
    Text2("默认服务承诺", "Default"),
    "000-b 四.4; 000-d §2; 004-c 1(4)",
    (
        _answer(0.25, critical=[True]),
        _answer(2),
        _dispatch(3, HOURS, REPAIR | URBAN | CRITICAL),
        _dispatch(3, WORKING, REPAIR | URBAN),
        _dispatch(7, HOURS, REPAIR | SUBURBAN | CRITICAL),
        _dispatch(7, WORKING, REPAIR | SUBURBAN),
        _arrive(2, when=CRITICAL),
        _arrive(24),
        _repair(24, HOURS, "arrived"),
        _loaner_decision(0.25, HOURS, CRITICAL, words=Text2("立即安排备用机", "a loaner is planned at once")),
        _loaner_decision(12, HOURS),
        _loaner(24, HOURS),
    ),
    note=Text2(
        "报修后 2 小时答复（生命支持、急救设备 15 分钟），24 小时到场（2 小时），到场后 24 小时修复；"
        "12 小时决定备用机，24 小时送达。市区 3 小时、郊区 7 小时为派工时限。",
        "Answer within 2 h (15 min for life support), arrival within 24 h (2 h), repair within 24 h of arrival; "
        "decision on a loaner at 12 h, delivered by 24 h. The 3 h in town and 7 h in the suburbs are for dispatch.",
    ),
    in_force=True,
    applies_to=({"basis": "default", "value": ""},),
)

PRESETS: tuple[Preset, ...] = (
    DEFAULT,
    Preset(
        "A",
        Text2("A 市区/郊区派工制", "A Dispatch in town and suburbs"),
        "000-b 四.4 四.5",
        (
            _answer(None, Text2("立即响应（实质性响应）", "respond at once, in substance")),
            _dispatch(3, HOURS, URBAN | CRITICAL, Text2("市区 3 小时", "3 h in town")),
            _dispatch(3, WORKING, URBAN, Text2("市区 3 小时", "3 h in town")),
            _dispatch(7, HOURS, SUBURBAN | CRITICAL, Text2("郊区 7 小时", "7 h in the suburbs")),
            _dispatch(7, WORKING, SUBURBAN, Text2("郊区 7 小时", "7 h in the suburbs")),
            Promise(
                "arrive_limit",
                8,
                WORKING,
                "reported",
                ("arrived",),
                REPAIR,
                NOT_NEEDED,
                words=Text2("最迟不超过 8 个工作小时，特殊情况除外", "never over 8 working hours except special cases"),
            ),
            _repair(12, HOURS, "reported", words=Text2("12 小时内修复", "repaired within 12 h")),
            _loaner(
                24,
                HOURS,
                words=Text2(
                    "12 小时内无法修复的，24 小时内免费提供备用机/件",
                    "free loaner or spare within 24 h if not fixed within 12 h",
                ),
            ),
        ),
        note=Text2(
            "3/7 小时为派工时限：一般故障按工作时间，关键设备按自然时间；8 个工作小时为到场硬性底线，"
            "特殊情况须有原因代码和批准。修复 12 小时自报修起算。保内保外相同。",
            "The 3 h and 7 h are for dispatch: working time for ordinary faults, day and night for critical devices. "
            "8 working hours is the line for arrival; a special case needs a reason code and an approver. "
            "The 12 h for repair run from the report. In and out of warranty alike.",
        ),
    ),
    Preset(
        "B",
        Text2("B 江浙沪皖", "B Jiangsu, Zhejiang, Shanghai, Anhui"),
        "000-d §2",
        (
            _arrive(24, when={"province": ["江苏", "浙江", "上海", "安徽"]}),
            _arrive(48, words=Text2("其他地区 48 小时", "48 h elsewhere")),
            _repair(24, HOURS, "arrived", words=Text2("并在24小时内解决问题", "and solve the problem within 24 h")),
        ),
        note=Text2(
            "24 小时热线由专职工程师值守；“24小时内解决问题”自到场起算，否则 48 小时路程地区无法做到；每半年巡检。",
            "A hotline of full-time engineers day and night. The 24 h to solve run from arrival: from the report they "
            "could not be kept where the journey takes 48 h. Inspection every half-year.",
        ),
    ),
    Preset(
        "C",
        Text2("C 投标承诺（供货）", "C Tender: supply"),
        "000-c §4",
        (
            Promise("answer", 24, HOURS, "purchase_called", ("answered",), steps=DESK_CHAIN),
            Promise(
                "delivery",
                None,
                HOURS,
                "purchase_called",
                ("goods_delivered",),
                steps=DESK_CHAIN,
                words=Text2("第一时间送货", "delivery at the first moment"),
            ),
        ),
        note=Text2(
            "供货承诺，不是维修承诺；一次性用品非人为质量问题予以更换。",
            "A promise of supply, not of repair. Single-use items are exchanged for quality faults nobody caused.",
        ),
    ),
    Preset(
        "D",
        Text2("D 72小时到场", "D On site within 72 h"),
        "000-j 三 四",
        (
            _answer(None, Text2("立即答复", "at once"), **COVERED),
            _arrive(72, when=COVERED, words=Text2("不超过72小时，节假日不顺延", "at most 72 h, holidays included")),
            Promise(
                "loaner",
                1,
                WORKDAYS,
                "reported",
                ("loaner_delivered",),
                REPAIR | COVERED,
                NOT_NEEDED,
                DESK_CHAIN,
                words=Text2(
                    "修复超过1个工作日或一时无法修复的，提供备机供临床使用",
                    "spare for clinical use if repair exceeds 1 working day or cannot be done at once",
                ),
            ),
            Promise(
                "install_visit",
                3,
                WORKDAYS,
                "reported",
                ("arrived",),
                {"kind": ["installation"]},
                words=Text2("接通知后 1–3 个工作日上门安装", "installation visit 1–3 working days after notice"),
            ),
        ),
        note=Text2("限质保期内。", "Within the warranty."),
    ),
    Preset(
        "E",
        Text2("E 24小时答复、7个工作日", "E Answer in 24 h, solved in 7 working days"),
        "000-k 三",
        (
            _answer(24, Text2("接通知后24小时内答复", "within 24 h after notice"), **COVERED),
            _repair(
                7, WORKDAYS, "reported", COVERED, words=Text2("在7个工作日内，", "within 7 working days, (cut off)")
            ),
        ),
        note=Text2(
            "原文在“在7个工作日内”处中断，理解为解决；限三保期内。",
            "The sentence breaks off after “within 7 working days”; it is read as solved. Within the three guarantees.",
        ),
    ),
    Preset(
        "F",
        Text2("F 第一时间受理", "F Taken up at the first moment"),
        "000-h §7",
        (_answer(None, Text2("第一时间受理，再按国家规定处理", "taken up at once, then by national rules")),),
        note=Text2("质保 12 个月。", "12 months of warranty."),
    ),
    Preset(
        "G",
        Text2("G 三包24小时", "G Solved within 24 h"),
        "003-e 一 二",
        (_repair(24, HOURS, "reported", words=Text2("接用户电话24小时内解决", "solved within 24 h of the call")),),
        note=Text2(
            "电话 24 小时畅通；来自非医疗企业。", "The telephone is on day and night. From a non-medical company."
        ),
    ),
    Preset(
        "H",
        Text2("H 2/24/1", "H 2 h, 24 h, 1 day"),
        "004-c 1(4)",
        (
            _answer(2, **COVERED),
            _arrive(24, when=COVERED),
            _repair(1, DAYS, "reported", COVERED, words=Text2("1天内排除故障", "1 day to clear the fault")),
        ),
        note=Text2("质保期内；常规情形。", "Within the warranty; the ordinary case."),
    ),
    Preset(
        "I",
        Text2("I 1小时派工", "I Dispatch within 1 h"),
        "004-c 3(4)",
        (
            _dispatch(None, HOURS, CRITICAL, Text2("紧急情况立即派人", "emergency: at once")),
            _dispatch(1, HOURS, {}, Text2("一般情况1小时内派人", "ordinary: staff sent within 1 h")),
        ),
        note=Text2(
            "接电话即登记；1 小时为派工时限，不是到场时限。",
            "Logged on the call. The hour is for dispatch, not for arrival.",
        ),
    ),
    Preset(
        "J",
        Text2("J 7×24，30分钟", "J Day and night, 30 minutes"),
        "004-c 4(1)–(3)",
        (
            Promise(
                "arrive",
                0.5,
                HOURS,
                "remote_failed",
                ("arrived",),
                REPAIR,
                NOT_NEEDED,
                words=Text2(
                    "电话和远程支持无效后30分钟内到场，7×24", "within 30 min after phone and remote support fail, 7×24"
                ),
            ),
            Promise(
                "spare",
                24,
                HOURS,
                "arrived",
                ("spare_delivered",),
                REPAIR,
                NOT_NEEDED,
                words=Text2(
                    "到场24小时未解决的，提供原厂备件", "original spare parts if not solved in 24 h after arrival"
                ),
            ),
        ),
        note=Text2(
            "先电话、远程，24 小时在线；到场后 24 小时只触发备件；热线变更提前 3 天书面通知。",
            "Telephone and remote help first, day and night. The 24 h after arrival only call for spare parts. "
            "A change of the hotline is announced in writing 3 days ahead.",
        ),
    ),
    Preset(
        "K",
        Text2("K 定性承诺", "K Words without figures"),
        "001 三(一)–(五)",
        (
            _answer(None, Text2("及时", "in good time")),
            Promise(
                "callback",
                None,
                WORKDAYS,
                "closed",
                ("called_back",),
                steps=DESK_CHAIN,
                ends_on=(),
                words=Text2("在规定时间内回访", "follow-up within the set time"),
            ),
        ),
    ),
    Preset(
        "tender",
        Text2("公开招标常见承诺", "Common in public tenders"),
        "published tenders (882630.com, lfzct.com)",
        (
            Promise(
                "arrive",
                1 / 6,
                HOURS,
                "reported",
                ("arrived",),
                REPAIR | CRITICAL,
                NOT_NEEDED,
                words=Text2("急需且无替代 10 分钟", "urgent, no substitute: 10 min"),
            ),
            _arrive(1, when={"off_hours": [True]}, words=Text2("非工作时间 1 小时到场", "off hours: 1 h on site")),
            _arrive(1 / 3, words=Text2("其他 20 分钟", "other: 20 min")),
            _repair(7, DAYS, "reported", {"large": [True]}, words=Text2("大修 7 天", "large repair: 7 days")),
            _repair(3, DAYS, "reported", words=Text2("中修 3 天（小修 1 天）", "medium repair: 3 days (small: 1 day)")),
        ),
        note=Text2("开机率不低于 95%，急救设备完好率 100%。", "Uptime at least 95 %, emergency devices 100 % ready."),
    ),
)


def _complaint(clock: str, amount: float, unit: Unit, starts_on: str, stops_on: str, **more: Any) -> Promise:
    return Promise(
        clock, amount, unit, starts_on, (stops_on,), ends_on=("complaint_closed",), steps=QUALITY_CHAIN, **more
    )


COMPLAINTS = Preset(
    "complaints",
    Text2("投诉与质量查验", "Complaints and quality verification"),
    "002-a 4.4 4.5",
    (
        _complaint("verify_on_site", 24, HOURS, "complaint_logged", "complaint_verified", when=LOCAL),
        _complaint(
            "verify_on_site",
            7,
            DAYS,
            "complaint_logged",
            "complaint_verified",
            when=REMOTE,
            words=Text2("外埠 7 日内完成核实处理", "out of town: verified and handled within 7 days"),
        ),
        _complaint(
            "opinion",
            3,
            DAYS,
            "complaint_logged",
            "opinion_given",
            words=Text2("3 日内提出处理意见", "opinion within 3 days"),
        ),
        _complaint("final_opinion", 1, DAYS, "complaint_verified", "final_opinion_given"),
        _complaint(
            "resume_notice",
            24,
            HOURS,
            "conformity_confirmed",
            "resume_told",
            words=Text2("确认后 24 小时内恢复销售通知", "notice to resume within 24 h of confirmation"),
        ),
    ),
    note=Text2(
        "自投诉登记起算；本埠指与分支机构同一地级市。3 日意见可为初步意见，最终意见在核实后 1 日内；"
        "确认以质量部门批准时间为准。",
        "From the logging of the complaint; local means the same prefecture-level city as the branch. The opinion at 3 "
        "days may be interim, the final one follows within 1 day of verification. Confirmed is when quality approves.",
    ),
    subject=Subject.COMPLAINT,
    in_force=True,
)


def _law(clock: str, amount: float, unit: Unit, starts_on: str, stops_on: str, when: dict | None = None) -> Promise:
    return Promise(
        clock,
        amount,
        unit,
        starts_on,
        (stops_on,),
        when or {},
        ends_on=(),
        steps=QUALITY_CHAIN,
        pausable=False,
        regulatory=True,
    )


LAW = Preset(
    "law",
    Text2("法定时限", "Times set by law"),
    "国家卫健委 国家市监总局令1; 食药监总局令29 15 16; 条例 75",
    (
        _law("tell_holder", 24, HOURS, "event_known", "holder_told"),
        _law("report_death", 7, DAYS, "event_known", "authority_told"),
        _law("report_injury", 20, DAYS, "event_known", "authority_told"),
        _law("report_overseas", 30, DAYS, "event_known", "authority_told"),
        _law("group_call", 12, HOURS, "event_known", "authority_called"),
        _law("group_cases", 24, HOURS, "event_known", "cases_filed"),
        _law("group_report", 7, DAYS, "event_known", "authority_told"),
        _law("group_tell_holder", 12, HOURS, "event_known", "holder_told"),
        _law("recall_notice", 1, DAYS, "recall_decided", "recall_told", {"level": [1]}),
        _law("recall_notice", 3, DAYS, "recall_decided", "recall_told", {"level": [2]}),
        _law("recall_notice", 7, DAYS, "recall_decided", "recall_told", {"level": [3]}),
        _law("recall_plan", 5, WORKDAYS, "recall_decided", "recall_reported"),
        _law("recall_summary", 10, WORKDAYS, "recall_completed", "summary_reported"),
        _law("recall_forward", 4, HOURS, "recall_received", "recall_forwarded", {"level": [1]}),
        _law("recall_forward", 1, DAYS, "recall_received", "recall_forwarded", {"level": [2]}),
        _law("recall_forward", 2, DAYS, "recall_received", "recall_forwarded", {"level": [3]}),
        _law("retest_request", 7, WORKDAYS, "test_failed", "retest_requested"),
    ),
    note=Text2(
        "只可收紧，不可放宽或暂停；期限不因节假日顺延。“及时”告知持有人按 24 小时。",
        "May be tightened, never loosened or paused; no roll-over of holidays. “Promptly” for telling the registrant "
        "is taken as 24 h.",
    ),
    subject=Subject.REGULATORY,
    in_force=True,
)

REVIEWS = Preset(
    "review",
    Text2("先放行后复核", "Review after the release"),
    "质量部门决定 / quality's decision",
    (
        Promise(
            "review",
            24,
            HOURS,
            "released_first",
            ("reviewed",),
            ends_on=("review_lapsed",),
            steps=QUALITY_CHAIN,
            pausable=False,
        ),
    ),
    note=Text2(
        "放行规则允许先放行的设备，须在此时限内由第二人复核。",
        "Where the release rules let a device be released first, a second person reviews it within this time.",
    ),
    subject=Subject.RELEASE,
    in_force=True,
)

SHIPPED: tuple[Preset, ...] = (*PRESETS, COMPLAINTS, LAW, REVIEWS)


@dataclass(frozen=True)
class Reason:
    """A waiting reason as shipped."""

    key: str
    name: Text2
    chases: str
    every_days: int
    reminders: int
    goes_up_to: str
    stops_clocks: bool


WAITING_REASONS: tuple[Reason, ...] = (
    Reason(
        "consent",
        Text2("等客户同意维修方案或报价", "Customer's consent to plan or price"),
        "customer",
        1,
        3,
        "desk",
        True,
    ),
    Reason(
        "dispute",
        Text2("客户对费用责任有异议，待复核", "Who pays is disputed: our answer"),
        "desk",
        1,
        3,
        "manager",
        False,
    ),
    Reason("access", Text2("等客户安排进场", "Customer's access to the device"), "customer", 1, 3, "desk", True),
    Reason("appointment", Text2("客户约定的日期未到", "Date chosen by the customer"), "technician", 5, 2, "desk", True),
    Reason(
        "samples",
        Text2("等客户提供资料或样品", "Documents or samples from the customer"),
        "customer",
        2,
        3,
        "desk",
        True,
    ),
    Reason("parts", Text2("等配件（本公司缺货）", "Spare part, our own shortage"), "stores", 1, 3, "manager", False),
    Reason(
        "manufacturer", Text2("等厂家答复或支持", "Answer of the manufacturer"), "technician", 2, 3, "manager", False
    ),
    Reason("second_line", Text2("等二线专家答复", "Answer of second line"), "technician", 1, 3, "manager", False),
    Reason("approval", Text2("等公司内部审批", "Approval inside the company"), "manager", 1, 2, "manager", False),
    Reason(
        "evidence_hold",
        Text2("封存取证，暂不能修", "Held as evidence, not to be repaired"),
        "quality",
        5,
        3,
        "manager",
        True,
    ),
)


@dataclass(frozen=True)
class TermsPreset:
    """Price terms as shipped: what is charged for parts, labour and travel where cover does not pay."""

    key: str
    name: Text2
    source: str
    parts: str
    labour: str
    travel: str
    is_default: bool = False


PRICE_TERMS: tuple[TermsPreset, ...] = (
    TermsPreset(
        "list", Text2("按公布价目收费", "By the published price list"), "003-c §11", "list", "list", "list", True
    ),
    TermsPreset("material", Text2("只收材料费", "Material only"), "000-g 7", "list", "free", "free"),
    TermsPreset("cost", Text2("只收成本费", "Cost only"), "000-j 二", "cost", "free", "free"),
    TermsPreset(
        "cost_labour_travel",
        Text2("成本费＋工时费＋差旅费", "Cost, labour and travel"),
        "000-b 四.2",
        "cost",
        "list",
        "list",
    ),
)


def clocks_of(subject: Subject) -> list[str]:
    """The promises that policies of this subject can make."""
    return list(dict.fromkeys(rule.clock for preset in SHIPPED if preset.subject is subject for rule in preset.rules))


def events_of(subject: Subject) -> list[str]:
    """The events that can begin or end them."""
    rules = [rule for preset in SHIPPED if preset.subject is subject for rule in preset.rules]
    return list(dict.fromkeys(e for r in rules for e in (r.starts_on, *r.stops_on, *r.ends_on)))
