"""Codes of devices are read whoever issued them and however they were scanned; what is wrong is said exactly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalog.udi import Issuer, Unreadable, agreed, read, recognise
from portal.domain.catalog.udi.gs1 import check_digit

GS = "\x1d"
DI = "06901234567892"
FULL = f"01{DI}112501011728063010LOT7{GS}21SN9"
ALL_OF_IT = ("LOT7", "SN9", date(2025, 1, 1), date(2028, 6, 30))


def facts(reading):
    return reading.lot, reading.serial, reading.made_on, reading.expires_on


@pytest.mark.req("WAR-10")
@pytest.mark.parametrize(
    "scan",
    [
        FULL,
        f"]d2{FULL}",
        f"]C1{FULL}",
        f"]Q3{FULL}",
        f"{GS}{FULL}{GS}",
        *(FULL.replace(GS, sent) for sent in ("|", "^", "{GS}", "{gs}", "<GS>", "[GS]", "\u241d", "\\x1d")),
        f"(01){DI}(11)250101(17)280630(10)LOT7(21)SN9",
        f"  (01) {DI} (11) 250101 (17) 280630 (10) LOT7 (21) SN9 ",
        f"（01）{DI}（11）250101（17）280630（10）LOT7（21）SN9",
        f"https://id.gs1.org/01/{DI}/10/LOT7/21/SN9?11=250101&17=280630",
        f"HTTPS://example.cn/goods/01/{DI}/10/LOT7/21/SN9?17=280630&11=250101",
    ],
)
def test_a_gs1_code_fills_product_lot_dates_and_serial_however_it_is_sent(scan):
    reading = read(scan)
    assert (reading.issuer, reading.di) == (Issuer.GS1, DI)
    assert facts(reading) == ALL_OF_IT
    assert reading.production == "(11)250101(17)280630(10)LOT7(21)SN9"


def test_day_00_is_the_last_of_its_month():
    assert read(f"01{DI}17280200").expires_on == date(2028, 2, 29)
    assert read("MA.156.M0.100204.13351764.E270200").expires_on == date(2027, 2, 28)


def test_the_scan_is_kept_with_its_separators_visible():
    assert read(f"]d2{FULL}").raw == f"]d2{FULL.replace(GS, '|')}"


def test_what_else_a_code_carries_is_kept():
    assert read(f"01{DI}3012{GS}240REF-1").others == (("30", "12"), ("240", "REF-1"))


@pytest.mark.parametrize(("scan", "di"), [("6901234567892", DI), (DI, DI), ("012345678905", "00012345678905")])
def test_a_bare_trade_item_number_names_the_product(scan, di):
    assert read(scan).di == di == recognise(scan).di


def test_the_code_of_a_package_leads_to_the_unit_inside():
    package = "1690123456789" + str(check_digit("1690123456789"))
    assert read(package).dis == (package, DI)
    assert read(DI).dis == (DI, DI[1:])


def test_without_separators_every_possible_way_is_told():
    reading = read(f"01{DI}17280630" + "10LOT721SN9")
    assert {(way.lot, way.serial) for way in reading.all_ways} == {("LOT721SN9", ""), ("LOT7", "SN9")}
    assert agreed(reading.all_ways, "expires_on") == date(2028, 6, 30)
    assert agreed(reading.all_ways, "serial") is None
    assert all(way.ways == () for way in reading.all_ways)


def test_a_lot_too_long_to_be_one_is_parted_where_it_can_be():
    reading = read(f"01{DI}10LOT-2026-00017" + "21SERIAL-000042")
    assert (reading.lot, reading.serial) == ("LOT-2026-00017", "SERIAL-000042")


def test_one_variable_part_at_the_end_needs_no_separator():
    assert read(f"01{DI}1125010121AB3").ways == ()


@pytest.mark.req("WAR-10")
@pytest.mark.parametrize(
    "scan",
    [
        "MA.156.M0.100204.13351764.SX00008.M260117.LA2601.E280116.C3",
        "MA.156.M0.100204.13351764.LA2601.P20260117.SX00008.V20280116",
        "]Q1ma.156.m0.100204.13351764.SX00008.M260117.LA2601.E280116.C3",
        "https://c.idcode.org.cn/?c=MA.156.M0.100204.13351764.SX00008.M260117.LA2601.E280116",
    ],
)
def test_a_code_of_ma_is_read(scan):
    reading = read(scan)
    assert (reading.issuer, reading.di) == (Issuer.MA, "MA.156.M0.100204.13351764")
    assert facts(reading) == ("A2601", "X00008", date(2026, 1, 17), date(2028, 1, 16))
    assert reading.dis == (reading.di,)


@pytest.mark.req("WAR-10")
@pytest.mark.parametrize(
    "scan", ["MF6901234567BNLOT7*SN0001*MD260117ED280116", "MF6901234567*BALOT7*MD260117*SN0001*BD280116*PL1"]
)
def test_a_code_of_ali_health_is_read(scan):
    reading = read(scan)
    assert (reading.issuer, reading.di) == (Issuer.AHM, "MF6901234567")
    assert facts(reading) == ("LOT7", "0001", date(2026, 1, 17), date(2028, 1, 16))


@pytest.mark.req("WAR-10")
@pytest.mark.parametrize(
    ("scan", "what"),
    [
        ("0106901234567893", "digit 14 is 3 and should be 2"),
        ("(01)06901234567893(21)A", "digit 14 is 3 and should be 2"),
        ("https://id.gs1.org/01/06901234567893/21/A", "digit 14 is 3 and should be 2"),
        ("6901234567890", "digit 13 is 0 and should be 2"),
        (f"01{DI}17281301", "The part (17)"),
        (f"(01){DI}(17)281301", "The part (17)"),
        (f"01{DI}21", "The part (21)"),
        ("(10)LOT7(21)SN9", "the part (01) is missing"),
        (f"10LOT7{GS}21SN9", "the part (01) is missing"),
        ("(01)0690123456789(10)A", "The part (01)"),
        ("(9)", "is no code of a device"),
        ("MA.156.M0.1002.13351764.S1", "not a complete MA code"),
        ("MA.156.M0.100204.13351764.E281340", "The part E of this code is no date: 281340"),
        ("MF6901234567BNLOT7*XX1", "“*XX1” is none of its parts"),
        ("MF6901234567ED281301", "The part ED of this code is no date"),
        ("SN-0421", "is no code of a device"),
        ("", "is no code of a device"),
        ("x" * 500, "longer than any code"),
    ],
)
def test_what_is_wrong_is_said_exactly_and_with_the_way_on(scan, what):
    with pytest.raises(Unreadable) as refusal:
        read(scan)
    text = str(refusal.value.message)
    assert what in text and ("serial number" in text)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "呼吸机",
        "RHV52301001",
        "0421",
        "13817700421",
        "021-6482 1166",
        "06901234567893",
        "RK-SR-2026-00001",
        "监护仪|呼吸机",
    ],
)
def test_what_people_type_into_a_search_is_not_taken_for_a_code(typed):
    assert recognise(typed) is None


def test_what_can_only_be_a_code_is_not_searched_for_as_words():
    assert recognise(FULL).serial == "SN9"
    with pytest.raises(Unreadable):
        recognise("0106901234567893")


@given(st.text(max_size=60))
def test_anything_at_all_is_read_or_refused_in_words(text):
    try:
        reading = read(text)
    except Unreadable as refusal:
        assert str(refusal.message)
    else:
        assert reading.di


@given(st.integers(0, 10**13 - 1), st.integers(0, 9))
def test_only_the_right_check_digit_passes(payload, last):
    digits = f"{payload:013d}"
    if last == check_digit(digits):
        assert read(f"01{digits}{last}").di == f"{digits}{last}"
    else:
        with pytest.raises(Unreadable, match=f"should be {check_digit(digits)}"):
            read(f"01{digits}{last}")


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=20),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=20),
)
def test_lot_and_serial_come_back_with_a_separator_and_are_among_the_ways_without(lot, serial):
    reading = read(f"01{DI}10{lot}{GS}21{serial}")
    assert (reading.lot, reading.serial) == (lot, serial)
