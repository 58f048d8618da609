"""Codes that people read off paper and type."""

from hypothesis import given
from hypothesis import strategies as st

from portal.core import codes


@given(st.integers(1, 20))
def test_a_code_is_read_back_however_it_is_typed(signs):
    code = codes.draw(signs)
    spelt = codes.spell(code)
    assert codes.read(code, signs) == codes.read(f" {spelt.lower()} ", signs) == code


def test_signs_that_look_alike_are_taken_for_the_digit():
    assert codes.read("oOiIlL", 6) == "001111"


def test_what_cannot_be_a_code_is_none():
    assert codes.read("ABCD", 5) is codes.read("ABCDU", 5) is codes.read("é" * 5, 5) is codes.read("", 5) is None


def test_codes_are_spelt_in_groups_of_four():
    assert codes.spell("ABCDEFGHJKMNP") == "ABCD-EFGH-JKMN-P"


def test_no_sign_is_drawn_more_often_than_chance_lets_it():
    drawn = codes.draw(32_000)
    assert set(drawn) == set(codes.ALPHABET) and max(map(drawn.count, codes.ALPHABET)) < 1200
