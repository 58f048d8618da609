"""Every route for everybody: who gets in stands in the matrix, looking changes nothing, nothing is posted unasked."""

import pytest

from tests.generated.house import NOBODY, House, tokens
from tests.generated.matrix import READERS, Address, column, lacking, written

NOTED_BY_READING = {"access_log", "signed_in_session"}
"""Who took which document, and when somebody was last seen: the only things that a look leaves behind."""

STRANGERS = {
    "officer": "there",
    "officer2": "here",
    "ward": "there",
    "technician": "there",
    "technician2": "there",
    "dealer_technician": "here",
    "dealer_desk": "here",
}
"""Reader → the place that is none of theirs."""

HOW = (
    "docs/route_matrix.txt is not what the routes answer. Is it meant so? python -m tests.generated.matrix [/beginning]"
)


def test_every_word_of_an_address_has_a_record_that_stands_for_it(told):
    assert lacking(told.app) == {}, "say in VALUES of tests/generated/matrix.py which record stands for the word"


def test_every_route_has_its_row(found):
    titles = {address.title for address in found}
    assert {"without a row": titles - written().keys(), "gone": written().keys() - titles} == {
        "without a row": set(),
        "gone": set(),
    }, HOW


@pytest.mark.parametrize("reader", READERS)
def test_doors_open_exactly_as_the_matrix_says_and_looking_changes_nothing(told, known, reader):
    told.reset()
    before = told.rows()
    answers = column(told, reader, [address for address in known if address.method == "GET"])
    after = told.rows()
    answers |= column(told, reader, [address for address in known if address.method == "POST"])
    said = {title: written()[title][reader] for title in answers}
    wrong = {title: f"{answers[title]}, said to be {said[title]}" for title in answers if answers[title] != said[title]}
    assert wrong == {}, HOW
    assert {name for name in before if before[name] != after[name]} <= NOTED_BY_READING


def test_the_matrix_lets_nobody_in_where_they_do_not_belong(known):
    for address in known:
        row = written()[address.title]
        for reader, place in STRANGERS.items():
            if address.place == place:
                assert row[reader] in ("403", "404"), f"{reader}: {address.title}"
        if address.place:
            assert row[NOBODY] == "ask", address.title


def test_no_door_fails():
    assert [title for title, row in written().items() if any(verdict.startswith("5") for verdict in row.values())] == []


@pytest.mark.parametrize("reader", ["officer", "manager", NOBODY])
def test_nothing_is_posted_without_the_token(told: House, found: list[Address], reader: str):
    told.reset()
    before, browser = told.rows(), told.browser(reader)
    with tokens(told):
        answers = {a.title: browser.post(a.path).status_code for a in found if a.method == "POST"}
    assert {title for title, status in answers.items() if status != 400} == set()
    assert told.rows() == before
