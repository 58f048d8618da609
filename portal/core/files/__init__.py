"""Files: what people send and what the portal makes, kept outside the database.

The way of an upload: `receive` streams it to the store, judges it by content and hashes it, before any transaction;
`store` and `attach` register it inside a verb; the job `file.reencode` has `prepare` make a copy without hidden data,
and `finish_reencode` notes the result. Only then may it be given out (`served_key`, `headers`); an original picture
or video never is.
"""

from portal.core.files.blobs import Blobs, LocalBlobs, Room, room_in
from portal.core.files.incoming import Incoming, discard, keep, receive, sweep_incoming
from portal.core.files.limits import Limits, limits_in_force
from portal.core.files.models import Attachment, File, FileState
from portal.core.files.names import clean_name, content_disposition
from portal.core.files.preparing import Prepared, prepare
from portal.core.files.refusals import EnoughToday, FileRefused, StorageFull
from portal.core.files.registering import attach, attached, drop_leftovers, finish_reencode, store
from portal.core.files.serving import document_headers, headers, served_key

__all__ = [
    "Attachment",
    "Blobs",
    "EnoughToday",
    "File",
    "FileRefused",
    "FileState",
    "Incoming",
    "Limits",
    "LocalBlobs",
    "Prepared",
    "Room",
    "StorageFull",
    "attach",
    "attached",
    "clean_name",
    "content_disposition",
    "discard",
    "document_headers",
    "drop_leftovers",
    "finish_reencode",
    "headers",
    "keep",
    "limits_in_force",
    "prepare",
    "receive",
    "room_in",
    "served_key",
    "store",
    "sweep_incoming",
]
