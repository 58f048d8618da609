"""The technician's day by what is promised: what is overdue stands by itself, before all else."""

import re
from datetime import timedelta

import pytest

from portal.blueprints.technicians import day
from portal.core import clock
from tests.blueprints.technicians.field import order_at

DAYS, HOUR = timedelta(days=3), timedelta(hours=1)


def groups(browser):
    """The headings of the day with the numbers below each."""
    html = browser("technician").get("/technician/").text
    return {part.split("</h2>")[0].split("<h2>")[-1]: part for part in html.split('<section class="section"')[1:]}


@pytest.mark.req("DSP-5", "SLA-5")
def test_an_order_with_a_promise_that_was_not_kept_stands_in_a_group_of_its_own(browser, people, device):
    with clock.frozen(clock.now() - DAYS):
        late = order_at(people, device, "accepted")
    today = order_at(people, device, "accepted")
    found = groups(browser)
    assert list(found)[:2] == ["今天 · 已超时", "今天"]
    assert late in found["今天 · 已超时"] and today not in found["今天 · 已超时"]
    assert today in found["今天"] and late not in found["今天"]
    assert "已超时，原定" in found["今天 · 已超时"] and "截止" in found["今天"]


def test_an_appointment_that_was_missed_is_overdue_until_somebody_arrives(browser, people, device):
    past = {"appointment_from": clock.now() - 2 * HOUR, "appointment_to": clock.now() - HOUR}
    with clock.frozen(clock.now() - 3 * HOUR / 60):
        missed = order_at(people, device, "travelling", **past)
    arrived = order_at(people, device, "on_site", **past)
    found = groups(browser)
    assert missed in found["今天 · 已超时"] and "预约" in found["今天 · 已超时"]
    assert arrived not in found["今天 · 已超时"]


def test_what_waits_for_others_is_not_the_technicians_delay(browser, people, device):
    with clock.frozen(clock.now() - DAYS):
        at_others = order_at(people, device, "to_release")
    found = groups(browser)
    assert "今天 · 已超时" not in found and at_others in found["等待他人处理"]


def test_without_anything_overdue_there_is_no_such_group(browser, people, device):
    order_at(people, device, "accepted")
    assert "今天 · 已超时" not in groups(browser)


@pytest.mark.req("SLA-4")
def test_a_technician_says_on_site_what_the_case_waits_for(browser, people, device):
    number = order_at(people, device, "on_site")
    tablet = browser("technician")
    page = tablet.get(f"/technician/orders/{number}").text
    request = page.split("/wait")[0].rsplit("/requests/")[1]
    facts = {"reason": "access", "evidence": "护士站：手术中，一小时后"}
    done = tablet.post(f"/requests/{request}/wait", facts)
    assert done.location == f"/technician/orders/{number}"
    assert "等待中：等客户安排进场" in tablet.get(done.location).text


def test_a_long_day_comes_in_pages_and_what_waits_for_others_has_a_list_of_its_own(
    browser, people, device, monkeypatch
):
    monkeypatch.setattr(day, "PAGE", 2)
    monkeypatch.setattr(day, "FEW", 1)
    work = [order_at(people, device, "accepted") for _ in range(3)]
    waiting = [order_at(people, device, "to_release") for _ in range(2)]
    tablet = browser("technician")
    page = tablet.get("/technician/").text
    assert [number in page for number in work + waiting] == [True, True, False, True, False]
    following = re.search(r'rel="next" href="([^"]+)"', page)[1]
    rest = tablet.get(following).text
    assert [number in rest for number in work + waiting] == [False, False, True, False, False]
    at_others = tablet.get("/technician/?show=waiting").text
    assert [number in at_others for number in work + waiting] == [False, False, False, True, True]
