"""A character that no typeface has is named before anything is printed."""

import pytest

from portal.core.documents import Unprintable, check_printable, unprintable

UNKNOWN = "\U0002a6d6"
HEBREW = "\u05d0"


@pytest.mark.parametrize(
    "text", ["维修 report 7.5 mV", "䶮龘㐂", "𠮷𬎆", "SpO₂ ≤ 95 % ⌀ 5 ㎜ ±0.1 ℃ Ω µ", "✔ ☐ ☑ ✘ ⚠", "🙏👍🏻"]
)
def test_what_people_type_can_be_printed(text):
    assert unprintable(text) == []


def test_line_breaks_and_invisible_marks_need_no_glyph():
    assert unprintable("a\tb\r\nc\u00a0d\u3000e\u200bf\ufeffg\u00adh葛\U000e0100") == []


def test_unknown_characters_are_named_once_and_in_order():
    assert unprintable(f"王{HEBREW}{UNKNOWN}{HEBREW}") == ["U+05D0", "U+2A6D6"]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u2067", "\ue000", "\ufffe"])
def test_controls_and_marks_that_turn_the_reading_direction_cannot_be_printed(character):
    assert unprintable(f"10{character}20") == [f"U+{ord(character):04X}"]


def test_the_place_in_the_payload_is_told():
    payload = {"customer": {"name": f"王{UNKNOWN}"}, "visits": [{"text": "好"}, {"text": HEBREW}], "count": 3}
    assert check_printable(payload) == {"customer.name": ["U+2A6D6"], "visits[1].text": ["U+05D0"]}


def test_the_failure_says_it_in_one_sentence():
    failure = Unprintable({"customer.name": ["U+2A6D6"]})
    assert str(failure.message) == "U+2A6D6 cannot be printed (in customer.name)"
    assert failure.reason == "unprintable"
