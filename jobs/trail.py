"""Sealing the trail, and keeping its seals where the database's owner cannot reach them."""

import logging

from flask import current_app

from jobs import JobContext, job
from portal.core import seals
from portal.core.db import writing
from portal.domain.trail import notices

log = logging.getLogger("portal.seals")


def seal() -> None:
    """Seal what is settled; write the seal to a log beside the database, so that a cut-off end shows."""
    with writing("seal the trail") as session:
        new = seals.seal(session)
        line = f"{new.at.isoformat()} {new.id} {new.last_entry_id} {new.count} {new.hash}" if new else ""
    if line:
        log.info("seal %s", line)
        path = current_app.extensions["settings"].data_dir / "trail-seals.log"
        with path.open("a", encoding="ascii") as file:
            file.write(line + "\n")


@job("trail.mail")
def mail(ctx: JobContext) -> None:
    """Mail the newest seal to SEAL_MAIL_TO, once a day."""
    addresses = current_app.extensions["settings"].seal_mail_to
    with ctx.finishing() as session:
        newest = seals.newest(session)
        if newest and addresses:
            notices.seal_of_the_day(session, newest, addresses)
