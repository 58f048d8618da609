"""The component page as people see it: nothing overflows, nothing shifts, everybody can use it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

WIDTHS = (360, 820, 1280, 1920)
PATHS = ("/components/staff", "/components/customer", "/components/technician", "/error/404")


@pytest.mark.parametrize(
    ("path", "language", "theme", "width"),
    [
        ("/components/staff", "en", "light", 1280),
        ("/components/staff", "zh-CN", "dark", 820),
        ("/components/customer", "zh-CN", "light", 360),
        ("/components/customer", "en", "dark", 1280),
        ("/components/technician", "zh-CN", "light", 820),
        ("/components/technician", "en", "dark", 360),
        ("/error/500", "en", "light", 820),
        ("/error/404", "zh-CN", "dark", 360),
    ],
)
def test_axe_finds_nothing(visit, path, language, theme, width):
    page = visit(path, language=language, theme=theme, width=width)
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_the_screen(visit, path, language):
    page = visit(path, language=language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


SMALL_TARGETS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(element => element.checkVisibility({ visibilityProperty: true }))
  .map(element => element.matches('[type=checkbox], [type=radio]') ? element.closest('label') : element)
  .filter(element => element.offsetWidth && Math.min(element.offsetWidth, element.offsetHeight) < 44)
  .map(element => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("path", PATHS)
def test_a_finger_finds_every_target_on_a_tablet(visit, path):
    page = visit(path, language="zh-CN", width=820, touch=True)
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("path", PATHS)
def test_the_page_does_not_jump_while_it_loads(visit, path):
    page = visit(path, width=820)
    shift = page.evaluate(
        """() => new Promise(resolve => { let sum = 0
          new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value })
            .observe({ type: 'layout-shift', buffered: true })
          setTimeout(() => resolve(sum), 300) })"""
    )
    assert shift <= 0.05


def test_the_first_page_is_light(visit):
    page = visit("/components/customer")
    sizes = page.evaluate("performance.getEntriesByType('resource').map(entry => [entry.name, entry.encodedBodySize])")
    assert sum(size for _, size in sizes) <= 130_000, sizes


def test_print_leaves_out_what_is_only_for_the_screen(visit):
    page = visit("/components/staff")
    page.emulate_media(media="print", color_scheme="dark")
    for chrome in (".top", ".rail", ".filter-bar", ".toasts", ".form"):
        assert not page.locator(chrome).first.is_visible()
    assert page.locator(".table thead").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 33, 44)"


@pytest.mark.parametrize(("width", "small"), [(390, True), (820, False), (1280, False)])
def test_the_main_navigation_stands_there_or_opens_at_a_press(visit, width, small):
    page = visit("/components/staff", width=width, touch=small)
    navigation, button = page.locator("#nav"), page.locator("[popovertarget=nav]")
    assert (navigation.is_visible(), button.is_visible()) == (not small, small)
    if small:
        button.click()
        assert navigation.is_visible()
        page.keyboard.press("Escape")
        assert not navigation.is_visible()
