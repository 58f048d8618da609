"""Who took which document or file, when, and from where.

Customers' data is confidential and seen by need (DOC-5): the row is committed before the first byte is given out, so
that no copy leaves without a trace. Append-only: nothing here changes or removes a row.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock
from portal.core.db import Base, BigId, Utc


class Access(Base):
    """One taking. `kind` and `record` name what was taken ("rendition", its uid); `address` is where the person was."""

    __tablename__ = "access_log"
    __table_args__ = (
        sa.Index("ix_access_log_record", "kind", "record", "id"),
        sa.Index("ix_access_log_person_id", "person_id", "id"),
    )
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(40))
    record: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[Utc]
    address: Mapped[str] = mapped_column(sa.String(64))


def note(session: Session, person_id: int, kind: str, record: str, address: str) -> None:
    """Write that the person takes the record now. Commit before giving it out."""
    session.add(Access(person_id=person_id, kind=kind, record=record, at=clock.now(), address=address))
