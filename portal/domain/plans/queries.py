"""Repair plans of an order, and the price list."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.core import figures
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
