"""The camera as a scanner, in a real browser: a code before it, or in a photo, leads to the device."""

import io
import os
import threading

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import PASSWORD
from tests.servers import chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIAL = "RHV5-CAMERA"
CODE = f"0106931234500018112601171728011610LOT7\x1d21{SERIAL}"


def picture(text: str) -> Image.Image:
    """What a camera sees: the code on a light ground."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=6, border=4)
    scene = Image.new("RGB", (640, 480), "#d8d2c8")
    scene.paste(Image.open(code).convert("RGB"), (120, 60))
    return scene


def jpeg(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=92)
    return data.getvalue()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """A browser whose camera films the code."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium here")
    film = tmp_path_factory.mktemp("film") / "film.mjpeg"
    film.write_bytes(jpeg(picture(CODE)) * 30)
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=[*root, *camera])
        yield made
        made.close()


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def visit(address, chromium):
    """`visit(path, camera=True)` opens a page of the desk, which stays free of errors; `loaded` is what it fetched."""
    contexts, troubles = [], []

    def open_page(path, *, camera=True):
        context = chromium.new_context(locale="en-GB", permissions=["camera"] if camera else [])
        contexts.append(context)
        page = context.new_page()
        page.loaded = []
        page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: page.loaded.append(request.url))
        page.goto(f"{address}/sign-in")
        page.fill("[name=email]", "desk2@example.com")
        page.fill("[name=password]", PASSWORD)
        page.click("form:has([name=password]) button[type=submit]")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(f"{address}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.mark.req("WAR-10", "INT-10")
def test_what_the_camera_reads_in_the_search_is_looked_for(visit):
    page = visit("/desk/devices")
    assert not any("scan" in url or "zxing" in url for url in page.loaded)
    page.locator(".top-search [data-scan]").click()
    expect(page.locator("#scan video")).to_be_visible()
    expect(page.locator("h2", has_text="What was read")).to_be_visible(timeout=20_000)
    assert SERIAL in page.inner_text("#read") and "LOT7" in page.inner_text("main")
    assert all(url.startswith(page.url[:17]) for url in page.loaded if not url.startswith(("blob:", "data:")))


def test_the_camera_fills_the_form_of_a_new_device(visit, session):
    page = visit("/desk/devices/new")
    page.locator(".card-row").first.click()
    page.fill("[name=room]", "5-12")
    page.locator("#register [data-scan]").click()
    expect(page.locator("[name=serial]")).to_have_value(SERIAL, timeout=20_000)
    expect(page.locator("[name=lot]")).to_have_value("LOT7")
    expect(page.locator("[name=expires_on]")).to_have_value("2028-01-16")
    expect(page.locator("[name=room]")).to_have_value("5-12")
    assert "Ventilator" in page.locator("[name=product] option:checked").inner_text()


def test_a_scanner_that_types_and_ends_with_enter_does_the_same(visit):
    page = visit("/desk/devices/new")
    page.locator(".card-row").first.click()
    page.locator("[name=code]").focus()
    page.keyboard.type(CODE.replace("\x1d", "^"))
    page.keyboard.press("Enter")
    expect(page.locator("[name=serial]")).to_have_value(SERIAL)


def test_without_a_camera_a_photo_does(visit, device):
    page = visit("/desk/requests/new", camera=False)
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no')) }")
    page.locator("main [data-scan]").click()
    expect(page.locator("#scan [role=status]")).to_contain_text("Take a photo of the code instead")
    blank = jpeg(Image.new("RGB", (320, 240), "white"))
    page.set_input_files("#scan input", {"name": "blank.jpg", "mimeType": "image/jpeg", "buffer": blank})
    expect(page.locator("#scan [role=status]")).to_contain_text("No code was found")
    photo = jpeg(picture(f"https://portal.example.com/d/{device.label_code}"))
    page.set_input_files("#scan input", {"name": "label.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.wait_for_url(f"**/desk/requests/new?device={device.number}")
