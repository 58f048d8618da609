"""Lists of servicing: requests and orders, as rows for tables."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core.deadlines import Clock
from portal.core.listing import PAGE, Listing, Page, page
from portal.core.permissions import Person, arms
from portal.core.weeks import Span
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.checklists.models import Checklist, ChecklistVersion, TestSheet
from portal.domain.checklists.words import SheetState
from portal.domain.devices.models import IDENTITY, Device
from portal.domain.documents.models import Document
from portal.domain.documents.models import State as DocumentState
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.policies.queries import Pressing, cases
from portal.domain.releases.models import ReleaseReason
from portal.domain.servicing.models import EarlyRelease, ServiceRequest, WorkOrder
from portal.domain.servicing.words import OPEN_ORDERS, OPEN_REQUESTS, EarlyState, OrderState, RequestState, Urgency

R, O = ServiceRequest.__table__, WorkOrder.__table__  # noqa: E741
_technician = sa.orm.aliased(Account.__table__)

REQUESTS = Listing(
    columns=(
        R.c.number,
        R.c.state,
        R.c.urgency,
        R.c.symptom,
        R.c.reported_at,
        Product.__table__.c.name,
        IDENTITY,
        Organisation.__table__.c.name,
        _technician.c.name,
    ),
    source=R.join(Device.__table__, Device.__table__.c.id == R.c.device_id)
    .join(Product.__table__, Product.__table__.c.id == Device.__table__.c.product_id)
    .join(Organisation.__table__, Organisation.__table__.c.id == R.c.organisation_id)
    .outerjoin(_technician, _technician.c.id == R.c.technician_id),
    key=R.c.reported_at,
    id=R.c.id,
)
"""number, state, urgency, symptom, reported_at, product name, serial or lot, organisation name, technician's name."""

BY_APPOINTMENT = Listing(
    columns=(),
    source=O,
    key=sa.func.coalesce(O.c.appointment_from, O.c.dispatched_at),
    id=O.c.id,
    newest_first=False,
)
LONGEST_WAITING = Listing(columns=(), source=O, key=O.c.last_event_at, id=O.c.id, newest_first=False)


T = TestSheet.__table__
SHEETS = Listing(
    columns=(
        T.c.uid,
        T.c.attempt,
        T.c.last_event_at,
        Checklist.__table__.c.name,
        O.c.number,
        Product.__table__.c.name,
        Product.__table__.c.model,
        Organisation.__table__.c.name,
        _technician.c.name,
    ),
    source=T.join(O, O.c.id == T.c.order_id)
    .join(ChecklistVersion.__table__, ChecklistVersion.__table__.c.id == T.c.version_id)
    .join(Checklist.__table__, Checklist.__table__.c.id == ChecklistVersion.__table__.c.checklist_id)
    .join(Product.__table__, Product.__table__.c.id == T.c.product_id)
    .join(Organisation.__table__, Organisation.__table__.c.id == T.c.organisation_id)
    .join(_technician, _technician.c.id == T.c.technician_id),
    key=T.c.last_event_at,
    id=T.c.id,
    newest_first=False,
)
"""uid, attempt, since when, checklist, order's number, product, model, organisation, technician's name."""

E, C = EarlyRelease.__table__, Clock.__table__
EARLY = Listing(
    columns=(
        O.c.number,
        Product.__table__.c.name,
        IDENTITY,
        Organisation.__table__.c.name,
        _technician.c.name,
        ReleaseReason.__table__.c.name,
        E.c.released_at,
        C.c.name,
        C.c.state,
        C.c.due_at,
    ),
    source=E.join(C, sa.and_(C.c.root_kind == E.name, C.c.root_id == E.c.id))
    .join(O, O.c.id == E.c.order_id)
    .join(R, R.c.id == O.c.request_id)
    .join(Device.__table__, Device.__table__.c.id == R.c.device_id)
    .join(Product.__table__, Product.__table__.c.id == Device.__table__.c.product_id)
    .join(Organisation.__table__, Organisation.__table__.c.id == E.c.organisation_id)
    .join(ReleaseReason.__table__, ReleaseReason.__table__.c.id == E.c.reason_id)
    .join(_technician, _technician.c.id == E.c.technician_id),
    key=C.c.due_at,
    id=E.c.id,
    newest_first=False,
)
"""order's number, product, identity, organisation, technician's name, reason, released at, clock, its state, due at."""


def to_review(session: Session, person: Person, cursor: str | None = None) -> Page:
    """The releases that `person` may review and that wait for it, the earliest due first; rows as EARLY says."""
    return page(session, EARLY, arms(person, EarlyRelease, P.ORDER_RELEASE), [E.c.state == EarlyState.DUE], cursor)


def count_to_review(session: Session, person: Person) -> int:
    """How many of them there are."""
    reach = arms(person, EarlyRelease, P.ORDER_RELEASE)
    found = sa.select(sa.func.count()).select_from(E).where(sa.or_(*reach), E.c.state == EarlyState.DUE)
    return session.scalar(found) if reach else 0


MISSING = sa.and_(T.c.state == SheetState.OPEN, O.c.state.in_(OPEN_ORDERS))
_OWED = sa.select(EarlyRelease.order_id).where(EarlyRelease.state == EarlyState.DUE)
UNREVIEWED = sa.and_(T.c.state == SheetState.COMPLETE, sa.or_(O.c.state == OrderState.TO_RELEASE, O.c.id.in_(_OWED)))
"""Which sheets wait for their readings, and which for a second person (QCR-6)."""


def sheets(session: Session, person: Person, which: sa.ColumnElement[bool], cursor: str | None = None) -> Page:
    """Test sheets that `person` may review and that wait, longest waiting first; rows as SHEETS says."""
    return page(session, SHEETS, arms(person, TestSheet, P.SHEET_REVIEW), [which], cursor)


def count_sheets(session: Session, person: Person, which: sa.ColumnElement[bool]) -> int:
    """How many of them there are."""
    reach = arms(person, TestSheet, P.SHEET_REVIEW)
    found = sa.select(sa.func.count()).select_from(T.join(O, O.c.id == T.c.order_id)).where(sa.or_(*reach), which)
    return session.scalar(found) if reach else 0


def requests(
    session: Session,
    person: Person,
    *,
    states: Sequence[RequestState] = (),
    urgency: Urgency | None = None,
    device_id: int | None = None,
    organisation_id: int | None = None,
    pressing: Pressing | None = None,
    first_handler_id: int | None = None,
    cursor: str | None = None,
    size: int = 25,
) -> Page:
    """Requests that `person` may see, newest first; rows as REQUESTS says. `pressing`: with a promise that does."""
    conditions = []
    if pressing is not None:
        conditions.append(R.c.id.in_(cases(ServiceRequest.__tablename__, pressing)))
    if states:
        conditions.append(R.c.state.in_(list(states)))
    if urgency is not None:
        conditions.append(R.c.urgency == urgency)
    if device_id is not None:
        conditions.append(R.c.device_id == device_id)
    if organisation_id is not None:
        conditions.append(R.c.organisation_id == organisation_id)
    if first_handler_id is not None:
        conditions.append(R.c.first_handler_id == first_handler_id)
    return page(session, REQUESTS, arms(person, ServiceRequest, P.REQUEST_SEE), conditions, cursor, size)


def open_requests(session: Session, person: Person, size: int = 5) -> list:
    """The newest open requests."""
    return requests(session, person, states=OPEN_REQUESTS, size=size).rows


def history(session: Session, device_id: int, size: int = 5) -> list[ServiceRequest]:
    """The newest requests about one device, for whoever is at work on it, whoever worked on it before."""
    statement = sa.select(ServiceRequest).where(ServiceRequest.device_id == device_id)
    statement = statement.options(joinedload(ServiceRequest.technician)).limit(size)
    return list(session.execute(statement.order_by(R.c.reported_at.desc(), R.c.id.desc())).scalars())


def open_counts(session: Session, person: Person, organisation_ids: Sequence[int]) -> dict[int, int]:
    """Organisation id → how many of its open requests `person` may see."""
    reach = arms(person, ServiceRequest, P.REQUEST_SEE)
    if not reach or not organisation_ids:
        return {}
    statement = sa.select(R.c.organisation_id, sa.func.count()).where(sa.or_(*reach), R.c.state.in_(OPEN_REQUESTS))
    statement = statement.where(R.c.organisation_id.in_(organisation_ids)).group_by(R.c.organisation_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def reports_of(session: Session, person: Person, device_id: int, size: int = 20) -> list[Document]:
    """The newest issued papers of the work on a device, as far as `person` may see them."""
    reach = arms(person, Document, P.DOCUMENT_SEE)
    if not reach:
        return []
    about = sa.select(WorkOrder.id).join(ServiceRequest).where(ServiceRequest.device_id == device_id)
    statement = sa.select(Document).where(
        sa.or_(*reach),
        Document.root_kind == WorkOrder.__tablename__,
        Document.root_id.in_(about),
        Document.state == DocumentState.ISSUED,
    )
    return list(session.execute(statement.order_by(Document.id.desc()).limit(size)).scalars())


def whole() -> list:
    """Loader options for a request's page: everything it shows, in few statements."""
    return [
        joinedload(ServiceRequest.device).joinedload(Device.product),
        joinedload(ServiceRequest.organisation),
        joinedload(ServiceRequest.site),
        joinedload(ServiceRequest.department),
        joinedload(ServiceRequest.technician),
        selectinload(ServiceRequest.messages),
        selectinload(ServiceRequest.orders).joinedload(WorkOrder.technician),
    ]


def orders_of(
    session: Session,
    person: Person,
    permission: P,
    *,
    states: Sequence[OrderState] = OPEN_ORDERS,
    listing: Listing = BY_APPOINTMENT,
    cursor: str | None = None,
    size: int = PAGE,
) -> Page:
    """Work orders within the scope of `permission`, whole; in the order of `listing`."""
    found = page(session, listing, arms(person, WorkOrder, permission), [O.c.state.in_(list(states))], cursor, size)
    statement = sa.select(WorkOrder).where(WorkOrder.id.in_(found.rows))
    statement = statement.options(
        joinedload(WorkOrder.request).joinedload(ServiceRequest.device).joinedload(Device.product),
        joinedload(WorkOrder.organisation),
        joinedload(WorkOrder.site),
        joinedload(WorkOrder.technician),
    )
    by_id = {order.id: order for order in session.execute(statement).scalars()} if found.rows else {}
    return replace(found, rows=[by_id[order_id] for order_id in found.rows if order_id in by_id])


def appointments(session: Session, technician_ids: Iterable[int], span: Span) -> list[WorkOrder]:
    """Work orders of these technicians whose appointment begins within `span`, in order; cancelled ones aside."""
    mine = sa.select(WorkOrder).where(WorkOrder.technician_id.in_(list(technician_ids)))
    agreed = WorkOrder.appointment_from >= span.start, WorkOrder.appointment_from < span.end
    mine = mine.where(*agreed, WorkOrder.state != OrderState.CANCELLED)
    about = joinedload(WorkOrder.request).joinedload(ServiceRequest.device).joinedload(Device.product)
    parts = about, joinedload(WorkOrder.organisation), joinedload(WorkOrder.site)
    return list(session.scalars(mine.options(*parts).order_by(WorkOrder.appointment_from, WorkOrder.id)))
