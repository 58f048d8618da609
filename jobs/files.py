"""Preparing what people sent, and clearing what an accident left behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import current_app
from sqlalchemy.orm import Session

from jobs import JobContext, job
from portal.core.db import db
from portal.core.files import (
    File,
    FileState,
    Room,
    drop_leftovers,
    finish_reencode,
    limits_in_force,
    prepare,
    sweep_incoming,
)


@job("file.reencode", timeout=60)
def reencode(ctx: JobContext) -> None:
    """Make the clean copy of one file. The original goes only after the commit that no longer needs it."""
    bring_to_end(ctx.payload["file_id"], ctx.saving)


@job("file.sweep", timeout=240)
def sweep(ctx: JobContext) -> None:
    """Clear uploads that never became a row."""
    sweep_incoming(db.session(), _room())


def bring_to_end(file_id: int, saving: Callable[[], AbstractContextManager[Session]]) -> None:
    """See that the file is no longer `received`, whichever worker does it. Repeating it does no harm.

    `saving` opens the write transaction. For jobs that need the file at once, such as a document with a signature.
    """
    room = _room()
    file = db.session.get(File, file_id)
    if file is not None and file.state is FileState.RECEIVED:
        task = file.key, file.media_type, room, limits_in_force(db.session())
        db.session.rollback()
        result = prepare(*task)
        with saving() as session:
            finish_reencode(session, session.get(File, file_id), result)
    if file is not None:
        drop_leftovers(file, room)


def _room() -> Room:
    return current_app.extensions["room"]
