"""Ratings, what is asked beside the overall score, and the mailed links that need no account."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.audit import Audited
from portal.core.db import Base, BigId, Text2, Uid, Utc, enum_type, new_uid
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.organisations.models import Company, Organisation
from portal.domain.permissions import Scope
from portal.domain.ratings.words import RATED, RatingState, Source
from portal.domain.servicing.models import ServiceRequest, WorkOrder

CODE_SIGNS = 26
"""A mailed link: 130 random bits (ASVS 11.5.1)."""


class RatingAspect(Base, Audited):
    """What is asked beside the overall score (F42), in the order of `position`; ratings keep what it said."""

    __tablename__ = "rating_aspect"
    versioned = {"aspect": ("name", "position", "in_use")}
    scope_columns: dict[str, str] = {}

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    position: Mapped[int]
    name: Mapped[Text2]
    in_use: Mapped[bool] = mapped_column(default=True)
    aspect_version: Mapped[int] = mapped_column(default=1)


class ServiceRating(Base, Audited):
    """The customer's rating of one work order. Times are UTC; `score` is 1 to 5, None until it is given.

    `aspects` are those that were answered, each {"uid", "text": {"zh", "en"}, "score": 1 to 5, None: not applicable}.
    `given_at` is when the customer said it, `received_at` when it reached us. `entered_by_id` is who wrote it down for
    the customer: the witness of a signature, or who telephoned. `given_by_id` may change it while it is fresh; what a
    signed report says stays as it was signed. `complained_of` is what was passed on as a complaint.
    """

    __tablename__ = "service_rating"
    __table_args__ = (
        sa.Index("ix_service_rating_at", "last_event_at", "id"),
        sa.Index("ix_service_rating_state_at", "state", "last_event_at", "id"),
        sa.Index("ix_service_rating_organisation_id_at", "organisation_id", "last_event_at", "id"),
        sa.Index("ix_service_rating_dealer_id_at", "dealer_id", "last_event_at", "id"),
        sa.Index("ix_service_rating_technician_id_at", "technician_id", "last_event_at", "id"),
        sa.Index("ix_service_rating_reported_by_id_at", "reported_by_id", "last_event_at", "id"),
        sa.Index("ix_service_rating_given_at", "given_at"),
        sa.Index("ix_service_rating_remind", "state", "remind_at"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )
    versioned = {"answers": ("score", "aspects", "opinion", "is_complaint")}
    scope_columns = {
        Scope.OWN: "reported_by_id",
        Scope.ORGANISATION: "organisation_id",
        Scope.DEALER: "dealer_id",
        Scope.ASSIGNED: "technician_id",
    }

    id: Mapped[BigId] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(default=new_uid, unique=True)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("work_order.id"), unique=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("service_request.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    dealer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("centre.id"))
    technician_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    reported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    state: Mapped[RatingState] = mapped_column(enum_type(RatingState, "state"))
    score: Mapped[int | None]
    aspects: Mapped[list] = mapped_column(default=list)
    opinion: Mapped[str] = mapped_column(default="")
    is_complaint: Mapped[bool] = mapped_column(default=False)
    complained_of: Mapped[str] = mapped_column(default="")
    answers_version: Mapped[int] = mapped_column(default=0)
    source: Mapped[Source | None] = mapped_column(enum_type(Source, "source"))
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    given_name: Mapped[str] = mapped_column(default="", info={"personal": True})
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    given_at: Mapped[Utc | None]
    received_at: Mapped[Utc | None]
    remind_at: Mapped[Utc | None]
    note: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[Utc | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    served_at: Mapped[Utc]
    last_event_at: Mapped[Utc]

    company: Mapped[Company] = relationship()
    order: Mapped[WorkOrder] = relationship()
    request: Mapped[ServiceRequest] = relationship()
    product: Mapped[Product] = relationship()
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    technician: Mapped[Account] = relationship(foreign_keys=technician_id)
    given_by: Mapped[Account | None] = relationship(foreign_keys=given_by_id)
    entered_by: Mapped[Account | None] = relationship(foreign_keys=entered_by_id)
    settled_by: Mapped[Account | None] = relationship(foreign_keys=settled_by_id)

    @property
    def is_given(self) -> bool:
        return self.state in RATED


class RatingLink(Base):
    """A mailed link to one rating, which works once and needs no account. Only the hash of its code is kept.

    `account_id` is whom it was mailed to; None for a contact without an account.
    """

    __tablename__ = "rating_link"
    machinery = True

    id: Mapped[BigId] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(sa.ForeignKey("service_rating.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[Utc]
    expires_at: Mapped[Utc]
    used_at: Mapped[Utc | None]

    rating: Mapped[ServiceRating] = relationship()
    account: Mapped[Account | None] = relationship()
