"""What a reading means: numbers as people type them, and limits that belong to what passes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.db import Text2
from portal.core.errors import NotValid
from portal.domain.checklists.judging import Entry, against_limits, judge, limits, number
from portal.domain.checklists.models import ChecklistItem
from portal.domain.checklists.words import Group, ItemKind, Outcome


def measured(lower=None, upper=None, warn=(None, None), **values):
    bounds = [None if bound is None else Decimal(bound) for bound in (lower, upper, *warn)]
    names = ("lower", "upper", "warn_lower", "warn_upper")
    fields = {
        "group": Group.PERFORMANCE,
        "kind": ItemKind.NUMBER,
        "name": Text2("潮气量", "Tidal volume"),
        "decimals": 0,
    }
    return ChecklistItem(**fields | {"unit": "mL"} | dict(zip(names, bounds, strict=True)) | values)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("480", "480"), (" 4.85 ", "4.85"), ("9,8", "9.8"), ("－0.5", "-0.5"), ("４８０．５", "480.5"), ("+3", "3")],
)
def test_a_number_is_read_however_it_is_typed(typed, value):
    assert number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "abc", "4.8.5", "1e9", "NaN", "480 mL", "<5", "--1", "1" * 13])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NotValid, match="not a number"):
        number(typed)


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("425", Outcome.WARNING),
        ("424.9", Outcome.FAIL),
        ("450", Outcome.PASS),
        ("449.9", Outcome.WARNING),
        ("550", Outcome.PASS),
        ("550.1", Outcome.WARNING),
        ("575", Outcome.WARNING),
        ("575.01", Outcome.FAIL),
    ],
)
@pytest.mark.req("QCR-7")
def test_limits_and_the_marks_near_them_belong_to_what_passes(typed, outcome):
    assert judge(measured("425", "575", ("450", "550")), Entry(typed)).outcome is outcome


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_value_fails_exactly_when_it_is_outside(value):
    outside = value < 9 or value > 11
    assert (against_limits(measured("9", "11"), value) is Outcome.FAIL) == outside


def test_what_does_not_apply_needs_its_reason():
    with pytest.raises(NotValid, match="why it does not apply"):
        judge(measured("1", "2"), Entry(skipped=True))
    judged = judge(measured("1", "2"), Entry("7", skipped=True, reason="无电池"))
    assert (judged.outcome, judged.reason, judged.typed) == (Outcome.NOT_APPLICABLE, "无电池", "")


def test_a_choice_passes_as_its_answer_says():
    answers = [{"zh": "完好", "en": "Whole", "passes": True}, {"zh": "破损", "en": "Damaged", "passes": False}]
    item = measured(kind=ItemKind.CHOICE, choices=answers)
    assert judge(item, Entry("0")).outcome is Outcome.PASS
    assert judge(item, Entry("1")).outcome is Outcome.FAIL
    for typed in ("2", "-1", "x", "٣"):
        with pytest.raises(NotValid):
            judge(item, Entry(typed))


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (measured("425", "575"), "425 … 575 mL"),
        (measured(upper="500", unit="uA"), "≤ 500 μA"),
        (measured("2", unit="MOhm"), "≥ 2 MΩ"),
        (measured("9", "11", unit="cm[H2O]", decimals=1), "9.0 … 11.0 cmH2O"),
        (measured(upper="0.25", unit="Ohm", decimals=1), "≤ 0.25 Ω"),
        (measured("1", "2", unit="1"), "1 … 2"),
        (measured(), ""),
    ],
)
def test_limits_are_said_as_people_write_them(item, said):
    assert limits(item) == said
