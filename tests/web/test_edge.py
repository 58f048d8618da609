"""What is refused at the edge, and the headers that every answer carries."""

import pytest

from portal.settings import load
from portal.web.headers import CSP
from tests.conftest import PASSWORD
from tests.web.conftest import REPORT, sent

PAGES = ["/", "/sign-in", "/reset", "/customer/", "/customer/devices", "/nowhere", "/healthz", "/static/css/portal.css"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(browser, path):
    headers = browser("officer").get(path).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in headers or "Python" not in headers["Server"]


def test_the_policy_lets_nothing_inline_and_nothing_from_elsewhere_in():
    assert "unsafe-inline" not in CSP and "unsafe-eval" not in CSP.replace("wasm-unsafe-eval", "")
    assert "http:" not in CSP and "https:" not in CSP and "*" not in CSP


def test_the_camera_is_for_our_own_pages_and_its_reader_is_a_module_of_the_browser(stranger):
    assert "camera=(self)" in stranger.get("/sign-in").headers["Permissions-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in CSP
    reader = stranger.get("/static/vendor/zxing_reader.wasm", headers={"Accept-Encoding": "gzip"})
    assert reader.mimetype == "application/wasm" and reader.headers["Content-Encoding"] == "gzip"
    assert len(reader.data) < 450_000


@pytest.mark.parametrize("path", ["/sign-in", "/customer/", "/customer/devices", "/nowhere"])
def test_pages_are_kept_by_nobody_and_differ_by_reader_and_part(browser, path):
    headers = browser("officer").get(path).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "HX-Request", "HX-Request-Type"} <= set(map(str.strip, headers["Vary"].split(",")))


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger):
    answer = stranger.post("/sign-in", data={"email": "officer@example.com", "password": PASSWORD})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("session="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_behind_https_cookies_are_secure_and_the_browser_is_told_to_stay(tmp_path):
    from portal import create_app

    app = create_app(load({"DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://care.example"}))
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_SECURE"]
    assert "max-age" in app.test_client().get("/healthz").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_another_site_cannot_post(browser, device, site):
    officer, path = browser("officer"), f"/customer/devices/{device.number}/report"
    assert officer.post(path, sent(**REPORT), headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_can(browser, device, site):
    officer, path = browser("officer"), f"/customer/devices/{device.number}/report"
    assert officer.post(path, sent(**REPORT), headers={"Sec-Fetch-Site": site}).status_code == 303


def test_a_form_without_its_token_is_refused(app, browser, device):
    officer = browser("officer")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = officer.post(f"/customer/devices/{device.number}/report", sent(**REPORT))
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/customer/requests/%00", "/customer/requests?at=%00", "/customer/requests?x=a%00b", "/sign-in?next=/%00"],
)
def test_a_nul_in_an_address_is_refused(browser, path):
    assert browser("officer").get(path).status_code == 400


@pytest.mark.parametrize("name", ["symptom", "contact_name", "idempotency_key", "\0"])
def test_a_nul_in_a_form_is_refused(browser, device, name):
    answer = browser("officer").post(f"/customer/devices/{device.number}/report", sent(**REPORT) | {name: "a\0b"})
    assert answer.status_code == 400


def test_a_nul_in_a_files_name_is_refused_or_cleaned(browser, device):
    body = (
        b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a\0b.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\r\n--b--\r\n"
    )
    path = f"/customer/devices/{device.number}/report"
    answer = browser("officer").client.post(path, data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("path", ["/customer/requests/%ED%A0%80", "/customer/requests?at=%ED%A0%80", "/%FF%FE", "/%"])
def test_bytes_that_are_no_text_are_no_failure(browser, path):
    assert browser("officer").get(path).status_code in (400, 404, 422)


@pytest.mark.parametrize("value", ["", "9" * 40, "-1", "eyJ2IjoxfQ", "W10", "bnVsbA", "a" * 5000, "%F0%9F%98%80"])
def test_a_cursor_that_we_did_not_write_is_no_failure(browser, value):
    assert browser("officer").get(f"/customer/requests?at={value}").status_code in (200, 422)


@pytest.mark.parametrize("number", ["1" * 30, "-1", "0", "1e9", "９"])
def test_a_number_beyond_all_numbers_is_not_found(browser, number):
    assert browser("officer").post(f"/inbox/{number}/open").status_code == 404


def test_a_body_that_is_too_large_is_answered_by_a_plain_page(browser, device):
    path = f"/customer/requests/{device.number}/cancel"
    answer = browser("officer").post(path, {"reason": "x" * 26 * 2**20})
    assert answer.status_code == 413
    assert "<h1" in answer.text and "Traceback" not in answer.text


def test_a_form_of_too_many_fields_is_refused(browser, device):
    fields = {f"f{n}": "x" for n in range(1100)}
    path = f"/customer/devices/{device.number}/report"
    answer = browser("officer").client.post(path, data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/%5Cevil.example",
        "/\t/evil.example",
        " //evil.example",
        "https:///evil.example",
        "http://[",
    ],
)
def test_signing_in_never_leads_to_another_house(stranger, target):
    form = {"email": "officer@example.com", "password": PASSWORD}
    answer = stranger.post("/sign-in", query_string={"next": target}, data=form)
    assert answer.status_code == 303
    assert answer.location.startswith("/") and not answer.location.startswith(("//", "/\\", "/\t"))
    answer = stranger.post("/language", data={"language": "en", "next": target})
    assert answer.location.startswith("/") and not answer.location.startswith(("//", "/\\", "/\t"))


def test_signing_in_leads_back_to_where_one_came_from(stranger):
    asked = stranger.get("/customer/requests?state=open")
    assert asked.status_code == 303
    answer = stranger.post(asked.location, data={"email": "officer@example.com", "password": PASSWORD})
    assert answer.location == "/customer/requests?state=open"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_not_known(browser, method):
    assert browser("officer").client.open("/customer/", method=method).status_code in (405, 501)
