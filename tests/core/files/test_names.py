"""Names from people are shown, never trusted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.files.names import clean_name, content_disposition, extension, with_extension


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("呼吸机报警.jpg", "呼吸机报警.jpg"),
        ("𠮷野家 监护仪.png", "𠮷野家 监护仪.png"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\drivers.txt", "drivers.txt"),
        ("C:\\照片\\泵.jpg", "泵.jpg"),
        ("/abs/olute.pdf", "olute.pdf"),
        ("a\x00.jpg", "a.jpg"),
        ("line\r\nSet-Cookie: x.pdf", "line Set-Cookie_ x.pdf"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("zero\u200b\u200d\ufeffwidth.jpg", "zerowidth.jpg"),
        ("\u3164\u2800.jpg", "jpg"),
        ("....jpg", "jpg"),
        (".htaccess", "htaccess"),
        ("report.pdf. . .", "report.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.照片.jpg", "_com1.照片.jpg"),
        ("console.txt", "console.txt"),
        ('a<b>c:"d"|e?f*.txt', "a_b_c__d__e_f_.txt"),
        ("e\u0301cran.png", "écran.png"),
        ("wide\u3000and\u00a0odd  spaces.txt", "wide and odd spaces.txt"),
        ("\ud800lone.jpg", "lone.jpg"),
        ("tag\U000e0041s.txt", "tags.txt"),
        ("", "file"),
        (None, "file"),
        ("...", "file"),
        ("/", "file"),
    ],
)
def test_a_name_is_cleaned(raw, shown):
    assert clean_name(raw) == shown


def test_three_hundred_chinese_characters_are_cut_on_a_character_border():
    name = clean_name("监护仪" * 100 + ".jpeg")
    assert len(name.encode()) <= 255
    assert name.endswith("监.jpeg") or name.endswith("护.jpeg") or name.endswith("仪.jpeg")


@given(st.text(max_size=400))
def test_whatever_comes_in_a_name_is_safe_to_show_and_to_save(raw):
    name = clean_name(raw)
    assert 0 < len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*\x00\r\n')
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name)
    assert name.strip(". ") == name
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.JPG", "jpg"),
        ("a.tar.gz", "gz"),
        ("v1.2", ""),
        ("2024.11.21 现场", ""),
        ("报告.照片", ""),
        ("clip.mp4", "mp4"),
        ("archive.7z", "7z"),
        ("jpg", ""),
        ("no-dot", ""),
    ],
)
def test_an_extension_is_told_from_a_dot(name, found):
    assert extension(name) == found


def test_the_true_extension_replaces_another():
    assert with_extension("photo.heic", "jpg") == "photo.jpg"
    assert with_extension("版本 v1.2", "pdf") == "版本 v1.2.pdf"
    assert len(with_extension("泵" * 85, "jpg").encode()) <= 255


def test_a_chinese_name_travels_as_rfc_6266_text():
    assert content_disposition("监护仪 报告.pdf") == (
        "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E7%9B%91%E6%8A%A4%E4%BB%AA%20%E6%8A%A5%E5%91%8A.pdf"
    )


def test_a_plain_name_stays_readable():
    assert content_disposition("pump.jpg", inline=True) == "inline; filename=\"pump.jpg\"; filename*=UTF-8''pump.jpg"


@given(st.text(max_size=100))
def test_no_name_breaks_out_of_its_header(raw):
    value = content_disposition(clean_name(raw))
    assert value.isascii()
    assert value.count('"') == 2
    assert "\r" not in value and "\n" not in value and "\\" not in value
