"""A policy tried on a case that is only thought of."""

import re

import pytest

from portal.domain.policies.presets import SHIPPED
from tests.queries import count_queries

URL = "/office/policies/try"
FRIDAY = "2026-11-20T17:50"


@pytest.fixture
def tried(browser):
    """The page for these answers, as the manager reads it, without tags."""
    client = browser("manager")

    def look(**query):
        answer = client.get(URL, query_string={"at": FRIDAY, **query})
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())

    return look


@pytest.mark.req("SLA-2")
@pytest.mark.parametrize("key", [preset.key for preset in SHIPPED])
@pytest.mark.parametrize("who", ["manager", "quality2"])
def test_every_shipped_policy_can_be_tried_in_both_languages(browser, key, who):
    answer = browser(who).get(URL, query_string={"at": FRIDAY, "policy": f"{key}@1", "level": "1"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200 and f'value="{key}@1"' in html
    assert html.count('scope="row"') > 2
    assert len(answer.data) <= 40_960


def test_what_holds_by_itself_is_the_policy_for_all_others_in_hours_as_promised(tried):
    text = tried()
    assert "默认服务承诺" in text and "其他情况" in text
    assert "周五 2026-11-20 19:50" in text  # answer: 2 h
    assert "周一 2026-11-23 11:30" in text  # dispatch in town: 3 h of working time from Monday 8:30 on
    assert "周六 2026-11-21 17:50" in text  # arrival: 24 h
    assert "周日 2026-11-22 17:50" in text  # repair: 24 h from the latest arrival


def test_a_device_says_what_it_is_and_a_ventilator_gets_the_shorter_times(tried, device):
    for name in (device.number, device.serial):
        text = tried(device=name)
        assert device.serial in text and "生命支持" in text
        assert "周五 2026-11-20 18:05" in text and "周五 2026-11-20 19:50" in text  # 15 min, 2 h


def test_a_word_without_a_figure_is_shown_as_such(tried):
    text = tried(policy="A@1")
    assert "立即响应（实质性响应）" in text and "尚未填写数值" in text
    assert "周二 2026-11-24 09:00" in text  # 8 working hours: seven and a half on Monday


def test_days_end_at_midnight_and_the_first_does_not_count(tried):
    text = tried(policy="H@1")
    assert "周六 2026-11-21, 24:00" in text and "首日不计" in text


def test_what_happens_when_can_be_said(tried):
    assert "周二 2026-11-24 09:00" in tried(policy="B@1", arrived="2026-11-23T09:00")


def test_a_public_holiday_is_named_in_the_arithmetic(tried):
    text = tried(policy="E@1", at="2026-09-30T17:00")
    assert "国庆节" in text and "调休上班" in text


@pytest.mark.parametrize(
    "query",
    [{"device": "no such"}, {"at": "yesterday"}, {"at": "9999-01-01T00:00"}, {"policy": "Z@1"}, {"kind": "x"}],
)
def test_what_cannot_be_is_refused_at_its_field(browser, query):
    answer = browser("manager").get(URL, query_string=query)
    assert answer.status_code == 422 and "error-summary" in answer.get_data(as_text=True)


def test_a_shared_address_means_the_same_moment_in_another_zone(browser):
    answer = browser("manager").get(URL, query_string={"at": "2026-11-20T10:50", "zone": "Europe/Berlin"})
    assert answer.status_code == 302 and "at=2026-11-20T17%3A50" in answer.location
    answer = browser("manager").get(URL, query_string={"at": "x", "zone": "No/Where"})
    assert answer.status_code == 302 and "at=" not in answer.location


def test_a_dealer_tries_no_device_that_is_not_theirs(browser, device):
    answer = browser("dealer_desk").get(URL, query_string={"device": device.number})
    assert answer.status_code == 422


@pytest.mark.parametrize(("who", "status"), [("desk", 200), ("auditor", 200), ("technician", 403), ("officer", 403)])
def test_who_may_try(browser, who, status):
    assert browser(who).get(URL).status_code == status


def test_trying_needs_few_statements(browser, device):
    client, query = browser("manager"), {"device": device.number, "policy": "A@1"}
    with count_queries() as sent:
        client.get(URL, query_string=query)
    assert len(sent) <= 8, sent
