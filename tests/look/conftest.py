"""The stage and a browser in front of it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.look import stage
from tests.servers import chromium_path


@dataclass
class Stage:
    app: Flask
    address: str
    posts: list[dict[str, Any]]


@pytest.fixture(scope="module")
def staged() -> Iterator[Stage]:
    app, posts = stage.make()
    with stage.served(app) as address:
        yield Stage(app, address, posts)


@pytest.fixture
def posts(staged: Stage) -> list[dict[str, Any]]:
    """What reached the server since the test began."""
    staged.posts.clear()
    return staged.posts


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        yield browser
        browser.close()


@pytest.fixture
def visit(staged: Stage, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`visit("/form", language="zh-CN", width=820, …)` opens a page that must stay free of errors in the console."""
    contexts, troubles = [], []

    def open_page(
        path: str, *, language: str = "en", theme: str = "light", width: int = 1280, touch: bool = False
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale=language,
            color_scheme=theme,
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(staged.address + path)
        expect(page.locator("[data-theme-choice][aria-pressed]").first).to_be_attached()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def _is_trouble(message: Any) -> bool:
    """Refusals that a test provokes (422, no connection) are reported by the browser too; they are no trouble."""
    provoked = ("Failed to load resource", "Failed to fetch")
    return message.type in ("error", "warning") and not any(words in message.text for words in provoked)
