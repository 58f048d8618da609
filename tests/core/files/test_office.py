"""Word and Excel files that a hospital really sends are let through."""

import io
import zipfile

import pytest

from portal.core.files import FileRefused, Limits, receive, refusals
from portal.core.files.office import HARMLESS_LINKS
from tests.core.files import makers


def send(data, room, name="x.docx", **limits):
    return receive(io.BytesIO(data), name, "", limits=Limits(**limits), room=room)


@pytest.mark.parametrize("kind", [link.strip("/") for link in HARMLESS_LINKS])
def test_a_link_that_must_be_clicked_is_no_harm(room, kind):
    assert send(makers.word_linked_to(kind, "https://example.com/manual"), room)


def test_pictures_and_a_workbook_inside_are_no_harm(room):
    inside = {"word/media/image1.png": makers.png(), "word/embeddings/Sheet1.xlsx": makers.sheet()}
    assert send(makers.word(inside), room)


def test_an_uncompressed_archive_is_read_as_well(room):
    stored = makers.archive(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}, method=zipfile.ZIP_STORED
    )
    assert send(stored, room)


def test_a_document_type_that_lies_across_two_reads_is_found(room):
    for before in range(65_520, 65_540):
        text = "<a>" + " " * (before - 3) + "<!DOCTYPE x>"
        with pytest.raises(FileRefused) as refused:
            send(makers.word({"word/styles.xml": text}), room)
        assert refused.value.message.msgid == refusals.ELSEWHERE.msgid


def test_the_unpacked_size_is_named(room):
    with pytest.raises(FileRefused, match="more than 1 MB"):
        send(makers.word({"a.xml": b" " * 1_500_000}), room, archive_bytes=1_000_000)
