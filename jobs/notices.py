"""Delivering notices: by mail and to the operator's web hook, in the recipient's language and zone."""

import json
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from jobs import JobContext, job, webhook
from jobs.lease import Lease
from portal.core import clock, mail
from portal.core.db import db
from portal.core.notices import KINDS, Delivery, Enclosure, Notice, Progress
from portal.settings import Settings
from portal.web.languages import LANGUAGES, as_reader

MAX_ERROR = 500
MOST_ENCLOSED = 7 * 2**20
"""Bytes of files that go with one mail; encoded they are a third more, and many servers refuse a mail over 10 MB."""
GONE = (OSError, smtplib.SMTPServerDisconnected)
"""Errors that say nothing about the one delivery: the receiver itself is not there."""


class NotDelivered(Exception):
    """Some deliveries of the batch are still waiting."""


@dataclass(frozen=True)
class Letter:
    """One delivery with its words, made before any connection is opened."""

    delivery_id: int
    message_id: str
    address: str
    language: str
    person_id: int | None
    kind: str
    created_at: str
    subject: str
    text: str
    enclosures: Sequence[Enclosure] = ()


def mark_dead(session: Session, row: Lease, error: str) -> None:
    """What was still waiting when its outbox row was given up stands on the list of undelivered notices."""
    waiting = sa.update(Delivery).where(Delivery.outbox_id == row.row_id, Delivery.state == Progress.WAITING)
    session.execute(waiting.values(state=Progress.DEAD, last_error=sa.func.coalesce(Delivery.last_error, error)))


@job("notice.mail", timeout=240, when_dead=mark_dead)
def send_mails(ctx: JobContext) -> None:
    settings = _settings()
    letters, failed = _letters(ctx)
    if letters:
        with _noting_absence(ctx, letters), mail.post_office(settings.mailbox, settings.mail_from) as send:
            failed += _each(ctx, letters, lambda letter: send(_mail(letter, settings)))
    _require_all(failed)


@job("notice.webhook", timeout=240, when_dead=mark_dead)
def post_events(ctx: JobContext) -> None:
    settings = _settings()
    if not settings.webhook_url:
        return _note_missing_hook(ctx)
    letters, failed = _letters(ctx)
    with _noting_absence(ctx, letters):
        failed += _each(ctx, letters, lambda letter: _post(letter, settings))
    return _require_all(failed)


def _settings() -> Settings:
    return current_app.extensions["settings"]


def _letters(ctx: JobContext) -> tuple[list[Letter], int]:
    """What is still to be delivered, put into words, and how many could not be."""
    open_ones = sa.select(Delivery, Notice).join(Notice).order_by(Delivery.id)
    open_ones = open_ones.where(Delivery.outbox_id == ctx.row.row_id, Delivery.state != Progress.SENT)
    letters, failed = [], {}
    for delivery, notice in db.session.execute(open_ones).all():
        try:
            letters.append(write(delivery, notice))
        except Exception as error:  # one notice's template must not hold up the others of the batch
            failed[delivery.id] = _words(error)
    db.session.rollback()
    for delivery_id, error in failed.items():
        _note_failure(ctx, [delivery_id], error)
    return letters, len(failed)


def write(delivery: Delivery, notice: Notice) -> Letter:
    """The notice in the words of its template; the first line is the subject."""
    kind = KINDS[notice.kind]
    with as_reader(delivery.language, delivery.zone):
        more = kind.context(db.session(), notice) if kind.context else {}
        template = current_app.jinja_env.get_template(kind.template)
        words = template.render(**notice.params, **more, public_url=_settings().public_url, at=notice.created_at)
    enclosures = kind.attachments(db.session(), notice, delivery.language) if kind.attachments else ()
    subject, _, text = words.strip().partition("\n")
    return Letter(
        delivery_id=delivery.id,
        message_id=delivery.message_id,
        address=delivery.address,
        language=LANGUAGES[delivery.language],
        person_id=notice.person_id,
        kind=notice.kind,
        created_at=notice.created_at.isoformat(),
        subject=subject.strip(),
        text=text.strip() + "\n",
        enclosures=enclosures if sum(each.size for each in enclosures) <= MOST_ENCLOSED else (),
    )


def _mail(letter: Letter, settings: Settings) -> Any:
    page = mail.as_html(letter.text, settings.public_url, letter.language)
    enclosed = [mail.Enclosed(each.name, each.media_type, _bytes(each.key)) for each in letter.enclosures]
    words = mail.Mail(letter.address, letter.subject, letter.text, page, letter.message_id, letter.language, enclosed)
    return mail.compose(words, settings.mail_from)


def _bytes(key: str) -> bytes:
    with current_app.extensions["room"].blobs.open(key) as blob:
        return blob.read()


def _post(letter: Letter, settings: Settings) -> None:
    event = {
        "id": letter.message_id,
        "kind": letter.kind,
        "created_at": letter.created_at,
        "to": {"person": letter.person_id, "email": letter.address, "language": letter.language},
        "subject": letter.subject,
        "text": letter.text,
    }
    body = json.dumps(event, ensure_ascii=False).encode()
    webhook.post(settings.webhook_url, settings.webhook_secret, letter.message_id, body, int(clock.now().timestamp()))


def _each(ctx: JobContext, letters: list[Letter], send: Callable[[Letter], None]) -> int:
    """Send each and note at once how it went; returns how many were refused."""
    refused = 0
    for letter in letters:
        try:
            send(letter)
        except GONE:
            raise
        except Exception as error:
            refused += 1
            _note_failure(ctx, [letter.delivery_id], _words(error))
        else:
            _note_sent(ctx, letter)
    return refused


@contextmanager
def _noting_absence(ctx: JobContext, letters: list[Letter]) -> Iterator[None]:
    """When the receiver is not there, note it on all that are still waiting."""
    try:
        yield
    except (*GONE, smtplib.SMTPException) as error:
        _note_failure(ctx, [letter.delivery_id for letter in letters], _words(error))
        raise


def _note_sent(ctx: JobContext, letter: Letter) -> None:
    with ctx.saving() as session:
        session.execute(
            sa.update(Delivery)
            .where(Delivery.id == letter.delivery_id)
            .values(state=Progress.SENT, sent_at=clock.now(), tries=Delivery.tries + 1, last_error=None)
        )


def _note_failure(ctx: JobContext, delivery_ids: list[int], error: str) -> None:
    with ctx.saving() as session:
        still = sa.update(Delivery).where(Delivery.id.in_(delivery_ids), Delivery.state != Progress.SENT)
        session.execute(still.values(tries=Delivery.tries + 1, last_error=error))


def _note_missing_hook(ctx: JobContext) -> None:
    with ctx.finishing() as session:
        session.execute(
            sa.update(Delivery).where(Delivery.outbox_id == ctx.row.row_id).values(state=Progress.NOT_SET_UP)
        )


def _require_all(failed: int) -> None:
    if failed:
        raise NotDelivered(f"{failed} of this batch")


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MAX_ERROR]
