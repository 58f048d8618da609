"""Every page, by those who may open it, in both languages: well made, labelled, and all in the reader's words."""

import html
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from portal.core.db import writing
from portal.domain.accounts.models import Account
from portal.web.languages import LANGUAGES
from scripts.translations import CATALOGUE
from tests.generated.house import House, tokens
from tests.generated.matrix import READERS, Address, written
from tests.look.markup import Tag, page_faults, tags_of

SPEAKS_TO_THE_CUSTOMER = {f"technicians.{name}" for name in ("sign", "paper", "sign_plan", "plan_on_paper")}
"""Pages that are held out to the customer, in the language of the hospital."""

READ_BY = 3
"""How many readers look at one page: those who are first, midmost and last among all who may."""

WORD = re.compile(r"[a-z]{3}")


def looks(known: list[Address]) -> dict[str, list[Address]]:
    """Reader → the pages that this one looks at. Refusals are looked at too, each reader's first."""
    chosen: dict[str, list[Address]] = {}
    refused: set[tuple[str, str]] = set()
    for address in (a for a in known if a.method == "GET"):
        row = written()[address.title]
        admitted = [reader for reader in READERS if row[reader] == "200"]
        for reader in {admitted[n * (len(admitted) - 1) // (READ_BY - 1)] for n in range(READ_BY) if admitted}:
            chosen.setdefault(reader, []).append(address)
        for reader in READERS:
            if row[reader].startswith("4") and (reader, row[reader]) not in refused:
                refused.add((reader, row[reader]))
                chosen.setdefault(reader, []).append(address)
    return chosen


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_are_well_made_and_say_all_in_the_readers_language(told, known, language):
    told.reset()
    speak(told, language)
    faults = []
    with tokens(told):
        for reader, pages in looks(known).items():
            browser = told.browser(reader)
            for address in pages:
                with browser.get(address.path, headers={"Accept-Language": language}) as answer:
                    if answer.mimetype == "text/html":
                        faults += [
                            f"{reader} {address.path}: {fault}" for fault in _faults(answer.text, address, language)
                        ]
    assert faults == []


def _faults(page: str, address: Address, language: str) -> list[str]:
    wrong = page_faults(page) + _fields_without_label(page)
    return wrong if address.endpoint in SPEAKS_TO_THE_CUSTOMER else [*wrong, *_foreign_words(page, language)]


def speak(told: House, language: str) -> None:
    """Let everybody read in this language."""
    with told.app.app_context(), writing("language") as session:
        session.connection().exec_driver_sql("UPDATE account SET language = ?", (language,))
        assert session.query(Account).filter(Account.language != language).count() == 0


def _foreign_words(page: str, language: str) -> Iterator[str]:
    if f'<html lang="{LANGUAGES[language]}"' not in page:
        yield "another language than the reader's"
    if language == "zh":
        yield from (f"not in Chinese: {text}" for text in _texts(page) if text in english_only())


def _fields_without_label(page: str) -> list[str]:
    tags = tags_of(re.sub(r"(<label\b[^>]*>).*?</label>", r"\1", page, flags=re.DOTALL))  # within one, it has it
    named = {tag.attributes["for"] for tag in tags if tag.name == "label" and "for" in tag.attributes}
    unnamed = [tag for tag in tags if tag.name in ("input", "select", "textarea") and not _is_unseen(tag)]
    unnamed = [t for t in unnamed if not (t.attributes.get("id") in named or t.has("aria-label", "aria-labelledby"))]
    return [f"{tag} has no label: {tag.attributes}" for tag in unnamed]


def _is_unseen(tag: Tag) -> bool:
    return tag.has("hidden") or tag.attributes.get("type") in ("hidden", "submit", "button")


def _texts(page: str) -> set[str]:
    """The texts between tags, and those of attributes that people read or hear."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:title|alt|aria-label|placeholder)="([^"]*)"', body)
    return {html.unescape(" ".join(text.split())) for text in [*re.split(r"<[^>]*>", body), *spoken]}


@cache
def english_only() -> frozenset[str]:
    """The texts of the catalogue that read otherwise in Chinese and have no part that varies."""
    with CATALOGUE.open("rb") as file:
        pairs = [(m.id, m.string) for m in read_po(file) if isinstance(m.id, str)]
    return frozenset(text for text, said in pairs if text != said and "%" not in text and WORD.search(text)) - {
        "English"
    }
