"""The content decides what a file is; name and declared type only what it may be called."""

import pytest

from portal.core.files import FileRefused
from portal.core.files.kinds import HEIC, KINDS, MP4, PNG, TEXT, Family
from portal.core.files.sniff import sniff
from tests.core.files import makers


@pytest.mark.parametrize("declared", ["image/jpeg", "text/html", "application/octet-stream", "", "nonsense"])
def test_what_the_browser_says_changes_nothing(declared):
    assert sniff(makers.png(), "x.png", declared) == PNG


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.family is Family.PICTURE])
def test_pictures_may_be_misnamed_as_each_other(kind):
    for ending in kind.endings:
        assert sniff(makers.png(), f"x.{ending.upper()}", "") == PNG


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_every_phones_heic_is_known(brand):
    assert sniff(makers.box(b"ftyp", brand, bytes(4), b"mif1heic") + bytes(100), "x.heic", "") == HEIC


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"M4V "])
def test_every_phones_mp4_is_known(brand):
    assert sniff(makers.box(b"ftyp", brand, bytes(4), b"isommp42") + bytes(100), "x.mp4", "") == MP4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_log_in_chinese_is_text_even_when_its_last_character_is_cut(encoding):
    assert sniff("压力过高，请检查气源".encode(encoding)[:-1], "报警.log", "") == TEXT


@pytest.mark.parametrize("start", ["<!--", "<?xml", "<svg", "\n\t <HTML", "\ufeff<a", "</p"])
def test_nothing_that_begins_like_markup_is_text(start):
    with pytest.raises(FileRefused):
        sniff(start.encode() + b" and more", "x.txt", "text/plain")


@pytest.mark.parametrize("text", ["pressure < 3 kPa", "< 5", "[10:42] <ok>"])
def test_a_log_may_hold_angle_brackets(text):
    assert sniff(text.encode(), "x.txt", "text/plain") == TEXT
