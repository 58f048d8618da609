"""Registering files, attaching them to records, and finishing them. All of it inside a verb's transaction."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, outbox
from portal.core.errors import Message, NotYours
from portal.core.files.blobs import ORIGINAL, PIECES, Room
from portal.core.files.incoming import Incoming
from portal.core.files.kinds import KINDS
from portal.core.files.models import Attachment, File, FileState
from portal.core.files.names import with_extension
from portal.core.files.preparing import Prepared
from portal.core.files.refusals import EnoughToday
from portal.core.perform import perform
from portal.core.permissions import SYSTEM
from portal.core.verbs import Act, Lifecycle, Verb

REENCODE = "file.reencode"
DAY = timedelta(hours=24)


class FilePermission(StrEnum):
    """Held by no role: only the system finishes files."""

    FINISH = "file:finish"


FINISH = Verb(
    "finish",
    on=(FileState.RECEIVED,),
    to=FileState.READY,
    permission=FilePermission.FINISH,
    label=Message("Finish preparing"),
)
REFUSE = Verb(
    "refuse",
    on=(FileState.RECEIVED,),
    to=FileState.REFUSED,
    permission=FilePermission.FINISH,
    label=Message("Refuse"),
)
FILE = Lifecycle(File, FileState, (FINISH, REFUSE))


def store(
    session: Session,
    incoming: Incoming,
    *,
    organisation_id: int | None,
    created_by_id: int | None,
    evidence_hold: bool = False,
) -> File:
    """Register what `receive` kept. Touches the database only. Raises EnoughToday.

    A picture or video is `received`, and a job is asked to prepare it; anything else is `ready`. With
    `evidence_hold` the original stays, though it is never given out.
    """
    _check_quota(session, created_by_id, incoming)
    file = File(
        key=incoming.key,
        organisation_id=organisation_id,
        state=FileState.READY if incoming.is_final else FileState.RECEIVED,
        media_type=incoming.media_type,
        size=incoming.size,
        sha256_uploaded=incoming.sha256,
        sha256_stored=incoming.sha256,
        display_name=incoming.name,
        width=incoming.width,
        height=incoming.height,
        evidence_hold=evidence_hold,
        created_by_id=created_by_id,
    )
    session.add(file)
    session.flush()
    incoming.is_registered = True
    if not incoming.is_final:
        outbox.put(session, REENCODE, {"file_id": file.id}, actor_id=created_by_id)
    return file


def attach(
    session: Session,
    file: File,
    *,
    root: Any,
    purpose: str,
    created_by_id: int | None,
    internal: bool = False,
    to: str | None = None,
    entry_id: int | None = None,
) -> Attachment:
    """Attach `file` to the record `root`, and there to the message or log line whose uid is `to`.

    Raises NotYours when the file belongs to another organisation than the record.
    """
    if file.organisation_id not in (None, root.organisation_id):
        raise NotYours()
    attachment = Attachment(
        root_kind=root.__tablename__,
        root_id=root.id,
        part_uid=to,
        entry_id=entry_id,
        purpose=purpose,
        file_id=file.id,
        internal=internal,
        created_by_id=created_by_id,
    )
    session.add(attachment)
    return attachment


def attached(root: Any, *, with_internal: bool) -> sa.Select[tuple[Attachment, File]]:
    """The attachments of the record `root` with their files, oldest first."""
    found = (
        sa.select(Attachment, File)
        .join(File, File.id == Attachment.file_id)
        .where(Attachment.root_kind == root.__tablename__, Attachment.root_id == root.id)
        .order_by(Attachment.id)
    )
    return found if with_internal else found.where(Attachment.internal.is_(False))


def finish_reencode(session: Session, file: File, result: Prepared | Message) -> None:
    """Note what `prepare` made of a `received` file, as the system. Raises NotNow when it is no longer received."""
    perform(session, REFUSE if isinstance(result, Message) else FINISH, file, SYSTEM, lambda act: _note(act, result))


def drop_leftovers(file: File, room: Room) -> None:
    """After the commit: remove what is not to be kept. Safe to repeat."""
    if file.state in (FileState.REFUSED, FileState.DISPOSED):
        for piece in PIECES:
            if piece != ORIGINAL or not file.evidence_hold:
                room.blobs.delete(file.key + piece)
    elif file.state is FileState.READY and not file.evidence_hold:
        room.blobs.delete(file.key + ORIGINAL)


def _note(act: Act, result: Prepared | Message) -> None:
    file: File = act.record
    if isinstance(result, Message):
        file.refusal = result.msgid
        return
    file.media_type = result.media_type
    file.size, file.sha256_stored = result.size, result.sha256
    file.width, file.height, file.taken_at = result.width, result.height, result.taken_at
    file.display_name = with_extension(file.display_name, KINDS[result.media_type].ending)


def _check_quota(session: Session, person_id: int | None, incoming: Incoming) -> None:
    if person_id is None:
        return
    limits = incoming.limits
    count, total = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(File.size), 0)).where(
            File.created_by_id == person_id, File.created_at > clock.now() - DAY
        )
    ).one()
    if count >= limits.files_a_day or total + incoming.size > limits.bytes_a_day:
        raise EnoughToday()
