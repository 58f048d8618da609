"""Repair plans of an order, and the price list."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.core import figures
from portal.core.errors import Message
from portal.core.files import Attachment, File
from portal.domain.plans.models import PriceItem, RepairPlan
from portal.domain.servicing.models import WorkOrder

figures.declare("offer_days", 14, "days", "operating decision: an offer holds two weeks")


def of_order(session: Session, order: WorkOrder) -> list[RepairPlan]:
    """All plans of a work order with their lines, the newest first."""
    mine = sa.select(RepairPlan).where(RepairPlan.order_id == order.id).options(selectinload(RepairPlan.lines))
    return list(session.scalars(mine.order_by(RepairPlan.revision.desc())))


def prices(session: Session, company_id: int, on: date) -> list[PriceItem]:
    """The prices of a company in force on the day `on`, by code."""
    known = sa.select(PriceItem).where(PriceItem.company_id == company_id, PriceItem.valid_from <= on)
    known = known.where(sa.or_(PriceItem.valid_until.is_(None), PriceItem.valid_until >= on))
    return list(session.scalars(known.order_by(PriceItem.code)))


def price_list(session: Session) -> list[PriceItem]:
    """Every price, those no longer in force too, by code."""
    return list(session.scalars(sa.select(PriceItem).order_by(PriceItem.code, PriceItem.id)))


EVIDENCE = "exclusion"
"""Purpose of files that prove why cover is excluded."""

PAPERS = {"approval": Message("Approval"), "purchase_order": Message("Purchase order")}
"""Purposes of files that the hospital gives with its consent."""


def has_evidence(session: Session, plan: RepairPlan) -> bool:
    """Whether this plan, or an earlier one of its order, carries proof of an exclusion."""
    proof = _attached(plan).where(Attachment.purpose == EVIDENCE).with_only_columns(Attachment.id)
    return session.scalar(proof.limit(1)) is not None


def files(session: Session, plan: RepairPlan) -> Sequence[tuple[Attachment, File]]:
    """The files at this plan and at earlier ones of its order, oldest first: what proves an exclusion, and papers."""
    return session.execute(_attached(plan)).all()


def _attached(plan: RepairPlan) -> sa.Select[tuple[Attachment, File]]:
    plans = sa.select(RepairPlan.id).where(RepairPlan.order_id == plan.order_id)
    found = sa.select(Attachment, File).join(File, File.id == Attachment.file_id)
    found = found.where(Attachment.root_kind == plan.__tablename__, Attachment.root_id.in_(plans))
    return found.order_by(Attachment.id)
