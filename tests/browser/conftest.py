"""A whole portal on real processes (web, worker, tick, queue) with the demonstration, and a real browser before it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Playwright, Response, sync_playwright

from tests.servers import chromium_path, free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
DESKTOP, TABLET, PHONE = (1280, 900), (820, 1180), (360, 740)


@dataclass
class House:
    """A running portal: its address, its data, and the one password of the demonstration's people."""

    url: str
    data_dir: Path
    password: str


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("house")) as house:
        yield house


@contextmanager
def running(data_dir: Path, **settings: str) -> Iterator[House]:
    """A portal with the demonstration, until the block ends."""
    port = free_port()
    environ = os.environ | {"DATA_DIR": str(data_dir), "BIND": f"127.0.0.1:{port}", "LOG_LEVEL": "WARNING"} | settings
    environ.pop("REDIS_URL", None)
    log = (data_dir / "log").open("wb")
    serve = [sys.executable, "-m", "scripts.serve"]
    process = subprocess.Popen(serve, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/healthz", process, data_dir / "log")
        first = (data_dir / "demo-logins").read_text(encoding="utf-8").splitlines()[0]
        yield House(url, data_dir, first.split("\t")[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310 our own server
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the portal did not start:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """No longer than a module: it keeps an event loop running, which other tests cannot do with."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM)
    yield browser
    browser.close()


def _posted(response: Response) -> bool:
    return response.request.method == "POST"


class Visitor:
    """One person at one screen. Whatever the console or the server complains about is kept."""

    def __init__(self, house: House, page: Page) -> None:
        self.house, self.page, self.complaints = house, page, []
        page.set_default_timeout(30_000)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._watch)

    def _listen(self, message) -> None:
        if message.type in ("error", "warning") and "422" not in message.text and "409" not in message.text:
            self.complaints.append(message.text)

    def _watch(self, response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, path: str) -> None:
        self.page.goto(self.house.url + path)

    def sign_in(self, key: str) -> None:
        self.open("/sign-in")
        self.page.fill("[name=email]", f"{key}@example.com")
        self.page.fill("[name=password]", self.house.password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def submit(self, form: str, ends_at: str | None = None) -> None:
        """Press the form's button; wait for the page that follows, where one does."""
        self.page.wait_for_load_state()
        button = self.page.locator(f"{form} button[type=submit]").last
        if ends_at is None:
            button.click()
            return
        with self.page.expect_navigation(url=ends_at), self.page.expect_response(_posted) as answer:
            button.click()
        assert answer.value.status < 400, f"{answer.value.status} {answer.value.url}"

    def wait_for_text(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()


@pytest.fixture
def visitor(house: House, chromium: Browser, tmp_path: Path):
    """`with visitor("officer", size=TABLET, language="zh") as v:` somebody signed in, in a browser of their own."""
    return visitors(house, chromium, tmp_path)


def visitors(house: House, chromium: Browser, tmp_path: Path):
    """How people come to `house`. When the test fails, the page it failed on is left as failure.png in `tmp_path`."""

    @contextmanager
    def come(key: str | None, *, size: tuple[int, int] = DESKTOP, language: str = "zh") -> Iterator[Visitor]:
        locale = "zh-CN" if language == "zh" else "en-GB"
        viewport = {"width": size[0], "height": size[1]}
        context = chromium.new_context(viewport=viewport, locale=locale, has_touch=size != DESKTOP)
        made = Visitor(house, context.new_page())
        if key:
            made.sign_in(key)
        try:
            yield made
            assert made.complaints == []
        except BaseException:
            made.page.screenshot(path=tmp_path / "failure.png", full_page=True)
            raise
        finally:
            context.close()

    return come
