"""What would be due when: a policy tried on a case that is only thought of."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import g, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.office import door
from portal.blueprints.office.policy_words import basis_words, cover_words, source_of
from portal.blueprints.office.promise_tabs import tabs
from portal.blueprints.office.trial_form import TrialForm, moments, name_of, read
from portal.core.db import db
from portal.core.deadlines import CalendarVersion, Row
from portal.core.permissions import visible_to
from portal.core.working_time import Unit
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Locality
from portal.domain.permissions import P, Role
from portal.domain.policies import calendars, choosing, registers, trial, vocabulary
from portal.domain.policies.choosing import Chosen
from portal.domain.policies.models import PolicyRule, PolicyVersion, ServiceContract
from portal.domain.policies.trial import Expected
from portal.domain.servicing.clocks import facts_of_device
from portal.domain.servicing.words import Kind, Urgency
from portal.web.answers import render
from portal.web.languages import say, zone

NOWHERE = 0
ORDINARY = {
    "organisation_id": NOWHERE,
    "site_id": NOWHERE,
    "centre_id": NOWHERE,
    "device": "",
    "tier": "",
    "risks": frozenset(),
    "cover": "covered",
    "covered": True,
    "critical": False,
    "province": "",
    "locality": Locality.URBAN.value,
    "large": False,
}
"""What is taken of a case of which nothing is said: the house's own calendar, and nothing special."""


@door.page("/policies/try", access=P.POLICY_SEE, endpoint="try_policy")
def try_policy():
    """Which policy would hold for a case, and when each of its promises would be due."""
    if request.args.get("at") and request.args.get("zone", zone()) != zone():
        return _in_my_zone()
    form, versions = read(), registers.versions_to_try(db.session())
    contracts = registers.contracts(db.session(), g.person)
    form.offer(versions, contracts)
    if not form.validate():
        return _page(form, None)
    device = _device(form)
    result = _try(form, versions, contracts, device) if not form.device.errors else None
    return _page(form, result)


def _page(form: TrialForm, result: dict[str, Any] | None) -> Any:
    status = 200 if result else 422
    return render("office/policy_try.html", status=status, tabs=tabs(), form=form, zone=zone(), result=result)


def _in_my_zone() -> Any:
    """An address that somebody shared from another zone means the same moment there."""
    query = request.args.to_dict()
    try:
        theirs = ZoneInfo(query["zone"])
        at = datetime.fromisoformat(query["at"]).replace(tzinfo=theirs).astimezone(ZoneInfo(zone()))
        query["at"] = at.strftime("%Y-%m-%dT%H:%M")
    except (KeyError, ValueError, OverflowError):
        query.pop("at")
    query["zone"] = zone()
    return redirect(f"{request.path}?{urlencode(query)}")


def _device(form: TrialForm) -> Device | None:
    """The device that is meant by number or serial; says at the field when there is none."""
    text = (form.device.data or "").strip()
    if not text:
        return None
    mine = sa.select(Device).where(visible_to(g.person, Device, P.DEVICE_SEE))
    mine = (
        mine.where(sa.or_(Device.number == text, Device.serial == text, Device.lot == text))
        .order_by(Device.id)
        .limit(1)
    )
    mine = mine.options(joinedload(Device.product), joinedload(Device.organisation), joinedload(Device.site))
    found = db.session.scalars(mine).first()
    if found is None:
        form.device.errors = [_("There is no device with this number or serial number.")]
    return found


def _try(
    form: TrialForm, versions: list[PolicyVersion], contracts: list[ServiceContract], device: Device | None
) -> dict[str, Any]:
    at = form.reported_at
    facts = _facts(form, device, at.date(), next((c for c in contracts if c.number == form.contract.data), None))
    fitting = list(choosing.fitting(db.session(), facts))
    wanted = next((version for version in versions if name_of(version) == form.policy.data), None)
    version = wanted or (fitting[0].version if fitting else None)
    calendar = fitting[0].calendar if fitting else calendars.for_centre(db.session(), facts["centre_id"])
    known = {
        "at": at,
        "device": device,
        "facts": _facts_in_words(facts),
        "reasons": _reasons(fitting, wanted),
        "version": version,
        "calendar": calendar,
    }
    if version is None or calendar is None:
        return known | {"promises": [], "accounts": [], "moments": [], "moments_said": False}
    events = moments([event for event in trial.events_of(version) if event != "reported"])
    given = {f.name: f.data for f in events if f.data is not None} if events.validate() else {}
    given = {name: value for name, value in given.items() if isinstance(value, datetime)}
    expected = trial.expect(version, calendar, facts, given, at)
    promises = [_promise(each, calendar) for each in expected]
    accounts = _accounts(promises)
    chains = [each["told"] for each in accounts]
    return known | {
        "promises": promises,
        "accounts": accounts,
        "told": chains[0] if chains and all(chain == chains[0] for chain in chains) else None,
        "by_law": bool(expected) and all(each.rule.regulatory for each in expected),
        "source": source_of(version),
        "moments": [field for field in events if field.name not in events.quiet],
        "moments_said": bool(given or events.errors),
    }


def _facts(form: TrialForm, device: Device | None, on: date, contract: ServiceContract | None) -> dict[str, Any]:
    kind, urgency = Kind(form.kind.data), Urgency(form.urgency.data)
    facts = facts_of_device(device, on, kind, urgency) if device else ORDINARY | {"on": on}
    facts = facts | {"kind": kind.value, "urgency": urgency.value}
    if contract is not None:
        facts |= {"organisation_id": contract.organisation_id, "site_id": contract.site_id}
    facts |= {name: form[name].data for name in ("locality", "province", "tier") if form[name].data}
    if form.cover.data:
        facts |= {"cover": form.cover.data, "covered": form.cover.data == "covered"}
    if form.risk.data:
        facts["risks"] = frozenset({form.risk.data} - {"none"})
    if form.large.data:
        facts["large"] = form.large.data == "yes"
    if form.level.data:
        facts["level"] = int(form.level.data)
    return facts | {"critical": "life_support" in facts["risks"] or urgency is Urgency.CRITICAL}


def _facts_in_words(facts: dict[str, Any]) -> list[str]:
    """What was taken of the case, each in a few words."""
    found = [say(Kind(facts["kind"])), say(Urgency(facts["urgency"])), cover_words(facts["cover"])]
    found += [say(vocabulary.RISKS[risk]) for risk in sorted(facts["risks"])]
    found += [say(vocabulary.CONDITIONS["large"])] if facts["large"] else []
    found += [say(Locality(facts["locality"])), facts["province"]]
    found += [_("Tier %(tier)s", tier=facts["tier"])] if facts["tier"] else []
    found += [_("Recall level %(level)s", level=facts["level"])] if "level" in facts else []
    return [text for text in found if text]


def _reasons(fitting: list[Chosen], wanted: PolicyVersion | None) -> list[dict[str, Any]]:
    """Why which policy holds, the strongest reason first; and which one is tried instead."""
    found = [
        {
            "why": basis_words({"basis": each.basis, "value": each.value}),
            "policy": each.version.policy,
            "verdict": _("holds") if position == 0 else _("would hold otherwise"),
            "tone": "good" if position == 0 else "neutral",
        }
        for position, each in enumerate(fitting)
    ]
    if wanted is not None and not (fitting and fitting[0].version is wanted):
        chosen = {"why": _("Chosen by hand"), "policy": wanted.policy, "verdict": _("tried instead"), "tone": "accent"}
        return [chosen, *found]
    return found


def _promise(expected: Expected, calendar: CalendarVersion) -> dict[str, Any]:
    rule = expected.rule
    same_clock = calendar.working_time.info.key == zone()
    return {
        "expected": expected,
        "rule": rule,
        "clock": vocabulary.label(vocabulary.CLOCKS, rule.clock),
        "amount": None if rule.amount is None else vocabulary.spell(rule.unit, rule.amount),
        "event": vocabulary.label(vocabulary.EVENTS, rule.starts_on),
        "after": vocabulary.label(vocabulary.CLOCKS, expected.after) if expected.after else None,
        "last_day": expected.days[-1].day if rule.unit.in_days and same_clock and expected.days else None,
        "steps": [(step.percent, at, [say(Role(role)) for role in step.tells]) for step, at in expected.steps],
        "days": _days(rule, expected.days),
    }


def _accounts(promises: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How each promise is counted; those that are counted alike and tell the same people in one."""
    found: dict[tuple, dict[str, Any]] = {}
    for each in promises:
        if each["days"]:
            rule, told = each["rule"], [(percent, roles) for percent, _at, roles in each["steps"]]
            key = (rule.unit, rule.amount, each["expected"].starts_at, str(told))
            found.setdefault(key, {**each, "told": told, "clocks": []})["clocks"].append(say(each["clock"]))
    return list(found.values())


def _days(rule: PolicyRule, days: list[Row]) -> list[tuple[Row, date | None, str, str]]:
    """Each day with what it counts and what that makes; those that count alike in a row as one, to the last of them."""
    runs: list[list[Row]] = []
    for row in days:
        if runs and _alike(rule.unit, runs[-1][-1], row):
            runs[-1].append(row)
        else:
            runs.append([row])
    return [
        (
            run[0],
            run[-1].day if len(run) > 1 else None,
            _spelled(rule, sum(row.counted for row in run)),
            _spelled(rule, run[-1].total),
        )
        for run in runs
    ]


def _alike(unit: Unit, one: Row, other: Row) -> bool:
    """Whether two days say the same. Hours are told day by day, unless none are counted."""
    if one.counted != other.counted or (one.counted and not unit.in_days):
        return False
    return not unit.by_windows or (one.windows, one.name, one.announced) == (other.windows, other.name, other.announced)


def _spelled(rule: PolicyRule, amount: int) -> str:
    return say(vocabulary.spell(rule.unit, amount)) if amount else "—"
