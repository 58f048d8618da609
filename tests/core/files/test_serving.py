"""Files are given out in a way that no browser can turn against us."""

import pytest

from portal.core.files import File, FileState, document_headers, headers, served_key


def file(media_type="image/jpeg", state=FileState.READY, name="监护仪.jpg"):
    return File(key="a" * 32, media_type=media_type, state=state, display_name=name)


@pytest.mark.parametrize("media_type", ["application/pdf", "text/plain", "video/mp4"])
def test_what_was_not_prepared_is_only_ever_downloaded(media_type):
    sent = headers(file(media_type), inline=True)
    assert sent["Content-Disposition"].startswith("attachment;")
    assert sent["Content-Type"] == media_type


def test_a_prepared_picture_may_be_shown():
    assert headers(file(), inline=True)["Content-Disposition"].startswith("inline;")
    assert headers(file())["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("inline", [True, False])
def test_nothing_runs_in_whatever_is_sent(inline):
    sent = headers(file(), inline=inline)
    assert sent["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in sent["Cache-Control"]


def test_a_thumbnail_is_a_jpeg_whatever_its_picture_is():
    sent = headers(file("image/png", name="签名.png"), thumbnail=True)
    assert sent["Content-Type"] == "image/jpeg"
    assert sent["Content-Disposition"].endswith(".jpg")


def test_our_own_documents_open_in_the_browsers_reader():
    sent = document_headers("报告 SR-1.pdf", inline=True)
    assert sent["Content-Disposition"].startswith("inline;")
    assert "sandbox" not in sent["Content-Security-Policy"]
    assert "default-src 'none'" in sent["Content-Security-Policy"]


@pytest.mark.parametrize("state", [FileState.RECEIVED, FileState.REFUSED, FileState.DISPOSED])
def test_only_what_is_ready_is_given_out(state):
    assert served_key(file(state=state)) is None
    assert served_key(file(state=state), thumbnail=True) is None


def test_the_original_is_never_given_out():
    assert served_key(file()) == "a" * 32
    assert served_key(file(), thumbnail=True) == "a" * 32 + ".thumb"
