"""The conversation of a request and the files at a record, as the macros show them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.files import Attachment, File, FileState, attached
from portal.core.permissions import Person
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.standing import Event
from portal.web.languages import say

_STAFF = Message("Service")


Files = Sequence[tuple[Attachment, File]]


def files_at(session: Session, root: Any, *, with_internal: bool) -> Files:
    """Everything attached to `root`, for `talk` and `photos_of`."""
    return session.execute(attached(root, with_internal=with_internal)).all()


def talk(
    session: Session, record: ServiceRequest, person: Person, *, with_internal: bool, at_record: Files | None = None
) -> list[dict[str, Any]]:
    """The messages, oldest first, each with its files; internal notes only where asked for."""
    files = defaultdict(list)
    for attachment, file in files_at(session, record, with_internal=with_internal) if at_record is None else at_record:
        if attachment.part_uid:
            files[attachment.part_uid].append(_as_file(attachment, file))
    return [
        {
            "who": message.author_name,
            "at": message.at,
            "text": message.body,
            "lang": message.language,
            "mine": message.author_id == person.id,
            "internal": message.internal,
            "role": "" if message.from_customer else say(_STAFF),
            "files": files[message.uid],
        }
        for message in record.messages
        if with_internal or not message.internal
    ]


def timeline(events: list[Event]) -> list[dict[str, Any]]:
    """The story of a request for `ui.timeline`."""
    return [{"at": e.at, "text": say(e.text), "who": e.who, "detail": e.detail, "tone": e.tone} for e in events]


def files_of(session: Session, root: Any, purpose: str, *, with_internal: bool) -> list[dict[str, Any]]:
    """Pictures attached to `root` for `purpose`, for the photo grid; others as a link with their name."""
    return photos_of(files_at(session, root, with_internal=with_internal), purpose)


def photos_of(files: Files, purpose: str) -> list[dict[str, Any]]:
    """The same from files that are there already."""
    return [as_photo(attachment, file) for attachment, file in files if attachment.purpose == purpose]


def as_photo(attachment: Attachment, file: File) -> dict[str, Any]:
    """One file for `ui.photo_grid`: pending while it is being prepared."""
    thumbnail = file.is_picture and file.state is FileState.READY
    return {
        "src": url_for("records.thumbnail", uid=attachment.uid) if thumbnail else "",
        "alt": file.display_name,
        "href": url_for("records.file", uid=attachment.uid) if file.state is FileState.READY else "",
        "caption": say(file.why_refused) if file.why_refused else "" if thumbnail else file.display_name,
        "pending": file.state is FileState.RECEIVED,
    }


def _as_file(attachment: Attachment, file: File) -> dict[str, Any]:
    ready = file.state is FileState.READY
    note = "" if ready else say(file.why_refused or file.state)
    href = url_for("records.file", uid=attachment.uid) if ready else ""
    return {"name": file.display_name, "href": href, "size": file.size, "note": note}
