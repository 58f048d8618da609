"""What was given up, and the buttons that start it afresh."""

from collections.abc import Callable
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.errors import Message, NotYours
from portal.core.notices import Channel, Delivery
from portal.core.outbox import OutboxRow
from portal.domain.deliveries import queries, service
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say

JOBS = {
    "file.reencode": Message("Prepare a file"),
    "file.sweep": Message("Clear away half-sent files"),
    "outbox.tidy": Message("Tidy the list of jobs"),
    "trail.mail": Message("Mail the seal of the trail"),
    "trail.seal": Message("Seal the trail"),
}
CHANNELS = {Channel.MAIL: Message("E-mail"), Channel.WEBHOOK: Message("Web hook")}


@door.page("/undelivered", access=P.UNDELIVERED_SEE)
def undelivered():
    """Notices, PDFs and other jobs that failed to the end."""
    return _page()


def _page(status: int = 200, form: PortalForm | None = None) -> Any:
    return render(
        "office/undelivered.html",
        "lists",
        status,
        notices=[(*row, say(CHANNELS[row[0].channel])) for row in queries.undelivered(db.session)],
        papers=queries.failed_papers(db.session),
        jobs=[(row, say(JOBS.get(row.kind) or row.kind)) for row in queries.failed_jobs(db.session)],
        refusal=form.refusal if form else None,
    )


@door.verb("/undelivered/notices/<message_id>/again", access=P.UNDELIVERED_RETRY)
def deliver_again(message_id: str):
    """Try one notice again."""

    def act(session):
        delivery = session.query(Delivery).filter_by(message_id=message_id).one_or_none()
        service.deliver_again(session, _there(delivery), g.person)

    return _again(act, _("It is being delivered again."))


@door.verb("/undelivered/notices/again", access=P.UNDELIVERED_RETRY)
def deliver_all_again():
    """Try all notices of the list again."""

    def act(session):
        deliveries = [delivery for delivery, _notice in queries.undelivered(session)]
        service.deliver_all_again(session, deliveries, g.person)

    return _again(act, _("All are being delivered again."))


@door.verb("/undelivered/jobs/<int(max=9223372036854775807):row_id>/again", access=P.UNDELIVERED_RETRY)
def run_again(row_id: int):
    """Start one job again."""

    def act(session):
        service.run_again(session, _there(session.get(OutboxRow, row_id)), g.person)

    return _again(act, _("The job is started again."))


def _there(record: Any) -> Any:
    if record is None:
        raise NotYours()
    return record


def _again(effect: Callable[[Any], None], done: str) -> Any:
    form = PortalForm()

    def act(session):
        effect(session)
        return url_for("office.undelivered")

    return submit(form, act, lambda status: _page(status, form), done=done)
