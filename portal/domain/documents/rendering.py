"""What a PDF is made from: the frozen content, the signatures under it, and pictures. Read and checked; not yet words.

The content is read from the frozen bytes alone, never from the records as they stand now, so that a PDF made later
says what was signed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.documents import Unprintable, check_printable, content_hash
from portal.core.errors import Message, PortalError
from portal.core.files import File, FileState, served_key
from portal.domain.documents.kinds import Block
from portal.domain.documents.models import Document, Method, Rendition, Revision, Signature

MOST_PICTURES = 24
"""Pictures on one paper. More are kept with the record, and the paper says how many."""

WRITTEN = ("name", "function", "department", "phone", "place", "witness_name", "reason", "comment")
"""What people typed when they signed."""


class Altered(PortalError):
    """The frozen content is not what was signed."""

    def __init__(self) -> None:
        super().__init__(Message("The frozen content no longer matches its hash. Nothing may be made from it."))


class StillPreparing(PortalError):
    """A picture is not ready yet: try again soon."""

    status = 503

    def __init__(self) -> None:
        super().__init__(Message("A picture is still being prepared."))


@dataclass(frozen=True)
class Figure:
    """A file that belongs to what the document tells, what it shows, and when that was noted (UTC)."""

    file: File
    caption: Message
    at: datetime


Figures = Callable[[Session, Revision], Sequence[Figure]]
"""Gives the files of a revision's record, oldest first, as far as its signers could know them."""


@dataclass(frozen=True)
class Signed:
    """A signature in its block. `picture` is the address of what was drawn, or of the signed paper; "" without one."""

    block: Block
    signature: Signature
    picture: str

    @property
    def is_drawn(self) -> bool:
        """By hand on a screen; the other pictures show signed paper."""
        return bool(self.picture) and self.signature.method is not Method.PAPER


@dataclass(frozen=True)
class Paper:
    """One rendition, ready to be put into words.

    `values` is the parsed content, `pictures` are figures with their addresses, `further` counts the files that are
    not printed, `blobs` maps each address to (media type, key of the blob).
    """

    rendition: Rendition
    values: Mapping[str, Any]
    signed: Sequence[Signed]
    pictures: Sequence[tuple[str, Figure]]
    further: int
    blobs: Mapping[str, tuple[str, str]]

    @property
    def revision(self) -> Revision:
        return self.rendition.revision

    @property
    def document(self) -> Document:
        return self.revision.document

    @property
    def prevailing(self) -> str:
        """The language in which the last signer read it: where languages differ, that one holds."""
        read = [each for each in self.signed if not each.block.owed]
        return read[-1].signature.language if read else self.revision.language


def load(session: Session, rendition_id: int) -> Rendition:
    """The rendition with its document. Raises NoResultFound."""
    whole = joinedload(Rendition.revision).joinedload(Revision.document).joinedload(Document.company)
    return session.execute(sa.select(Rendition).where(Rendition.id == rendition_id).options(whole)).scalar_one()


def gather(session: Session, rendition: Rendition, figures: Sequence[Figure]) -> Paper:
    """Everything for the paper, checked. Raises Altered, Unprintable, StillPreparing."""
    revision, album = rendition.revision, _Album()
    form = revision.document.form
    _require_unaltered(revision)
    signed = [
        Signed(form.block(block.name, signature.manner), signature, album.add(_picture(session, signature)))
        for block in form.blocks
        if not block.receipt and (signature := revision.signed(block.name))
    ]
    values = json.loads(revision.frozen)
    _require_printable(values, signed, revision.reason)
    kept = [figure for figure in figures if figure.file.state in (FileState.RECEIVED, FileState.READY)]
    shown = [figure for figure in kept if figure.file.is_picture][:MOST_PICTURES]
    pictures = [(album.add(figure.file), figure) for figure in shown]
    return Paper(rendition, values, signed, pictures, len(kept) - len(shown), album.blobs)


def _require_unaltered(revision: Revision) -> None:
    if content_hash(revision.frozen) != revision.content_hash or not all(s.covers for s in revision.signatures):
        raise Altered()


def _require_printable(values: Mapping[str, Any], signed: Sequence[Signed], reason: str) -> None:
    names = {s.block.name.value: {n: getattr(s.signature, n) for n in (*WRITTEN, "terms")} for s in signed}
    if where := check_printable({**values, "signature": names, "reason": reason}):
        raise Unprintable(where)


def _picture(session: Session, signature: Signature) -> File | None:
    return session.get_one(File, signature.picture_id) if signature.picture_id else None


@dataclass
class _Album:
    """The pictures of one paper, by the address under which its page names them."""

    blobs: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, file: File | None) -> str:
        """Its address; "" where there is no picture, or none that could be read. Raises StillPreparing."""
        if file is None or file.state not in (FileState.RECEIVED, FileState.READY):
            return ""
        key = served_key(file)
        if key is None:
            raise StillPreparing()
        address = f"app://blob/{file.uid}"
        self.blobs[address] = (file.media_type, key)
        return address
