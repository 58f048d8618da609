import os
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from portal.core.mail import Enclosed, Mail, Unsendable, as_html, compose, post_office
from portal.settings import Mailbox
from tests.servers import smtp_server

SENDER = "售后服务 <care@portal.example>"
WORDS = Mail(
    to="li@hospital.example",
    subject="报修 SR-2026-00042 已受理",
    text="李工，您好：\n\n呼吸机已报修。\nhttps://portal.example/r/SR-2026-00042\n",
    html="<p>李工</p>",
    uid="0199-uid",
    language="zh-CN",
)


@pytest.fixture
def mail_server():
    with smtp_server() as server:
        yield server


def mail(**changed):
    return compose(Mail(**(WORDS.__dict__ | changed)), SENDER)


def test_a_mail_says_the_same_in_text_and_html_and_survives_the_way():
    received = BytesParser(policy=policy.default).parsebytes(mail().as_bytes())
    assert received["Subject"] == "报修 SR-2026-00042 已受理"
    assert received["From"] == SENDER
    assert received["Content-Language"] == "zh-CN"
    assert received.get_body(("plain",)).get_content().replace("\r\n", "\n") == WORDS.text
    assert received.get_body(("html",)).get_content().strip() == "<p>李工</p>"


def test_a_mail_is_seven_bit_all_through():
    mail().as_bytes().decode("ascii")


def test_the_message_id_is_the_deliverys_own():
    assert mail()["Message-ID"] == mail()["Message-ID"] == "<0199-uid@portal.example>"


def test_answering_machines_are_asked_to_be_quiet():
    assert mail()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("field", ["to", "subject", "uid"])
@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\0", "\v", "\x85", "\u2028"])
def test_no_field_can_begin_another_header(field, break_):
    with pytest.raises(Unsendable):
        mail(**{field: f"a@b.example{break_}Bcc: c@d.example"})


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example, c@d.example", "a@b.example,"])
def test_a_mail_goes_to_one_address(address):
    with pytest.raises(Unsendable):
        mail(to=address)


class TestHtml:
    def test_shows_markup_as_text(self):
        page = as_html('<script>alert(1)</script> & "so"', "https://portal.example", "en")
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page

    def test_links_our_own_address_alone_on_its_line_and_nothing_else(self):
        text = "\n".join(
            [
                "https://portal.example/r/1?a=1&b=2",
                "https://portal.example.evil.example/",
                "see https://portal.example/r/2",
                "https://evil.example/",
                'https://portal.example/"onclick="x',
            ]
        )
        page = as_html(text, "https://portal.example", "en")
        assert page.count("<a ") == 2
        assert '<a href="https://portal.example/r/1?a=1&amp;b=2">' in page
        assert 'onclick="' not in page

    def test_keeps_paragraphs_and_lines(self):
        page = as_html("one\ntwo\n\n\nthree\n", "https://portal.example", "zh-CN")
        assert "<p>one<br>\ntwo</p>\n<p>three</p>" in page
        assert '<html lang="zh-CN">' in page


def test_without_a_server_mails_are_files_and_a_repeat_replaces_the_first(tmp_path):
    box = Mailbox("file", "", 0, "", "", tmp_path / "mail")
    for subject in ("first", "again"):
        with post_office(box, SENDER) as send:
            send(mail(subject=subject))
    [file] = (tmp_path / "mail").iterdir()
    assert file.name == "0199-uid-portal-example.eml"
    assert BytesParser(policy=policy.default).parsebytes(file.read_bytes())["Subject"] == "again"
    assert os.stat(tmp_path / "mail").st_mode & 0o777 == 0o700


def test_a_password_is_never_sent_unprotected(mail_server):
    box = Mailbox("smtp", "127.0.0.1", mail_server.port, "user", "password", None)
    with pytest.raises(Exception, match="STARTTLS"), post_office(box, SENDER):
        pass


def test_a_server_gets_the_mail_and_its_envelope(mail_server):
    with post_office(Mailbox("smtp", "127.0.0.1", mail_server.port, "", "", None), SENDER) as send:
        send(mail())
    [got] = mail_server.wait_for(1)
    assert (got.sender, got.recipients) == ("care@portal.example", ["li@hospital.example"])
    assert got.message["Subject"] == WORDS.subject


def test_no_server_is_an_oserror(tmp_path: Path):
    with pytest.raises(OSError), post_office(Mailbox("smtp", "127.0.0.1", 1, "", "", None), SENDER):
        pass


def test_a_file_goes_along_byte_by_byte_and_in_seven_bits():
    content = bytes(range(256)) * 40
    raw = mail(enclosed=[Enclosed("报告 RK-RP-2026-00042.pdf", "application/pdf", content)]).as_bytes()
    raw.decode("ascii")
    received = BytesParser(policy=policy.default).parsebytes(raw)
    (file,) = received.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("报告 RK-RP-2026-00042.pdf", "application/pdf")
    assert file.get_content() == content
    assert received["Content-Language"] == "zh-CN"
    assert received.get_body(("html",)).get_content().strip() == "<p>李工</p>"


def test_a_file_name_cannot_break_out_of_its_header():
    with pytest.raises(Unsendable):
        mail(enclosed=[Enclosed("a.pdf\r\nBcc: x@y.example", "application/pdf", b"%PDF")])
