"""Amounts of a quotation."""

from decimal import Decimal

import pytest

from portal.domain.plans.money import capitals, net_and_tax


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (110, "壹元壹角整"),
        (1003, "壹拾元零叁分"),
        (123450, "壹仟贰佰叁拾肆元伍角整"),
        (100_000_00, "壹拾万元整"),
        (100_050_00, "壹拾万零伍拾元整"),
        (1_000_000_01, "壹佰万元零壹分"),
        (10_100_000_01, "壹仟零壹拾万元零壹分"),
        (600_000_000_005, "陆拾亿元零伍分"),
        (12_345_678_901_23, "壹佰贰拾叁亿肆仟伍佰陆拾柒万捌仟玖佰零壹元贰角叁分"),
        (1_000_000_000_010_00, "壹万亿零壹拾元整"),
    ],
)
def test_an_amount_in_capitals(fen, text):
    assert capitals(fen) == text


@pytest.mark.parametrize("fen", [-1, 10**17])
def test_what_has_no_capitals_is_refused(fen):
    with pytest.raises(ValueError, match="capitals"):
        capitals(fen)


@pytest.mark.parametrize(
    ("quantity", "unit_price", "tax_rate", "expected"),
    [
        ("1", 48_000, 1300, (48_000, 6_240)),
        ("1.5", 30_000, 600, (45_000, 2_700)),
        ("0.5", 1, 1300, (1, 0)),  # a half goes up
        ("3", 333, 1300, (999, 130)),  # 129.87
        ("0", 100, 1300, (0, 0)),
    ],
)
def test_a_line_is_rounded_half_up(quantity, unit_price, tax_rate, expected):
    assert net_and_tax(Decimal(quantity), unit_price, tax_rate) == expected
