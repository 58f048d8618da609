"""Mail: making a message that no field can break out of, and handing it to a server or a folder."""

import html
import os
import re
import smtplib
import ssl
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

from portal.core import clock
from portal.settings import Mailbox

TIMEOUT_SECONDS = 10
POLICY = SMTP.clone(cte_type="7bit")  # not every server on the way takes eight bits

Send = Callable[[EmailMessage], None]


class Unsendable(ValueError):
    """A field of the mail could be read as something else by a mail server."""


class Enclosed(NamedTuple):
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What is to be said to whom. `uid` makes the Message-ID: a repeat carries the same. `language`: BCP 47."""

    to: str
    subject: str
    text: str
    html: str
    uid: str
    language: str
    enclosed: Sequence[Enclosed] = ()


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message, as text with an HTML alternative. Raises Unsendable."""
    message = EmailMessage(policy=POLICY)
    headers = {
        "From": sender,
        "To": mail.to,
        "Subject": mail.subject,
        "Message-ID": f"<{mail.uid}@{_domain(sender)}>",
        "Date": format_datetime(clock.now()),
        "Auto-Submitted": "auto-generated",  # RFC 3834: keeps answering machines quiet
    }
    for name, value in headers.items():
        message[name] = _one_line(name, value)
    if "@" not in parseaddr(mail.to)[1] or "," in mail.to:
        raise Unsendable("To: not one address")
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for name, media_type, content in mail.enclosed:
        maintype, _, subtype = media_type.partition("/")
        filename = _one_line("filename", name)
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=filename)
    message["Content-Language"] = _one_line("Content-Language", mail.language)  # last: setting a content drops it
    return message


def _one_line(name: str, value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
        raise Unsendable(f"{name}: a control character")
    return value


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def as_html(text: str, own_address: str, language: str) -> str:
    """The text as a plain HTML page. A line that is an address of the portal becomes a link; nothing else does."""
    own_link = re.compile(re.escape(own_address) + r"(/\S*)?")

    def line(words: str) -> str:
        safe = html.escape(words)
        return f'<a href="{safe}">{safe}</a>' if own_link.fullmatch(words) else safe

    paragraphs = ("<br>\n".join(map(line, part.split("\n"))) for part in re.split(r"\n{2,}", text.strip()))
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n<body>\n{body}\n</body>\n</html>\n'


@contextmanager
def post_office(box: Mailbox, sender: str) -> Iterator[Send]:
    """Where mails are handed in while it is open. Raises OSError or smtplib.SMTPException when it cannot open.

    Handing in raises smtplib.SMTPResponseException or SMTPRecipientsRefused for a mail that the server refuses, and
    OSError or SMTPServerDisconnected when the server is gone.
    """
    if box.scheme == "file":
        yield _folder(box)
        return
    with _connect(box, _domain(sender)) as server:
        yield server.send_message


def _folder(box: Mailbox) -> Send:
    def write(message: EmailMessage) -> None:
        box.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = re.sub(r"[^\w-]", "-", message["Message-ID"].strip("<>"))
        unfinished = box.folder / f"{name}.part"
        unfinished.write_bytes(message.as_bytes())
        os.replace(unfinished, box.folder / f"{name}.eml")

    return write


def _connect(box: Mailbox, our_name: str) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    # Our name is given, because smtplib would otherwise ask the name service for it, which may take long to answer.
    if box.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            box.host, box.port, local_hostname=our_name, timeout=TIMEOUT_SECONDS, context=tls
        )
    else:
        server = smtplib.SMTP(box.host, box.port, local_hostname=our_name, timeout=TIMEOUT_SECONDS)
        _start_tls(server, box, tls)
    if box.user:
        server.login(box.user, box.password)
    return server


def _start_tls(server: smtplib.SMTP, box: Mailbox, tls: ssl.SSLContext) -> None:
    """Encrypt where the server can. A password is given only to a server whose certificate holds."""
    server.ehlo()
    if not box.user and not server.has_extn("starttls"):
        return
    if not box.user:
        # Without a password the other way is plain text, so a certificate of the server's own making is no loss.
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    server.starttls(context=tls)
    server.ehlo()
