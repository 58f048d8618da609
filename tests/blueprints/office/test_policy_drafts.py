"""A manager writes the next version of a policy, and a second person puts it into force."""

import re

import pytest
import sqlalchemy as sa

from portal.core.deadlines import VersionState
from portal.core.outbox import OutboxRow
from portal.core.working_time import Unit
from portal.domain.policies import rules
from portal.domain.policies.models import PolicyVersion, ServicePolicy
from tests.queries import count_queries

URL = "/office/policies"
ANSWER = {
    "clock": "answer",
    "amount": "30",
    "measure": "minutes",
    "starts_on": "reported",
    "stops_on": "answered",
    "ends_on": "ended",
    "pausable": "y",
    "first_percent": "50",
    "first_roles": ["desk"],
    "steps": ["desk", "manager"],
    "words_zh": "立即响应（实质性响应）",
}


@pytest.fixture
def version(session):
    """The version of a policy that is a draft, else the one in force."""

    def look(key):
        session.rollback()
        policy = session.scalars(sa.select(ServicePolicy).where(ServicePolicy.key == key)).one()
        return rules.draft_of(session, policy.id) or rules.in_force(session, policy.id)

    return look


def save(client, key, position, version, **values):
    data = {**ANSWER, "base_version": str(version.draft_version), **values}
    return client.post(f"{URL}/{key}/draft/promises/{position}", data=data)


def said(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.mark.req("DOC-11", "SLA-7")
def test_a_word_gets_its_figure_and_a_second_person_puts_it_into_force(browser, version):
    writer, approver = browser("quality2"), browser("manager")
    assert "Give a figure first: First answer" in said(writer.get(f"{URL}/A/draft"))
    assert save(writer, "A", 1, version("A")).status_code == 303
    rule = version("A").rules[0]
    assert (rule.unit, rule.amount, rule.pausable, rule.ends_on) == (Unit.NATURAL_HOURS, 1800, True, ["ended"])
    assert rule.steps == [[50, ["desk"]], [100, ["desk", "manager"]]]
    assert "You wrote this draft last" in said(writer.get(f"{URL}/A/draft"))
    assert writer.post(f"{URL}/A/draft/approve").status_code == 409
    assert approver.post(f"{URL}/A/draft/approve").status_code == 303
    assert version("A").state is VersionState.IN_FORCE
    assert writer.get(f"{URL}/A/draft").status_code == 404


@pytest.mark.req("DOC-11")
def test_nothing_blank_is_put_into_force(browser, version):
    answer = browser("manager").post(f"{URL}/K/draft/approve")
    assert answer.status_code == 409 and "请先填写具体数值" in said(answer)
    assert version("K").state is VersionState.DRAFT


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"amount": ""}, "amount", "Give a figure"),
        ({"amount": "0"}, "amount", "at least one minute"),
        ({"amount": "0.5"}, "amount", "whole minutes"),
        ({"amount": "-3"}, "amount", "at least one minute"),
        ({"amount": "1.5", "measure": "days"}, "amount", "whole days"),
        ({"steps": []}, "steps", "Say who is told"),
        ({"steps": ["finance"]}, "steps", "Not a valid choice"),
        ({"first_percent": "100"}, "first_percent", "between 1 and 99"),
        ({"stops_on": "recall_told"}, "stops_on", "Not a valid choice"),
    ],
)
def test_what_cannot_be_promised_is_refused_at_its_field(browser, version, values, field, words):
    answer = save(browser("quality2"), "A", 1, version("A"), **values)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}' in html and f'id="{field}-error"' in html
    assert version("A").rules[0].amount is None


def test_a_role_that_nobody_holds_is_refused_at_its_field(browser, version, session, people):
    from tests.domain.policies.test_policies import end_role, writing

    with writing() as s:
        end_role(s, people.account("auditor").id)
    answer = save(browser("quality2"), "A", 1, version("A"), steps=["auditor"])
    assert answer.status_code == 422 and "Nobody holds this role" in said(answer)


@pytest.mark.req("SLA-7")
def test_what_loosens_the_law_is_refused_at_its_field(browser, version):
    client = browser("quality2")
    client.post(f"{URL}/law/begin")
    law = version("law")
    position = next(r.position for r in law.rules if r.clock == "report_death")
    facts = {"clock": "report_death", "starts_on": "event_known", "stops_on": "authority_told", "ends_on": ""}
    chain = {"first_roles": ["quality"], "steps": ["quality"]}
    answer = save(client, "law", position, law, amount="8", measure="days", **facts, **chain)
    assert answer.status_code == 422 and "no more than 7 days" in said(answer)
    assert save(client, "law", position, law, amount="6", measure="days", **facts, **chain).status_code == 303
    assert "6 days" in said(client.get(f"{URL}/law/draft")) and "7 days" in said(client.get(f"{URL}/law/draft"))


def test_what_changes_is_compared_and_less_than_before_needs_a_reason(browser, version):
    writer, approver = browser("quality2"), browser("manager")
    assert writer.post(f"{URL}/default/begin").headers["Location"] == f"{URL}/default/draft"
    assert "Nothing: the draft promises the same" in said(writer.get(f"{URL}/default/draft"))
    assert save(writer, "default", 2, version("default"), amount="4", measure="hours").status_code == 303
    text = said(writer.get(f"{URL}/default/draft"))
    assert "2 h · from: the fault is reported" in text and "4 h · from:" in text and "promises less than before" in text
    assert approver.post(f"{URL}/default/draft/approve").status_code == 409
    assert approver.post(f"{URL}/default/draft/approve", data={"reason": "新排班"}).status_code == 303
    page = said(writer.get(f"{URL}/default"))
    assert "Version 2" in page and "Earlier versions" in page


def test_what_is_for_fewer_cases_is_put_above_and_what_never_holds_is_named(browser, version):
    client = browser("quality2")
    client.post(f"{URL}/default/begin")
    assert (
        save(client, "default", "new", version("default"), amount="1", measure="hours", province="西藏").status_code
        == 303
    )
    found = [(r.when, r.amount) for r in version("default").rules if r.clock == "answer"]
    assert found == [({"critical": [True]}, 900), ({"province": ["西藏"]}, 3600), ({}, 7200)]
    assert (
        save(client, "default", "new", version("default"), amount="9", measure="hours", kind=["repair"]).status_code
        == 303
    )
    assert save(client, "default", 1, version("default"), amount="15", measure="minutes").status_code == 303
    assert "Another promise above it holds for all the same cases" in said(client.get(f"{URL}/default/draft"))


def test_every_promise_that_is_shipped_comes_out_of_its_form_as_it_went_in(app, session):
    from portal.blueprints.office.policy_forms import PromiseForm
    from portal.domain.policies.rules import PARTS

    with app.test_request_context("/"):
        for version in session.scalars(sa.select(PolicyVersion)):
            for rule in version.rules:
                form = PromiseForm(formdata=None)
                form.offer(version.policy.subject)
                form.fill(rule)
                if rule.amount is None:
                    continue
                typed = form.promise(version.policy.subject)
                assert typed == {name: getattr(rule, name) for name in PARTS}, (version.policy.key, rule.clock)


def test_whoever_saves_second_sees_that_the_draft_has_changed(browser, version):
    client, before = browser("quality2"), version("A")
    seen = before.draft_version
    save(client, "A", 1, before)
    answer = client.post(f"{URL}/A/draft/promises/1", data={**ANSWER, "amount": "20", "base_version": str(seen)})
    assert answer.status_code == 409 and "Somebody else changed this draft" in said(answer)
    answer = client.post(f"{URL}/A/draft", data={"source": "x", "base_version": str(seen)})
    assert answer.status_code == 409


def test_a_promise_is_taken_out_and_a_draft_discarded(browser, version):
    client, before = browser("quality2"), version("A")
    count = len(before.rules)
    answer = client.post(f"{URL}/A/draft/promises/2/drop", data={"base_version": str(before.draft_version)})
    assert answer.status_code == 303 and len(version("A").rules) == count - 1
    assert client.get(f"{URL}/A/draft/promises/99").status_code == 404
    assert client.post(f"{URL}/A/draft/discard").status_code == 303
    assert client.post(f"{URL}/A/begin").status_code == 303


def test_there_is_one_draft_at_a_time(browser):
    client = browser("quality2")
    assert client.post(f"{URL}/default/begin").status_code == 303
    answer = client.post(f"{URL}/default/begin")
    assert answer.status_code == 422 and "There is a draft of this policy already" in said(answer)


def test_applying_to_open_cases_needs_a_reason_and_a_job_does_it(browser, session):
    client = browser("manager")
    assert client.post(f"{URL}/default/reapply").status_code == 422
    assert client.post(f"{URL}/default/reapply", data={"reason": "所有客户一致"}).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).where(OutboxRow.kind == "clocks.reapply")) == 1
    assert client.post(f"{URL}/A/reapply", data={"reason": "x"}).status_code == 404


def test_a_policy_of_ones_own_begins_with_the_promises_of_another(browser, version):
    client = browser("quality2")
    facts = {"name_en": "City hospitals", "short_name": "city", "origin": "H@1"}
    assert client.post(f"{URL}/new", data=facts).headers["Location"] == f"{URL}/city/draft"
    assert [r.amount for r in version("city").rules] == [r.amount for r in version("H").rules]
    assert client.post(f"{URL}/new", data=facts).status_code == 422
    for key in ("new", "try", "a b", "", "-", "x" * 41):
        assert client.post(f"{URL}/new", data=facts | {"short_name": key}).status_code == 422


def test_where_a_policy_applies_is_said_and_there_is_always_one_for_all_others(browser, version):
    client = browser("manager")
    data = {
        "ticked": ["risk:life_support", "cover:covered"],
        "tier": "A, B",
        "province": "江苏，浙江",
        "base_version": "1",
    }
    assert client.post(f"{URL}/H/choice", data=data).status_code == 303
    rows = version("H").policy.applies_to
    assert {"basis": "province", "value": "浙江"} in rows and {"basis": "tier", "value": "B"} in rows
    html = client.get(f"{URL}/H/choice").get_data(as_text=True)
    assert 'value="江苏, 浙江"' in html and re.search(r'checked[^>]*value="risk:life_support"', html)
    assert client.post(f"{URL}/H/choice", data=data).status_code == 409
    answer = client.post(f"{URL}/default/choice", data={"base_version": "1"})
    assert answer.status_code == 422 and "只能有一个" in said(answer)


@pytest.mark.parametrize(("who", "edits"), [("desk", 403), ("auditor", 403), ("admin", 200), ("quality", 200)])
def test_who_may_write(browser, who, edits):
    client = browser(who)
    assert client.get(f"{URL}/A").status_code == 200
    assert client.get(f"{URL}/A/draft").status_code == edits
    assert client.get(f"{URL}/A/choice").status_code == (200 if who == "quality" else 403)


@pytest.mark.parametrize(
    "path", ["", "/A", "/A/draft", "/A/draft/promises/1", "/A/draft/promises/new", "/A/choice", "/new"]
)
def test_the_pages_need_few_statements(browser, path):
    client = browser("manager")
    with count_queries() as sent:
        assert client.get(URL + path).status_code == 200
    assert len(sent) <= 8, sent
