"""The pages of the release rules: what holds, for which product, the draft, and the reasons."""

import re

import pytest

from portal.core.db import db, writing
from portal.domain.catalog.models import RiskClass
from portal.domain.releases import queries, seeding
from portal.domain.releases.models import Case
from portal.domain.releases.words import Review
from tests.blueprints.technicians.field import hidden, sent

RULES, DRAFT = "/quality/release-rules", "/quality/release-rules/draft"


@pytest.fixture
def shipped(app):
    with writing() as session:
        seeding.install(session)


@pytest.fixture
def quality(browser, shipped):
    return browser("quality")


def rule(**values):
    return {"risk_class": "", "life_support": "", "kind": "", "review": "before", "source": "质量例会 3"} | values


def add(browser, **values):
    form = browser.get(f"{DRAFT}/rules/new")
    return browser.post(f"{DRAFT}/rules/new", sent(base_version=hidden(form, "base_version"), **rule(**values)))


@pytest.mark.req("QCR-6")
def test_the_rules_are_tried_on_a_product(quality, device):
    page = quality.get(f"{RULES}?product={device.product.uid}&kind=repair").text
    assert "质量部门决定" in page and "生命支持类" in page and "24 小时" in page
    assert page.count("放行前由第二人复核") >= 4


def test_an_auditor_reads_them_and_a_buyer_does_not(browser, shipped):
    auditor = browser("auditor")
    assert auditor.get(RULES).status_code == 200 and "/begin" not in auditor.get(RULES).text
    assert browser("officer").get(RULES).status_code == 403
    assert auditor.get(DRAFT).status_code == 403


def test_a_house_without_rules_says_so(browser, app):
    assert "empty-title" in browser("quality").get(RULES).text


@pytest.mark.req("QCR-6")
def test_one_writes_the_next_version_and_another_puts_it_into_force(quality, browser):
    assert quality.post(f"{RULES}/begin", sent()).location.endswith(DRAFT)
    assert add(quality, risk_class="II", kind="maintenance", review="alone").status_code == 303
    assert "须由他人" in quality.get(DRAFT).text or "approve" not in quality.get(DRAFT).text
    other = browser("quality2")
    assert other.post(f"{DRAFT}/approve", sent()).status_code == 409
    assert other.post(f"{DRAFT}/approve", sent(reason="Upkeep changes nothing")).status_code == 303
    db.session.rollback()
    case = Case(RiskClass.II, False, "maintenance")
    assert queries.in_force(db.session).holding(case).review is Review.ALONE
    assert "?version=1" in quality.get(RULES).text


def test_a_rule_for_the_same_cases_is_refused_and_what_was_typed_stays(quality):
    quality.post(f"{RULES}/begin", sent())
    answer = add(quality, risk_class="II", review="alone")
    assert answer.status_code == 422 and "质量例会 3" in answer.text and "error-summary" in answer.text


def test_a_rule_needs_a_choice_and_a_source(quality):
    quality.post(f"{RULES}/begin", sent())
    answer = add(quality, review="", source="")
    assert answer.status_code == 422 and {"review", "source"} <= set(re.findall(r'id="(\w+)-error"', answer.text))


def test_a_rule_is_changed_and_removed(quality):
    quality.post(f"{RULES}/begin", sent())
    add(quality, kind="repair")
    mine = next(each for each in queries.draft(db.session).rules if each.kind == "repair")
    here, uid = f"{DRAFT}/rules/{mine.uid}", mine.uid
    db.session.rollback()
    form = quality.get(here)
    change = sent(base_version=hidden(form, "base_version"), **rule(kind="repair", review="later"))
    assert quality.post(here, change).status_code == 303
    again = sent(base_version=hidden(form, "base_version"), **rule(kind="repair", review="alone"))
    assert quality.post(here, again).status_code == 409
    assert quality.post(f"{here}/drop", sent(base_version=hidden(quality.get(here), "base_version"))).status_code == 303
    db.session.rollback()
    assert uid not in [each.uid for each in queries.draft(db.session).rules]
    assert quality.get(here).status_code == 404


def test_a_draft_is_described_and_given_up(quality):
    quality.post(f"{RULES}/begin", sent())
    version = hidden(quality.get(DRAFT), "base_version")
    assert quality.post(DRAFT, sent(base_version=version, source="质量手册 8.2.6")).status_code == 303
    assert "质量手册 8.2.6" in quality.get(DRAFT).text
    assert quality.post(f"{DRAFT}/discard", sent()).status_code == 303
    assert quality.get(DRAFT).status_code == 404


def test_a_second_draft_is_refused(quality):
    quality.post(f"{RULES}/begin", sent())
    answer = quality.post(f"{RULES}/begin", sent())
    assert answer.status_code == 409 and "error-summary" in answer.text


def test_a_reason_is_added_and_taken_out_of_use(quality):
    assert quality.post("/quality/release-reasons/new", sent(name_zh="台风", in_use="y")).status_code == 303
    uid = next(each.uid for each in queries.reasons(db.session) if each.name.zh == "台风")
    db.session.rollback()
    here = f"/quality/release-reasons/{uid}"
    version = hidden(quality.get(here), "base_version")
    assert quality.post(here, sent(base_version=version, name_zh="台风")).status_code == 303
    stale = quality.post(here, sent(base_version=version, name_zh="台风天气"))
    assert stale.status_code == 409 and "台风天气" in stale.text
    assert quality.post("/quality/release-reasons/new", sent()).status_code == 422
