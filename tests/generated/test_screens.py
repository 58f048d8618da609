"""Every page in a real browser, in Chinese at a tablet's width and in English at a desk's: nobody is shut out by how it
is made, nothing is wider than the screen, and the console stays empty."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.generated.house import NOBODY
from tests.generated.matrix import READERS, Address, written
from tests.generated.test_pages import speak
from tests.look.stage import served
from tests.servers import chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

NO_SCREEN = (".pdf", "/files/", "/photo", "/healthz", "/readyz", "/language/")
"""Addresses that answer with something else than a page."""

PHONE = 360
ON_A_PHONE = ("/customer/", "/verify", "/d/", "/sign-in")


def readers(found: list[Address]) -> dict[str, list[str]]:
    """Reader → the pages that this one looks at: each route once, by the one in the middle of all who may."""
    chosen: dict[str, list[str]] = {}
    for address in {address.rule: address for address in found if address.method == "GET"}.values():
        if any(part in address.path for part in NO_SCREEN):
            continue
        admitted = [reader for reader in READERS if written()[address.title][reader] == "200"]
        if admitted:
            chosen.setdefault(admitted[len(admitted) // 2], []).append(address.path)
    return chosen


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if root else []
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        yield browser
        browser.close()


@pytest.mark.parametrize(("language", "width", "theme"), [("zh", 820, "light"), ("en", 1280, "dark")])
def test_every_page_serves_everybody_on_every_screen(told, known, chromium, language, width, theme):
    told.reset()
    speak(told, language)
    faults: list[str] = []
    with served(told.app) as url:
        for reader, paths in readers(known).items():
            context = chromium.new_context(
                viewport={"width": width, "height": 1100}, color_scheme=theme, reduced_motion="reduce"
            )
            if reader != NOBODY:
                context.add_cookies([{"name": "session", "value": told.cookies[reader], "url": url}])
            page = context.new_page()
            listen(page, faults)
            for path in paths:
                faults += [f"{reader} {path}: {fault}" for fault in shortcomings(page, url + path, width)]
            context.close()
    assert not faults, "\n".join(faults)


def listen(page: Page, faults: list[str]) -> None:
    """Keep what the browser complains about; its advice is left aside."""
    heard = ("error", "warning")
    page.on("console", lambda m: faults.append(f"{page.url}: {m.text}") if m.type in heard else None)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))


def shortcomings(page: Page, address: str, width: int) -> Iterator[str]:
    answer = page.goto(address, wait_until="load")
    if answer.status != 200:
        yield f"answered {answer.status}"
        return
    if not answer.headers["content-type"].startswith("text/html"):
        yield f"answered {answer.headers['content-type']}: no page, so it belongs to NO_SCREEN"
        return
    for violation in Axe().run(page).response["violations"]:
        yield f"{violation['id']}: {[node['html'][:160] for node in violation['nodes']][:3]}"
    yield from too_wide(page, width)
    if address.split("/", 3)[3].startswith(tuple(each[1:] for each in ON_A_PHONE)):
        page.set_viewport_size({"width": PHONE, "height": 800})
        yield from too_wide(page, PHONE)
        page.set_viewport_size({"width": width, "height": 1100})


def too_wide(page: Page, width: int) -> Iterator[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"{wide} px wide on a screen of {width}"
