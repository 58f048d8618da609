"""The words of promised times: clocks, events, conditions, reasons. Keys stand in rows, labels on screens."""

from portal.core.errors import Message
from portal.core.working_time import Unit

CLOCKS: dict[str, Message] = {
    "answer": Message("First answer"),
    "dispatch": Message("Dispatch"),
    "arrive": Message("Arrival on site"),
    "arrive_limit": Message("Arrival on site at the latest"),
    "repair": Message("Repair"),
    "loaner_decision": Message("Decision on a loaner"),
    "loaner": Message("Loaner delivered"),
    "spare": Message("Original spare parts"),
    "install_visit": Message("Installation visit"),
    "delivery": Message("Delivery of goods"),
    "callback": Message("Call-back after service"),
    "verify_on_site": Message("Verification on site"),
    "opinion": Message("Opinion on disposal"),
    "final_opinion": Message("Final opinion on disposal"),
    "resume_notice": Message("Notice to resume sale"),
    "tell_holder": Message("Tell the registrant"),
    "report_death": Message("Report of a death"),
    "report_injury": Message("Report of a serious injury"),
    "report_overseas": Message("Report of an overseas event"),
    "group_call": Message("Group event: telephone report"),
    "group_cases": Message("Group event: each case reported"),
    "group_report": Message("Group event: report of the self-check"),
    "group_tell_holder": Message("Group event: tell the registrant"),
    "recall_notice": Message("Recall notice"),
    "recall_plan": Message("Investigation report and recall plan"),
    "recall_summary": Message("Recall summary"),
    "recall_forward": Message("Recall notice passed on"),
    "retest_request": Message("Request for a second test"),
    "review": Message("Review of a release"),
}

EVENTS: dict[str, Message] = {
    "reported": Message("the fault is reported"),
    "answered": Message("a named person answers with the next step"),
    "dispatched": Message("a technician is sent"),
    "remote_failed": Message("help by telephone and remotely has failed"),
    "arrived": Message("the technician is on site"),
    "restored": Message("the device works again"),
    "loaner_decided": Message("a loaner is decided on"),
    "loaner_delivered": Message("the loaner is delivered"),
    "spare_delivered": Message("the spare part is delivered"),
    "purchase_called": Message("the customer calls to buy"),
    "goods_delivered": Message("the goods are delivered"),
    "closed": Message("the request is closed"),
    "ended": Message("the request is over"),
    "called_back": Message("the customer is called back"),
    "complaint_logged": Message("the complaint is logged"),
    "complaint_verified": Message("the complaint is verified on site"),
    "opinion_given": Message("an opinion is given"),
    "final_opinion_given": Message("the final opinion is given"),
    "conformity_confirmed": Message("quality confirms that the goods conform"),
    "resume_told": Message("buyers, warehouse and sales are told to resume"),
    "complaint_closed": Message("the complaint is closed"),
    "event_known": Message("the event becomes known"),
    "holder_told": Message("the registrant is told"),
    "authority_told": Message("the authority has the report"),
    "authority_called": Message("the authorities are called"),
    "cases_filed": Message("each case is filed"),
    "recall_decided": Message("the recall is decided"),
    "recall_told": Message("sellers and users have the notice"),
    "recall_reported": Message("the authority has report and plan"),
    "recall_received": Message("the recall notice arrives"),
    "recall_forwarded": Message("the notice is passed on and receipt confirmed"),
    "recall_completed": Message("the recall is completed"),
    "summary_reported": Message("the authority has the summary"),
    "test_failed": Message("the result of the sampling test arrives"),
    "retest_requested": Message("the second test is requested"),
    "released_first": Message("the device is released before its review"),
    "reviewed": Message("a second person has reviewed the release"),
    "review_lapsed": Message("the report is opened for correction"),
}

RECORDED_BY_HAND = (
    "remote_failed",
    "loaner_decided",
    "loaner_delivered",
    "spare_delivered",
    "called_back",
)
"""Events that no other verb brings about: people record them on the case, with evidence."""

NOTED_BY_HAND = (
    "complaint_verified",
    "conformity_confirmed",
    "resume_told",
    "holder_told",
    "authority_called",
    "cases_filed",
    "authority_told",
)
"""The same of a complaint, recorded by those who judge it."""

CONDITIONS: dict[str, Message] = {
    "kind": Message("Kind of request"),
    "locality": Message("Place"),
    "province": Message("Province"),
    "critical": Message("Life support or critical"),
    "urgency": Message("Urgency"),
    "covered": Message("Under warranty"),
    "off_hours": Message("Reported outside working hours"),
    "large": Message("Large equipment"),
    "level": Message("Recall level"),
}

BASES: dict[str, Message] = {
    "device": Message("Device"),
    "tier": Message("Customer tier"),
    "risk": Message("Risk of the product"),
    "cover": Message("Cover"),
    "urgency": Message("Urgency"),
    "province": Message("Province"),
    "locality": Message("Place"),
    "default": Message("All others"),
}
"""What may choose a policy, the strongest first; a contract is stronger than all of them."""

RISKS: dict[str, Message] = {
    "life_support": Message("Life support"),
    "implantable": Message("Implantable"),
    "class_III": Message("Class III"),
}

CODES: dict[str, Message] = {
    "late_news": Message("Done in time, but recorded late"),
    "customer_wish": Message("Postponed at the customer's wish"),
    "no_access": Message("No access to the device"),
    "weather": Message("Weather, traffic blocked"),
    "force_majeure": Message("Force majeure"),
    "abroad": Message("Part only available from abroad"),
    "wrong_rule": Message("The wrong promise was applied"),
    "mistake": Message("Recorded by mistake"),
}
"""Why a promise may not count (special case), or why a breach is annulled."""

CAUSES: dict[str, Message] = {
    "no_technician": Message("No technician free"),
    "no_part": Message("Part not in stock"),
    "no_loaner": Message("No loaner available"),
    "diagnosis": Message("Diagnosis took longer"),
    "traffic": Message("Journey took longer"),
    "supplier": Message("Manufacturer or supplier late"),
    "organisation": Message("Overlooked or handed over late"),
    "other": Message("Other"),
}
"""Why a promise was broken."""

UNITS: dict[Unit, Message] = {
    Unit.NATURAL_HOURS: Message("hours, day and night"),
    Unit.WORKING_HOURS: Message("working hours"),
    Unit.CALENDAR_DAYS: Message("calendar days"),
    Unit.WORKING_DAYS: Message("working days"),
}

NO = Message("no")


def spell(unit: Unit, amount: int) -> Message:
    """An amount in words: "2 h", "30 min", "3 working days"."""
    if unit.in_days:
        return _days(unit is Unit.WORKING_DAYS, amount)
    hours, minutes = divmod(amount // 60, 60)
    working = unit is Unit.WORKING_HOURS
    if not minutes:
        return Message("%(n)s working hours", n=hours) if working else Message("%(n)s h", n=hours)
    if not hours:
        return Message("%(n)s working minutes", n=minutes) if working else Message("%(n)s min", n=minutes)
    if working:
        return Message("%(h)s h %(n)s min of working time", h=hours, n=minutes)
    return Message("%(h)s h %(n)s min", h=hours, n=minutes)


def _days(working: bool, amount: int) -> Message:
    if amount == 1:
        return Message("1 working day") if working else Message("1 day")
    return Message("%(n)s working days", n=amount) if working else Message("%(n)s days", n=amount)


def label(words: dict[str, Message], key: str) -> Message:
    """What `key` is called; itself where nobody named it."""
    return words.get(key) or Message("%(name)s", name=key.replace("_", " "))
