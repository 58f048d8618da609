"""Lists of complaints."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.catalog.models import Product
from portal.domain.complaints.models import Complaint, State
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.policies.models import Milestone
from portal.domain.servicing.models import ServiceRequest

C, D, PR, O = (m.__table__ for m in (Complaint, Device, Product, Organisation))  # noqa: E741

COMPLAINTS = Listing(
    columns=(
        C.c.uid,
        C.c.number,
        C.c.state,
        C.c.harm,
        C.c.is_event,
        C.c.content,
        C.c.opened_at,
        PR.c.name,
        IDENTITY,
        O.c.name,
    ),
    source=C.join(D, D.c.id == C.c.device_id)
    .join(PR, PR.c.id == D.c.product_id)
    .join(O, O.c.id == C.c.organisation_id),
    key=C.c.opened_at,
    id=C.c.id,
)
"""uid, number, state, harm, is it an event, content, opened at, product name, serial or lot, organisation name."""


def complaints(session: Session, person: Person, states: Sequence[State] = (), cursor: str | None = None) -> Page:
    """Complaints that `person` may see, newest first; rows as COMPLAINTS says."""
    conditions = [C.c.state.in_(list(states))] if states else []
    return page(session, COMPLAINTS, arms(person, Complaint, P.COMPLAINT_SEE), conditions, cursor)


def of_device(session: Session, person: Person, device_id: int, limit: int = 20) -> list[Complaint]:
    """The newest complaints about a device that `person` may see."""
    reach = arms(person, Complaint, P.COMPLAINT_SEE)
    mine = sa.select(Complaint).where(sa.or_(sa.false(), *reach), Complaint.device_id == device_id)
    return list(session.scalars(mine.order_by(Complaint.id.desc()).limit(limit)))


def noted(session: Session, complaint: Complaint) -> list[Milestone]:
    """What was recorded by hand about a complaint, the latest first."""
    mine = sa.select(Milestone).where(Milestone.root_kind == complaint.__tablename__, Milestone.root_id == complaint.id)
    return list(session.scalars(mine.order_by(Milestone.occurred_at.desc()).limit(20)))


def whole() -> list:
    """Loader options for a complaint's page."""
    return [
        joinedload(Complaint.device).joinedload(Device.product),
        joinedload(Complaint.organisation),
        joinedload(Complaint.request).selectinload(ServiceRequest.screens),
    ]
