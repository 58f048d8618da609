"""Every text that the portal says is there in Chinese, and says the same things."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scripts.translations import CATALOGUE, untranslated, update

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
WORD = re.compile(r"[a-z]{3}")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The catalogue as it would be after the next collecting."""
    return update()


def pairs(catalogue: Catalog) -> list[tuple[str, str]]:
    """Text and translation of all that has one, plural forms aside."""
    return [(m.id, m.string) for m in catalogue if isinstance(m.id, str) and m.id and m.string]


def test_every_text_is_translated(catalogue):
    assert untranslated(catalogue) == []


def test_a_translation_names_the_same_things(catalogue):
    strangers = [m for m, said in pairs(catalogue) if set(PLACEHOLDER.findall(m)) != set(PLACEHOLDER.findall(said))]
    assert strangers == []


WRITTEN_IN_LETTERS = {"English"}


def test_a_translation_is_chinese_or_needs_none(catalogue):
    """What has a word in English letters is said in Chinese, unless the trade itself writes it in letters."""
    same = {msgid for msgid, said in pairs(catalogue) if msgid == said and WORD.search(PLACEHOLDER.sub("", msgid))}
    assert same <= WRITTEN_IN_LETTERS


def test_the_catalogue_is_kept_in_step(catalogue):
    """What stands in the file is what collecting gives: no text is left over, none is missing."""
    with CATALOGUE.open("rb") as file:
        kept = {message.id for message in read_po(file) if message.id}
    assert {message.id for message in catalogue if message.id} == kept
