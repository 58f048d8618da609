"""Pages and parts of pages: what htmx gets, and what it must never swap in."""

import pytest
from sqlalchemy.exc import OperationalError

from portal.core.db import db, writing
from portal.domain.accounts import sessions
from tests.look.markup import page_faults
from tests.web.conftest import REPORT, sent

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHOLE = {"HX-Request": "true", "HX-Request-Type": "full"}
BACK = {"HX-History-Restore-Request": "true", "HX-Request-Type": "full"}


@pytest.fixture
def report(device) -> str:
    return f"/customer/devices/{device.number}/report"


def test_htmx_gets_the_part_that_it_will_swap_in(browser, report):
    answer = browser("officer").post(report, sent(symptom=""), headers=PART)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert answer.text.strip().startswith('<div id="report"')


@pytest.mark.parametrize("headers", [WHOLE, BACK, BACK | PART, {}], ids=["full", "back", "back to a part", "plain"])
def test_everything_else_gets_the_whole_page(browser, report, headers):
    assert "<html" in browser("officer").get(report, headers=headers).text


def test_after_success_htmx_is_led_to_the_next_page(browser, report):
    answer = browser("officer").post(report, sent(**REPORT), headers=PART)
    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["HX-Redirect"].startswith("/customer/requests/")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_session_that_ran_out_leads_a_part_to_the_sign_in_page(browser, people, report, method):
    officer = browser("officer")
    with writing() as session:
        sessions.end_all(session, people.officer.id)
    headers = PART | {"HX-Current-URL": f"http://localhost{report}"}
    answer = officer.client.open(report, method=method, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == f"/sign-in?next={report}"
    assert answer.text == ""


def test_a_session_that_ran_out_leads_a_page_to_the_sign_in_page(browser, people, report):
    officer = browser("officer")
    with writing() as session:
        sessions.end_all(session, people.officer.id)
    assert officer.get(report).location == f"/sign-in?next={report}"


@pytest.fixture
def broken(app, monkeypatch) -> str:
    """A page that fails, with words that nobody outside may read."""

    def fail() -> str:
        raise ValueError("secret of the house")

    monkeypatch.setitem(app.view_functions, "customers.devices", fail)
    return "/customer/devices"


def test_a_failure_is_a_plain_page_with_a_number(browser, broken, caplog):
    answer = browser("officer").get(broken)
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text and "Traceback" not in answer.text
    reference = next(r.args[0] for r in caplog.records if r.exc_info)
    assert reference in answer.text


def test_a_failure_within_a_page_is_a_toast_that_leaves_the_page_alone(browser, broken):
    answer = browser("officer").get(broken, headers=PART)
    assert answer.status_code == 500
    assert answer.headers["HX-Reswap"] == "none"
    assert "<html" not in answer.text and 'hx-swap-oob="beforeend"' in answer.text


def test_a_database_that_went_away_is_told_plainly_though_the_frame_needs_it_too(app, browser, monkeypatch):
    def away(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection unexpectedly"))

    officer = browser("officer")
    monkeypatch.setitem(app.view_functions, "customers.devices", away)
    monkeypatch.setattr("portal.core.notices.unread", away)
    answer = officer.get("/customer/devices")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert page_faults(answer.text) == []


def test_a_page_that_is_missing_replaces_the_page_and_not_a_part(browser):
    answer = browser("officer").get("/customer/requests/RK-SR-2026-99999", headers=PART)
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "body"


@pytest.mark.parametrize(
    ("key", "lang", "words"), [("officer", "zh-CN", "找不到"), ("officer3", "en", "find this page")]
)
def test_a_missing_page_says_so_in_the_readers_language(browser, key, lang, words):
    answer = browser(key).get("/customer/requests/RK-SR-2026-99999")
    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text
    assert words in answer.text
    assert page_faults(answer.text) == []


@pytest.mark.parametrize(("accepts", "lang"), [("en-GB,en;q=0.9", "en"), ("zh-TW,zh;q=0.8", "zh-CN"), ("fr", "zh-CN")])
def test_a_stranger_is_answered_in_the_language_of_the_browser(stranger, accepts, lang):
    answer = stranger.get("/nowhere", headers={"Accept-Language": accepts})
    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text


def test_a_refusal_says_who_can_help(browser, filed):
    answer = browser("stores").get("/office/trail")
    assert answer.status_code == 403
    assert page_faults(answer.text) == []


def test_a_foreign_record_and_a_missing_one_are_the_same_answer(browser, filed):
    other = browser("officer2")
    foreign, missing = other.get(f"/customer/requests/{filed}"), other.get("/customer/requests/RK-SR-2026-99999")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace(filed, "") == missing.text.replace("RK-SR-2026-99999", "")


def test_reading_leaves_the_session_clean(browser, filed):
    browser("officer").get(f"/customer/requests/{filed}")
    assert not db.session.new and not db.session.dirty
