"""Sealing the trail, and keeping each seal where the database's owner cannot reach it."""

import logging

from flask import current_app

from portal.core import seals
from portal.core.db import writing

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
