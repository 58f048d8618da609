"""What the scripts add, in a real browser: asked before harm, sent once, nothing typed is lost."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def picture() -> dict:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "steelblue").save(data, "PNG")
    return {"name": "plate.png", "mimeType": "image/png", "buffer": data.getvalue()}


def test_a_double_click_sends_once(visit, posts):
    page = visit("/form")
    page.fill("#title", "Alarm E-42")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert len(posts) == 1
    assert posts[0]["idempotency_key"] == "a-key"


def test_a_refused_form_keeps_what_was_typed_and_takes_the_focus_to_the_field(visit, posts):
    page = visit("/form")
    page.fill("#secret", "quiet")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#title")).to_be_focused()
    page.get_by_role("link", name="Title: Say what it is about.").click()
    expect(page.locator("#title")).to_be_focused()


def test_after_a_verb_that_reads_the_page_again_the_focus_is_not_lost(visit, posts):
    page = visit("/form")
    page.get_by_role("button", name="Stop").first.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="Stage")).to_be_focused()


def test_what_can_not_be_undone_asks_first(visit, posts):
    page = visit("/form")
    for verb in ("Stop", "Retire"):
        page.get_by_role("button", name=verb).first.click()
        expect(page.get_by_role("dialog")).to_contain_text(f"{verb} device V-100?")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert posts == []


@pytest.mark.parametrize("verb", ["Stop", "Retire"])
def test_after_a_no_one_may_still_say_yes(visit, posts, verb):
    page = visit("/form")
    page.get_by_role("button", name=verb).first.click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name=verb).first.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=verb).click()
    assert len(posts) == 1


def test_leaving_with_unsent_typing_warns(visit):
    page = visit("/form")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#title").press_sequentially("half a")
    page.get_by_role("link", name="Requests").first.click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    assert page.input_value("#title") == "half a"


def test_a_lost_connection_is_said_and_nothing_is_lost(visit, posts):
    page = visit("/form")
    page.fill("#title", "Alarm E-42")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toasts .toast")).to_contain_text("No connection")
    assert page.input_value("#title") == "Alarm E-42"
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toasts")).to_contain_text("Saved")
    assert len(posts) == 1


def test_chosen_photos_are_seen_added_and_taken_back(visit, posts):
    page = visit("/form")
    page.set_input_files("#photos", [picture()])
    page.set_input_files("#photos", [{"name": "big.pdf", "mimeType": "application/pdf", "buffer": b"%" * 2_000_000}])
    expect(page.locator(".upload-file")).to_have_count(2)
    expect(page.locator(".upload-file").nth(1)).to_contain_text("larger than 1 MB")
    page.get_by_role("button", name="Remove big.pdf").click()
    expect(page.locator(".upload-file")).to_have_count(1)
    page.fill("#title", "Plate")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert [name for name, _ in posts[0]["files"]["photos"]] == ["plate.png"]


def sign(page):
    page.locator(".signature-canvas").scroll_into_view_if_needed()
    box = page.locator(".signature-canvas").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 90)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 60 + 15 * step, box["y"] + 90 + (-1) ** step * 20)
    page.mouse.up()


def test_a_drawn_signature_travels_as_picture_and_points(visit, posts):
    page = visit("/form")
    page.fill("#title", "Report")
    sign(page)
    expect(page.locator("[data-points]")).to_have_value(re.compile("points"))
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    [(name, size)] = posts[0]["files"]["signature"]
    assert name == "signature.png"
    assert size > 500
    assert '"points"' in posts[0]["signature_points"]


def test_a_cleared_signature_is_not_sent(visit, posts):
    page = visit("/form")
    page.fill("#title", "Report")
    sign(page)
    expect(page.locator("[data-points]")).to_have_value(re.compile("points"))
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-points]")).to_have_value("")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert posts[0]["signature_points"] == ""


def test_the_theme_is_chosen_and_remembered(visit):
    page = visit("/form")
    page.get_by_label("Your menu").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert (
        page.evaluate(
            "getComputedStyle(document.body).colorScheme || getComputedStyle(document.documentElement).colorScheme"
        )
        == "dark"
    )


def test_a_menu_closes_by_escape_and_by_a_press_elsewhere(visit):
    page = visit("/form")
    menu = page.locator("details.person")
    page.get_by_label("Your menu").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", re.compile(""))
    page.get_by_label("Your menu").click()
    page.get_by_role("heading", name="Stage").click()
    expect(menu).not_to_have_attribute("open", re.compile(""))


def test_the_keyboard_searches_goes_moves_and_explains(visit):
    page = visit("/form")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Tab")
    page.locator(".row-link").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".row-link").nth(1)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Requests")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("r")
    assert page.url.endswith("/components/staff")


def test_single_keys_can_be_switched_off(visit):
    page = visit("/form")
    page.keyboard.press("?")
    page.get_by_label("Single keys do something").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_a_password_can_be_seen(visit):
    page = visit("/form")
    page.get_by_role("button", name="Show password").click()
    expect(page.locator("#secret")).to_have_attribute("type", "text")


def test_a_number_is_copied(visit):
    page = visit("/form")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy SR-2026-00031").click()
    expect(page.locator(".toast")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "SR-2026-00031"


def test_a_dialog_opens_by_its_link_and_closes(visit):
    page = visit("/components/staff")
    page.get_by_role("link", name="Open a dialog").click()
    expect(page.get_by_role("dialog")).to_contain_text("A dialog holds one short form.")
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.req("SLA-5")
def test_what_is_left_of_a_promise_grows_less_and_one_that_runs_out_says_so(visit):
    page = visit("/form")
    page.clock.install(time="2026-01-01T00:00:00+00:00")
    page.reload()
    running, badge = page.locator("time[data-left='1800']"), page.locator(".badge:has(time)")
    closing = page.locator("time[data-until$='00:30:00+00:00']")
    page.clock.run_for(30_000)
    expect(running).to_have_text("1 h 30 min left")
    expect(closing).to_have_text("8 h 59 min left")
    page.clock.run_for(30 * 60_000)
    expect(running).to_have_text("1 h left")
    expect(closing).to_have_text("8 h 30 min left")
    page.clock.run_for(3_750_000)
    expect(running).to_have_text("Overdue by 2 min")
    expect(badge).to_have_class("badge bad")
    expect(closing).to_have_text("8 h 30 min left")
