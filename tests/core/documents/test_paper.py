"""The parts of the page, as markup."""

import re

import pytest

from tests.core.documents import demo_report
from tests.core.documents.demo_report import TEMPLATES


def cells(facts) -> list[list[str]]:
    table = re.search(r'<table class="facts">.*?</table>', demo_report.page(facts=facts), re.S)[0]
    return [re.findall(r">([^<>\n]+)</(?:th|td)>", row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]


def test_two_facts_make_a_line():
    assert cells([("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]) == [["a", "1", "b", "2"], ["c", "3", "d", "4"]]


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ([("a", "1"), ("b", "2", True), ("c", "3")], [["a", "1"], ["b", "2"], ["c", "3"]]),
        ([("a", "1"), ("b", "2"), ("c", "3", True)], [["a", "1", "b", "2"], ["c", "3"]]),
        ([("a", "1", True), ("b", "2"), ("c", "3")], [["a", "1"], ["b", "2", "c", "3"]]),
    ],
)
def test_a_wide_fact_has_a_line_of_its_own_and_a_lonely_one_fills_it(facts, lines):
    assert cells(facts) == lines


def test_every_line_of_facts_fills_the_table():
    html = demo_report.page(facts=[("a", "1"), ("b", "2", True), ("c", "3")])
    table = re.search(r'<table class="facts">.*?</table>', html, re.S)[0]
    assert table.count('colspan="3"') == 3


def test_the_frame_carries_number_hash_address_and_moment():
    html = demo_report.page()
    sheet = demo_report.sheet()
    for expected in (sheet.number, sheet.content_hash, sheet.address, "2026-11-02T08:30:00Z", 'lang="zh-CN"'):
        assert expected in html
    assert sheet.qr.path in html


def test_values_are_escaped():
    assert "<b>" not in demo_report.page(fault="<b>bold</b>")


def test_nothing_is_marked_safe_or_styled_in_place():
    for template in TEMPLATES.joinpath("documents").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "style=" not in text
