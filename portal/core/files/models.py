"""What the database knows of files, and to which records they are attached."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.audit import Audited
from portal.core.db import Base, BigId, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message


class FileState(StrEnum):
    """received: only the original lies there, a job prepares it · ready: may be given out · refused: could not be
    prepared, and is gone · disposed: gone after its time.
    """

    RECEIVED = "received"
    READY = "ready"
    REFUSED = "refused"
    DISPOSED = "disposed"

    @property
    def label(self) -> Message:
        return _LABELS[self]


_LABELS = {
    FileState.RECEIVED: Message("being prepared"),
    FileState.READY: Message("ready"),
    FileState.REFUSED: Message("could not be read"),
    FileState.DISPOSED: Message("removed after its retention time"),
}


class File(Audited, Base):
    """One file of one organisation. Never shared with another: the same photo sent twice is two files.

    `sha256_uploaded` is the hash of what was sent, `sha256_stored` of what is given out (of the original while
    `received`). `organisation_id` is empty for what belongs to nobody, such as a manual. `taken_at` comes from the
    picture itself, where that names its time zone. `refusal` is the msgid of the reason, with `name` as parameter.
    """

    __tablename__ = "file"
    __table_args__ = (
        sa.Index("ix_file_organisation_id", "organisation_id", "id"),
        sa.Index("ix_file_created_by_id", "created_by_id", "created_at"),
    )

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(unique=True, default=new_uid)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    organisation_id: Mapped[int | None]
    state: Mapped[FileState] = mapped_column(enum_type(FileState, "state"))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256_uploaded: Mapped[str] = mapped_column(sa.String(64))
    sha256_stored: Mapped[str] = mapped_column(sa.String(64))
    display_name: Mapped[str] = mapped_column(sa.String(255), info={"personal": True})
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[Utc | None]
    evidence_hold: Mapped[bool] = mapped_column(default=False)
    refusal: Mapped[str | None]
    created_at: Mapped[Utc] = mapped_column(default=clock.now)
    created_by_id: Mapped[int | None]

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def why_refused(self) -> Message | None:
        """The reason, still to be translated; None unless the file was refused."""
        return Message(self.refusal, name=self.display_name) if self.refusal else None


class Attachment(Base):
    """A file at a record. `part_uid` names the message or log line within the record, `entry_id` the audit entry it
    came with, `purpose` what it is for ("symptom", "signature"); `internal` ones are never shown to customers.
    """

    __tablename__ = "attachment"
    __table_args__ = (sa.Index("ix_attachment_root", "root_kind", "root_id", "id"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(unique=True, default=new_uid)
    root_kind: Mapped[str] = mapped_column(sa.String(40))
    root_id: Mapped[int]
    part_uid: Mapped[str | None] = mapped_column(sa.String(36))
    entry_id: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(sa.String(40))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("file.id"), index=True)
    internal: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Utc] = mapped_column(default=clock.now)
    created_by_id: Mapped[int | None]
