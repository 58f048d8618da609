"""A policy is put into force only whole, heard by people and within the law; and never loosened in silence."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.core.db import Text2, writing
from portal.core.deadlines import VersionState
from portal.core.errors import Message, NotAllowed, NotNow, NotValid
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.core.verbs import Verb
from portal.core.working_time import Unit
from portal.domain.accounts.models import Account, RoleGrant, State
from portal.domain.devices.models import Device
from portal.domain.permissions import P, Role
from portal.domain.policies import rules
from portal.domain.policies.models import PolicyVersion, ServicePolicy
from portal.domain.policies.presets import LAW, PRESETS, SHIPPED
from portal.domain.policies.vocabulary import CLOCKS, CONDITIONS, EVENTS
from tests.domain.policies.conftest import MONDAY, at, by_contract, put_into_force, run_job, tick, wall

H, DAY = 3600, 24


def amounts(key):
    """What a preset says: (clock, figure, unit, from which event)."""
    preset = next(p for p in SHIPPED if p.key == key)
    return [(rule.clock, figure(rule), rule.unit, rule.starts_on) for rule in preset.rules]


def figure(rule):
    """Hours or days, as people say them."""
    return rule.stored if rule.unit.in_days or rule.stored is None else rule.stored / H


NATURAL, WORKING, DAYS, WORKDAYS = Unit.NATURAL_HOURS, Unit.WORKING_HOURS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS

EXACTLY = {
    "A": [
        ("answer", None, NATURAL, "reported"),
        ("dispatch", 3, NATURAL, "reported"),
        ("dispatch", 3, WORKING, "reported"),
        ("dispatch", 7, NATURAL, "reported"),
        ("dispatch", 7, WORKING, "reported"),
        ("arrive_limit", 8, WORKING, "reported"),
        ("repair", 12, NATURAL, "reported"),
        ("loaner", 24, NATURAL, "reported"),
    ],
    "B": [
        ("arrive", 24, NATURAL, "reported"),
        ("arrive", 48, NATURAL, "reported"),
        ("repair", 24, NATURAL, "arrived"),
    ],
    "C": [("answer", 24, NATURAL, "purchase_called"), ("delivery", None, NATURAL, "purchase_called")],
    "D": [
        ("answer", None, NATURAL, "reported"),
        ("arrive", 72, NATURAL, "reported"),
        ("loaner", 1, WORKDAYS, "reported"),
        ("install_visit", 3, WORKDAYS, "reported"),
    ],
    "E": [("answer", 24, NATURAL, "reported"), ("repair", 7, WORKDAYS, "reported")],
    "F": [("answer", None, NATURAL, "reported")],
    "G": [("repair", 24, NATURAL, "reported")],
    "H": [
        ("answer", 2, NATURAL, "reported"),
        ("arrive", 24, NATURAL, "reported"),
        ("repair", 1, DAYS, "reported"),
    ],
    "I": [("dispatch", None, NATURAL, "reported"), ("dispatch", 1, NATURAL, "reported")],
    "J": [("arrive", 0.5, NATURAL, "remote_failed"), ("spare", 24, NATURAL, "arrived")],
    "K": [("answer", None, NATURAL, "reported"), ("callback", None, WORKDAYS, "closed")],
}


@pytest.mark.req("SLA-2")
@pytest.mark.parametrize("key", EXACTLY)
def test_each_preset_is_what_its_source_says(key, app):
    assert amounts(key) == EXACTLY[key]


@pytest.mark.req("SLA-2")
def test_everything_shipped_is_there_with_source_and_version_and_a_word_without_a_figure_waits(policy, session):
    for preset in SHIPPED:
        (version,) = policy(preset.key).versions
        assert (version.version, version.source) == (1, preset.source)
        blank = any(rule.amount is None for rule in version.rules)
        assert version.state is (VersionState.IN_FORCE if preset.in_force else VersionState.DRAFT)
        assert not (blank and preset.in_force)


def change(version, person, rule=None, **values):
    with writing() as session:
        version = session.get_one(PolicyVersion, version.id)
        rule_id = next((r.id for r in version.rules if r.clock == rule), None) if rule else None
        rules.set_rule(session, version, person, version.draft_version, rule_id, **values)


def approve(version, person, reason=""):
    with writing() as session:
        rules.approve(session, session.get_one(PolicyVersion, version.id), person, reason)


def new_draft(policy, person):
    with writing() as session:
        return rules.draft(session, session.get_one(ServicePolicy, policy.id), person)


@pytest.mark.req("DOC-11")
@pytest.mark.parametrize("key", ["A", "C", "D", "F", "I", "K"])
def test_a_bare_word_of_time_is_refused_until_it_has_a_figure(key, draft, people):
    with pytest.raises(NotNow, match="figure"):
        approve(draft(key), people.manager)
    put_into_force(people, draft(key), answer=H, delivery=24 * H, dispatch=H, callback=3)


def test_whoever_drafted_it_does_not_approve_it(policy, people, session):
    version = new_draft(policy("default"), people.manager)
    with pytest.raises(NotNow, match="second person"):
        approve(version, people.manager)
    approve(version, people.quality)
    assert [v.state for v in policy("default").versions] == [VersionState.SUPERSEDED, VersionState.IN_FORCE]


def test_the_desk_writes_no_policies(policy, people):
    with pytest.raises(NotAllowed):
        new_draft(policy("default"), people.desk)


def test_there_is_one_draft_at_a_time(policy, people):
    new_draft(policy("default"), people.manager)
    with pytest.raises(NotValid):
        new_draft(policy("default"), people.quality)


def test_a_promise_that_tells_nobody_when_it_breaks_is_refused(draft, people):
    for steps in ([], [[50, ["desk"]]], [[100, []]]):
        with pytest.raises(NotValid):
            change(draft("H"), people.quality, "arrive", steps=steps)


def test_a_chain_that_ends_with_nobody_in_the_role_is_refused(draft, people, session):
    with writing() as s:
        end_role(s, people.account("auditor").id)
    change(draft("H"), people.quality, "arrive", steps=[[100, ["auditor"]]])
    with pytest.raises(NotNow, match="Nobody holds"):
        approve(draft("H"), people.manager)


LEAVE = Verb("leave", on=(State.ACTIVE,), permission=P.ACCOUNT_GRANT, label=Message("Leave"))


def end_role(session, account_id):
    """All auditors leave."""

    def leave(act):
        for grant in session.scalars(sa.select(RoleGrant).where(RoleGrant.role == Role.AUDITOR)):
            grant.ended_at = act.at

    perform(session, LEAVE, session.get_one(Account, account_id), SYSTEM, leave)


@pytest.mark.req("SLA-7")
@pytest.mark.parametrize(
    "values",
    [
        {"amount": 8},
        {"unit": Unit.WORKING_DAYS},
        {"unit": Unit.WORKING_HOURS, "amount": 7 * H},
        {"starts_on": "holder_told"},
        {"stops_on": ["authority_told", "holder_told"]},
        {"ends_on": ["complaint_closed"]},
        {"regulatory": False},
        {"regulatory": False, "pausable": True},
        {"when": {"level": [1]}},
    ],
)
def test_what_loosens_the_law_in_whatever_way_is_refused(values, policy, people):
    version = new_draft(policy("law"), people.quality)
    change(version, people.quality, "report_death", **values)
    with pytest.raises(NotNow, match="law allows no more than 7 days"):
        approve(version, people.manager, "we are busy")


@pytest.mark.req("SLA-7")
def test_the_law_may_be_tightened_but_not_be_left_out(policy, people):
    version = new_draft(policy("law"), people.quality)
    change(version, people.quality, "report_death", amount=5)
    approve(version, people.manager)
    version = new_draft(policy("law"), people.quality)
    with writing() as session:
        version = session.get_one(PolicyVersion, version.id)
        death = next(r for r in version.rules if r.clock == "report_death")
        rules.drop_rule(session, version, people.quality, version.draft_version, death.id)
    with pytest.raises(NotNow, match="law"):
        approve(version, people.manager, "not ours")


def test_a_time_set_by_law_cannot_be_made_pausable(policy, people):
    version = new_draft(policy("law"), people.quality)
    with pytest.raises(NotValid):
        change(version, people.quality, "report_death", regulatory=True, pausable=True)


@pytest.mark.req("SLA-7")
@pytest.mark.parametrize(
    ("values", "softer"),
    [
        ({"amount": 25 * H}, True),
        ({"unit": Unit.WORKING_HOURS}, True),
        ({"unit": Unit.CALENDAR_DAYS, "amount": 1}, True),
        ({"amount": 20 * H}, False),
    ],
)
def test_what_promises_less_than_before_needs_a_reason(values, softer, policy, people):
    version = new_draft(policy("default"), people.quality)
    rule = next(r for r in version.rules if r.clock == "repair")
    with writing() as session:
        version = session.get_one(PolicyVersion, version.id)
        rules.set_rule(session, version, people.quality, version.draft_version, rule.id, **values)
    if softer:
        with pytest.raises(NotNow, match="Repair"):
            approve(version, people.manager)
    approve(version, people.manager, "new staff plan" if softer else "")


def test_an_empty_policy_promises_nothing_and_is_refused(people):
    with writing() as session:
        made = rules.found(session, people.quality, key="own", name=Text2("自定", "Own"))
        version = rules.draft(session, made, people.quality, source="contract form 2026")
    with pytest.raises(NotNow, match="nothing"):
        approve(version, people.manager)


def test_a_figure_is_at_least_one(draft, people):
    with pytest.raises(NotValid):
        change(draft("H"), people.quality, "arrive", amount=0)


def test_a_superseded_version_is_never_altered(policy, people):
    old = policy("default").versions[0]
    approve(new_draft(policy("default"), people.manager), people.quality)
    with pytest.raises(NotNow):
        change(old, people.manager, "answer", amount=60)


# ---- open cases keep their promises until they are told otherwise


@pytest.mark.req("SLA-7")
def test_a_new_version_is_for_new_cases_and_reapply_brings_the_open_ones(case, policy, people, session, reason):
    case.report()
    case.go_on(MONDAY + timedelta(hours=3), case.wait(MONDAY + timedelta(hours=1), reason("consent")))
    version = new_draft(policy("default"), people.quality)
    second = [r.id for r in version.rules if r.clock == "arrive"][1]
    with writing() as s:
        version = s.get_one(PolicyVersion, version.id)
        rules.set_rule(s, version, people.quality, version.draft_version, second, amount=12 * H)
    approve(version, people.manager)
    assert (case["arrive"].rule_version, wall(case["arrive"].due_at)) == (1, "11-17 11:00")
    with writing() as s:
        rules.reapply(s, s.get_one(PolicyVersion, version.id), people.manager, "all customers alike")
    run_job(session, "clocks.reapply")
    assert (case["arrive"].rule_version, wall(case["arrive"].due_at)) == (2, "11-16 23:00")  # the pause was kept
    assert case["arrive"].pauses[0].reason == "consent"


def test_reapply_leaves_alone_what_is_met_or_broken(case, policy, people, session):
    case.report()
    case.assess(MONDAY + timedelta(hours=1))
    tick(MONDAY + timedelta(hours=4))  # the dispatch clock breaks
    version = new_draft(policy("default"), people.quality)
    approve(version, people.manager)
    with writing() as s:
        rules.reapply(s, s.get_one(PolicyVersion, version.id), people.manager, "a drill")
    run_job(session, "clocks.reapply")
    assert {name: c.rule_version for name, c in case.clocks().items()} == {
        "answer": 1, "dispatch": 1, "arrive": 2, "loaner_decision": 2, "loaner": 2,
    }  # fmt: skip


# ---- which policy holds


def test_a_contract_is_stronger_than_the_default(case, device, people, draft):
    by_contract(people, device.organisation_id, draft("B"))
    clocks = case.report().clocks()
    assert set(clocks) == {"arrive"}
    assert wall(clocks["arrive"].due_at) == "11-17 09:00"


def test_a_contract_that_is_over_promises_nothing_more(case, device, people, draft):
    by_contract(people, device.organisation_id, draft("B"))
    assert set(case.report(at("2036-01-07 09:00")).clocks()) > {"answer", "dispatch"}


def test_the_tier_is_stronger_than_the_risk_and_the_risk_than_the_default(critical, case, people, policy, draft):
    put_into_force(people, draft("H"))
    put_into_force(people, draft("G"))
    applies(policy("H"), people, "risk", "life_support")
    assert wall(critical.report()["answer"].due_at) == "11-16 11:00"
    assert "dispatch" in case.report().clocks()


def applies(policy, people, basis, value):
    with writing() as session:
        found = session.get_one(ServicePolicy, policy.id)
        rows = [{"basis": basis, "value": value}]
        rules.choose(session, found, people.manager, found.choice_version, rows)


def test_there_is_always_exactly_one_policy_for_all_others(policy, people):
    with pytest.raises(NotValid):
        applies(policy("H"), people, "default", "")
    with pytest.raises(NotValid):
        applies(policy("default"), people, "tier", "key")


def test_out_of_warranty_what_is_promised_within_it_is_not_promised(case, device, people, draft, session):
    by_contract(people, device.organisation_id, draft("E"))
    last_day = session.get_one(Device, case.device_id).labour_until
    before = at(f"{last_day} 23:59")
    assert set(case.report(before).clocks()) == {"answer", "repair"}
    assert case.report(before + timedelta(minutes=1)).clocks() == {}


@pytest.mark.req("SLA-2")
def test_half_an_hour_counts_from_the_failure_of_remote_help(case, device, people, draft):
    by_contract(people, device.organisation_id, draft("J"))
    assert case.report().clocks() == {}
    case.record(MONDAY + timedelta(hours=2), "remote_failed")
    assert wall(case["arrive"].due_at) == "11-16 11:30"
    case.assign(MONDAY + timedelta(hours=2, minutes=5))
    case.step(MONDAY + timedelta(hours=2, minutes=10), "accept")
    case.step(MONDAY + timedelta(hours=2, minutes=20), "arrive")
    assert wall(case["spare"].due_at) == "11-17 11:20"


def test_outside_working_hours_another_promise_may_hold(case, device, people, draft):
    by_contract(people, device.organisation_id, draft("tender"))
    assert wall(case.report(at("2026-11-16 12:30"))["arrive"].due_at) == "11-16 13:30"
    assert wall(case.report(at("2026-11-16 09:00"))["arrive"].due_at) == "11-16 09:20"


def test_a_contract_ends_after_it_begins(people, device, policy):
    with pytest.raises(NotValid), writing() as session:
        rules.sign_contract(
            session, people.manager, number="X", organisation_id=device.organisation_id,
            policy_id=policy("default").id, starts_on=date(2026, 5, 1), ends_on=date(2026, 4, 30),
        )  # fmt: skip


def test_every_rule_of_every_preset_has_words_that_screens_can_say(app):
    for preset in SHIPPED:
        for rule in preset.rules:
            assert rule.clock in CLOCKS
            assert {rule.starts_on, *rule.stops_on, *rule.ends_on} <= EVENTS.keys()
            assert rule.when.keys() <= CONDITIONS.keys()
    assert len({p.key for p in PRESETS}) == 13
    assert all(rule.regulatory and not rule.pausable for rule in LAW.rules)
