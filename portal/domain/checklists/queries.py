"""Lists of checklists, and which of them hold for a device."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.domain.catalog.models import Product
from portal.domain.checklists.models import Checklist, ChecklistUse, ChecklistVersion, TestSheet
from portal.domain.checklists.words import Purpose, VersionState


def all_checklists(session: Session) -> list[Checklist]:
    """Every checklist with its versions and uses, in the order in which they were added."""
    whole = (selectinload(Checklist.versions), selectinload(Checklist.uses).joinedload(ChecklistUse.product))
    return list(session.scalars(sa.select(Checklist).options(*whole).order_by(Checklist.id)))


def whole() -> list:
    """Loader options for the page of one."""
    return [
        selectinload(Checklist.uses).joinedload(ChecklistUse.product),
        selectinload(Checklist.versions).selectinload(ChecklistVersion.items),
        selectinload(Checklist.versions).joinedload(ChecklistVersion.approved_by),
    ]


def sheets_whole() -> list:
    """Loader options for test sheets with all that they show."""
    version = joinedload(TestSheet.version)
    return [
        version.joinedload(ChecklistVersion.checklist),
        version.selectinload(ChecklistVersion.items),
        selectinload(TestSheet.readings),
        joinedload(TestSheet.technician),
        joinedload(TestSheet.reviewed_by),
    ]


def holding(session: Session, product: Product) -> list[ChecklistVersion]:
    """The published versions that hold for a model: of each purpose the most particular, first that after a repair."""
    of_product, of_class = ChecklistUse.product_id == product.id, ChecklistUse.risk_class == product.risk_class
    of_all = sa.and_(ChecklistUse.product_id.is_(None), ChecklistUse.risk_class.is_(None))
    fitting = (
        sa.select(ChecklistVersion, ChecklistUse)
        .join(Checklist, Checklist.id == ChecklistVersion.checklist_id)
        .join(ChecklistUse, ChecklistUse.checklist_id == Checklist.id)
        .where(ChecklistVersion.state == VersionState.PUBLISHED, sa.or_(of_product, of_class, of_all))
        .options(joinedload(ChecklistVersion.checklist))
        .order_by(ChecklistVersion.id)
    )
    best: dict[Purpose, tuple[int, ChecklistVersion]] = {}
    for version, use in session.execute(fitting):
        purpose = version.checklist.purpose
        if purpose not in best or use.rank > best[purpose][0]:
            best[purpose] = (use.rank, version)
    return [best[purpose][1] for purpose in Purpose if purpose in best]
