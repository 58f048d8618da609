"""Promised times in a real browser: reported, shown to the hospital, paused by the desk, explained on tap."""

import re

import pytest

from tests.browser.conftest import TABLET

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SAYS = {
    "zh": {"paused": "已暂停", "waits": "等待中", "counted": "逐日计时", "left": "剩", "stood": "暂停"},
    "en": {
        "paused": "Paused",
        "waits": "Waits",
        "counted": "Counted day by day",
        "left": "left",
        "stood": "stood still",
    },
}


@pytest.mark.req("SLA-1", "SLA-4", "SLA-7")
@pytest.mark.parametrize(
    ("language", "officer", "desk", "device"),
    [("zh", "officer", "desk", "RK-DV-2026-00006"), ("en", "officer3", "desk2", "RK-DV-2026-00005")],
)
def test_a_promise_is_shown_paused_and_explained(visitor, language, officer, desk, device):
    says = SAYS[language]
    with visitor(officer, language=language) as v:
        number = report(v, device)
        clock = v.page.locator("#promises .clock").first
        assert says["left"] in clock.inner_text()
        explain(v, clock, says)
    with visitor(desk, size=TABLET, language=language) as v:
        v.open(f"/desk/requests/{number}")
        wait(v, number)
        v.page.locator("#promises .banner", has_text=says["waits"]).wait_for()
        clock = v.page.locator("#promises .clock", has_text=says["paused"]).first
        explain(v, clock, says)
        assert says["stood"] in clock.locator(".clock-why").inner_text()
        go_on(v, number)
        assert v.page.locator("#promises .clock", has_text=says["paused"]).count() == 0
        assert v.page.locator("#promises .banner").count() == 0
    with visitor(officer, size=TABLET, language=language) as v:
        v.open("/customer/")
        v.page.locator(".card-row", has_text=number).locator(".clock-brief").wait_for()


def report(v, device):
    v.open(f"/customer/devices/{device}/report")
    v.page.fill("[name=symptom]", "报警 E-42，随后停机")
    v.page.fill("[name=contact_name]", "陈静怡")
    v.page.fill("[name=contact_phone]", "021-6482 1166")
    v.submit("#report", re.compile(r"/customer/requests/RK-SR-"))
    return v.page.url.rsplit("/", 1)[1]


def explain(v, clock, says):
    """Tap the promise: its account is fetched once and stands below it."""
    with v.page.expect_response(lambda answer: "/clocks/" in answer.url) as answer:
        clock.locator("summary").first.click()
    assert answer.value.status == 200
    clock.get_by_role("region", name=says["counted"]).wait_for()
    assert v.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def wait(v, number):
    folded = v.page.locator("#promises details", has=v.page.locator(f"a[href='/requests/{number}/wait']"))
    with v.page.expect_response(lambda answer: answer.url.endswith("/wait")):
        folded.locator("summary").click()
    form = f"form[action='/requests/{number}/wait']"
    v.page.select_option(f"{form} [name=reason]", "access")
    v.submit(form)  # without the proof: told at the field
    v.page.locator(f"{form} [name=evidence][aria-invalid=true]").wait_for()
    v.page.fill(f"{form} [name=evidence]", "设备科来电：手术占用，明早可进场")
    v.submit(form, re.compile(number))


def go_on(v, number):
    v.submit("#promises form[action$='/end']", re.compile(number))
