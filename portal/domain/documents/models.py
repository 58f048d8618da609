"""Document 1–n Revision 1–n Signature, Rendition."""

import json
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, JsonDict, Uid, Utc, enum_type, new_uid
from portal.core.errors import Message
from portal.domain.documents.kinds import KINDS, BlockName, Kind, Manner
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope


class State(StrEnum):
    """Where the current revision stands. A superseded revision keeps its own mark."""

    FROZEN = "frozen"
    SIGNED = "signed"
    ISSUED = "issued"
    VOID = "void"

    @property
    def label(self) -> Message:
        return STATE_LABELS[self]


STATE_LABELS = {
    State.FROZEN: Message("To be signed"),
    State.SIGNED: Message("Signed"),
    State.ISSUED: Message("Issued"),
    State.VOID: Message("Void"),
}


class Document(Base, Audited):
    """A numbered paper about one record (`root_kind`, `root_id`), with the scope of that record.

    What concerns a customer as a whole, such as a statement, belongs to no site and no centre.
    """

    __tablename__ = "document"
    __table_args__ = (
        sa.UniqueConstraint("kind", "root_kind", "root_id"),
        sa.Index("ix_document_organisation_id_at", "organisation_id", "last_event_at", "id"),
        sa.Index("ix_document_site_id_at", "site_id", "last_event_at", "id"),
        sa.Index("ix_document_dealer_id_at", "dealer_id", "last_event_at", "id"),
        sa.Index("ix_document_technician_id_at", "technician_id", "last_event_at", "id"),
        sa.Index("ix_document_at", "last_event_at", "id"),
    )
    scope_columns = {
        Scope.SITE: "site_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.CENTRE: "centre_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    root_kind: Mapped[str] = mapped_column(sa.String(40))
    root_id: Mapped[int]
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int | None] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    subject: Mapped[str] = mapped_column(default="")
    state: Mapped[State] = mapped_column(enum_type(State, "state"))
    revision: Mapped[int] = mapped_column(default=0)
    last_event_at: Mapped[Utc]
    issued_at: Mapped[Utc | None]

    company: Mapped[Company] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    revisions: Mapped[list["Revision"]] = relationship(order_by="Revision.revision", back_populates="document")

    @property
    def form(self) -> Kind:
        return KINDS[self.kind]

    @property
    def current(self) -> "Revision":
        """The newest revision."""
        return self.revisions[-1]

    @property
    def in_force(self) -> "Revision | None":
        """The revision that counts: the one that was issued last, also while a correction of it waits to be signed."""
        return next((r for r in reversed(self.revisions) if r.state is RevisionState.ISSUED), None)

    @property
    def awaits_receipt(self) -> bool:
        """It was issued, and the customer has not confirmed yet that it was received."""
        receipts = (block.name for block in self.form.blocks if block.receipt)
        return self.state is State.ISSUED and not all(map(self.current.signed, receipts))

    @property
    def awaits_customer(self) -> bool:
        """All who sign before the customer have signed, and the customer has not yet."""
        before = (b.name for b in self.form.blocks if b.name is not BlockName.CUSTOMER and not b.owed)
        return self.state is State.FROZEN and all(map(self.current.signed, before))


class RevisionState(StrEnum):
    FROZEN = "frozen"
    SIGNED = "signed"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    VOID = "void"

    @property
    def label(self) -> Message:
        return REVISION_LABELS[self]


REVISION_LABELS = {
    RevisionState.FROZEN: Message("To be signed"),
    RevisionState.SIGNED: Message("Signed"),
    RevisionState.ISSUED: Message("Issued"),
    RevisionState.SUPERSEDED: Message("Superseded"),
    RevisionState.VOID: Message("Void"),
}


class Revision(Base):
    """One frozen content. `frozen` is canonical JSON; `content_hash` its sha256, which signatures name."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("document_id", "revision"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    revision: Mapped[int]
    frozen: Mapped[bytes] = mapped_column(sa.LargeBinary, info={"quiet": True})
    content_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    form_code: Mapped[str] = mapped_column(sa.String(20))
    form_version: Mapped[str] = mapped_column(sa.String(20))
    language: Mapped[str] = mapped_column(sa.String(2))
    frozen_at: Mapped[Utc]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[RevisionState] = mapped_column(enum_type(RevisionState, "state"))

    document: Mapped[Document] = relationship(back_populates="revisions")
    signatures: Mapped[list["Signature"]] = relationship(order_by="Signature.id", back_populates="revision")
    renditions: Mapped[list["Rendition"]] = relationship(order_by="Rendition.id", back_populates="revision")

    def signed(self, block: BlockName) -> "Signature | None":
        """The signature standing in `block`, if any."""
        return next((s for s in self.signatures if s.block == block), None)

    @property
    def released_first(self) -> "Signature | None":
        """The signature of a release that came before its review, if it did."""
        signed = self.signed(BlockName.RELEASE)
        return signed if signed is not None and signed.manner == Manner.FIRST else None

    @property
    def owes_review(self) -> bool:
        """The device was released first, and no second person has signed the review yet."""
        return self.released_first is not None and self.signed(BlockName.REVIEW) is None

    @property
    def is_public(self) -> bool:
        """Whether it was ever issued, so that anybody may check it."""
        return self.state in (RevisionState.ISSUED, RevisionState.SUPERSEDED)

    @property
    def issued_at(self) -> datetime | None:
        """The last signature but a receipt issues it (UTC), its freezing where nobody signs; None before that."""
        issuing = {block.name for block in self.document.form.to_issue}
        signed = (signature.signed_at for signature in self.signatures if signature.block in issuing)
        return max(signed, default=self.frozen_at) if self.is_public else None

    def rendition(self, language: str) -> "Rendition | None":
        """The PDF in `language`, whatever its state."""
        return next((r for r in self.renditions if r.language == language), None)


class Method(StrEnum):
    """How somebody signed (decision: password, witnessed on the tablet, or on paper)."""

    PASSWORD = "password"  # noqa: S105
    WITNESSED = "witnessed"
    PAPER = "paper"

    @property
    def label(self) -> Message:
        return METHOD_LABELS[self]


METHOD_LABELS = {
    Method.PASSWORD: Message("in the own account, by password"),
    Method.WITNESSED: Message("on the technician's tablet, with the technician as witness"),
    Method.PAPER: Message("on paper"),
}


class Signature(Base):
    """A signature under one frozen content, in one block. It names the hash that it covers.

    `manner` is how, where there is more than one meaning (`kinds.Manner`); `terms` of a release before its review are
    its "reason" (both languages), "note" and "review_due_at" (ISO, UTC).
    Source: 电子签名法 13–14; 21 CFR 11.50, 11.70, 11.200.
    """

    __tablename__ = "signature"
    __table_args__ = (sa.UniqueConstraint("revision_id", "block"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    block: Mapped[BlockName] = mapped_column(enum_type(BlockName, "block"))
    method: Mapped[Method] = mapped_column(enum_type(Method, "method"))
    signed_at: Mapped[Utc]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(info={"personal": True})
    function: Mapped[str] = mapped_column(default="")
    department: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="", info={"personal": True})
    place: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2))
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("file.id"))
    witness_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    witness_name: Mapped[str] = mapped_column(default="", info={"personal": True})
    reason: Mapped[str] = mapped_column(default="")
    rating: Mapped[int | None]
    comment: Mapped[str] = mapped_column(default="")
    choice: Mapped[str] = mapped_column(sa.String(1), default="")
    manner: Mapped[str] = mapped_column(sa.String(10), default="")
    terms: Mapped[JsonDict] = mapped_column(default=dict)

    revision: Mapped[Revision] = relationship(back_populates="signatures")

    @property
    def review_due_at(self) -> datetime | None:
        """Until when a release before its review had to be reviewed (UTC), as it was signed."""
        due = self.terms.get("review_due_at")
        return datetime.fromisoformat(due) if due else None

    @property
    def covers(self) -> bool:
        """Whether it was given under the very content it stands under."""
        return self.content_hash == self.revision.content_hash


class RenditionState(StrEnum):
    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        return RENDITION_LABELS[self]


RENDITION_LABELS = {
    RenditionState.QUEUED: Message("Being prepared"),
    RenditionState.READY: Message("Ready"),
    RenditionState.FAILED: Message("Could not be prepared"),
}


class Rendition(Base):
    """One PDF of one revision in one language. Never altered, never rendered again once ready.

    `error` is a Message as text: the msgid, and in a second line its parameters as JSON. Read `why_failed`.
    """

    __tablename__ = "rendition"
    __table_args__ = (sa.UniqueConstraint("revision_id", "language", "copy_number"),)

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    language: Mapped[str] = mapped_column(sa.String(2))
    copy_number: Mapped[int] = mapped_column(default=1)
    template_version: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[RenditionState] = mapped_column(enum_type(RenditionState, "state"))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("file.id"))
    file_hash: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    pages: Mapped[int | None]
    made_at: Mapped[Utc | None]
    error: Mapped[str] = mapped_column(default="")

    revision: Mapped[Revision] = relationship(back_populates="renditions")

    @property
    def file_name(self) -> str:
        """What the PDF is called where people keep it: RK-RP-2026-00042-r2-zh.pdf."""
        revision = f"-r{self.revision.revision}" if self.revision.revision > 1 else ""
        return f"{self.revision.document.number}{revision}-{self.language}.pdf"

    @property
    def why_failed(self) -> Message | None:
        """Why there is no PDF, still to be translated; None while nothing went wrong."""
        msgid, _, params = self.error.partition("\n")
        return Message(msgid, **json.loads(params or "{}")) if msgid else None

    @why_failed.setter
    def why_failed(self, why: Message | None) -> None:
        self.error = "" if why is None else f"{why.msgid}\n{json.dumps(why.params)}"
