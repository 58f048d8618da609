"""Lists of ward reports, what the public page of a device shows, and how a hospital's sites let wards report."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms
from portal.domain.catalog.models import Product
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.organisations.models import Department, Site
from portal.domain.permissions import P
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import OPEN_REQUESTS
from portal.domain.wards.models import WardDesk, WardReport
from portal.domain.wards.words import ReportState

W, D, PR, SI, DE = (m.__table__ for m in (WardReport, Device, Product, Site, Department))

REPORTS = Listing(
    columns=(W.c.number, W.c.state, W.c.symptom, W.c.reported_at, PR.c.name, IDENTITY, SI.c.name, DE.c.name),
    source=W.join(D, D.c.id == W.c.device_id)
    .join(PR, PR.c.id == D.c.product_id)
    .join(SI, SI.c.id == W.c.site_id)
    .outerjoin(DE, DE.c.id == W.c.department_id),
    key=W.c.reported_at,
    id=W.c.id,
)
"""number, state, symptom, reported_at, product name, serial or lot, site name, department name (None where unknown)."""


def reports(
    session: Session,
    person: Person,
    *,
    states: Sequence[ReportState] = (),
    cursor: str | None = None,
    size: int = 25,
) -> Page:
    """Ward reports that `person` may see, newest first; rows as REPORTS says."""
    conditions = [W.c.state.in_(list(states))] if states else []
    return page(session, REPORTS, arms(person, WardReport, P.WARD_REPORT_SEE), conditions, cursor, size)


def waiting(session: Session, person: Person) -> int:
    """How many reports wait for `person`'s equipment department."""
    reach = arms(person, WardReport, P.WARD_REPORT_SETTLE)
    if not reach:
        return 0
    statement = sa.select(sa.func.count()).select_from(W).where(sa.or_(*reach), W.c.state == ReportState.REPORTED)
    return session.scalar(statement) or 0


def whole() -> list:
    """Loader options for a report's page."""
    return [
        joinedload(WardReport.device).joinedload(Device.product),
        joinedload(WardReport.site),
        joinedload(WardReport.department),
        joinedload(WardReport.settled_by),
        joinedload(WardReport.request).selectinload(ServiceRequest.orders),
        joinedload(WardReport.same_as),
    ]


def by_label(session: Session, code: str) -> Device | None:
    """The device whose label bears this code, for its public page."""
    statement = sa.select(Device).where(Device.label_code == code)
    parts = (Device.product, Device.site, Device.department, Device.centre, Device.company)
    return session.scalars(statement.options(*map(joinedload, parts))).one_or_none()


def by_status_code(session: Session, code: str) -> WardReport | None:
    """The report that this link leads to, for whoever holds it."""
    return session.scalars(sa.select(WardReport).where(WardReport.status_code == code).options(*whole())).one_or_none()


def of_request(session: Session, request_id: int) -> list[WardReport]:
    """The ward reports that ended in a request, oldest first."""
    statement = sa.select(WardReport).where(WardReport.request_id == request_id).order_by(WardReport.id)
    return list(session.scalars(statement.options(joinedload(WardReport.settled_by))))


def open_requests_of(session: Session, device_id: int, size: int = 5) -> list[ServiceRequest]:
    """The newest open requests about a device, whoever reported them; what they say is not for everybody."""
    statement = sa.select(ServiceRequest).where(
        ServiceRequest.device_id == device_id, ServiceRequest.state.in_(OPEN_REQUESTS)
    )
    return list(session.scalars(statement.order_by(ServiceRequest.reported_at.desc()).limit(size)))


def waiting_reports_of(session: Session, device_id: int, size: int = 5) -> list[WardReport]:
    """The newest reports about a device that the equipment department has not looked at."""
    statement = sa.select(WardReport).where(WardReport.device_id == device_id, WardReport.state == ReportState.REPORTED)
    return list(session.scalars(statement.order_by(WardReport.reported_at.desc()).limit(size)))


def desk_of(session: Session, site_id: int) -> WardDesk | None:
    """How the wards of this site report; None where their hospital has not said."""
    return session.scalars(sa.select(WardDesk).where(WardDesk.site_id == site_id)).one_or_none()


def sites_and_desks(session: Session, person: Person) -> list[tuple[Site, WardDesk | None]]:
    """Every site whose wards `person` looks after, with how they report."""
    ids = person.reach(P.WARD_DESK_EDIT).get("organisation", frozenset())
    statement = sa.select(Site, WardDesk).outerjoin(WardDesk, WardDesk.site_id == Site.id)
    statement = statement.where(Site.organisation_id.in_(sorted(ids))).order_by(Site.id)
    return [tuple(row) for row in session.execute(statement.options(selectinload(Site.departments)))]
