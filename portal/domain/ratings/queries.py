"""Lists of ratings, and the one of a service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.core.errors import NotYours
from portal.core.listing import Listing, Page, page
from portal.core.permissions import Person, arms, visible_to
from portal.domain.accounts.models import Account
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.ratings.models import ServiceRating
from portal.domain.ratings.words import RATED, RatingState, Source
from portal.domain.servicing.models import ServiceRequest, WorkOrder

R, Q, O, A, PR = (m.__table__ for m in (ServiceRating, ServiceRequest, Organisation, Account, Product))  # noqa: E741

RATINGS = Listing(
    columns=(
        R.c.uid,
        R.c.number,
        R.c.state,
        R.c.score,
        R.c.source,
        R.c.opinion,
        R.c.last_event_at,
        Q.c.number,
        O.c.name,
        A.c.name,
        PR.c.name,
    ),
    source=R.join(Q, Q.c.id == R.c.request_id)
    .join(O, O.c.id == R.c.organisation_id)
    .join(A, A.c.id == R.c.technician_id)
    .join(PR, PR.c.id == R.c.product_id),
    key=R.c.last_event_at,
    id=R.c.id,
)
"""uid, number, state, score, source, opinion, last event at, request number, organisation, technician, product name."""


def ratings(
    session: Session,
    person: Person,
    *,
    states: Sequence[RatingState] = RATED,
    score: int | None = None,
    source: Source | None = None,
    organisation_id: int | None = None,
    technician_id: int | None = None,
    product_id: int | None = None,
    given: tuple[datetime, datetime] | None = None,
    cursor: str | None = None,
) -> Page:
    """Ratings that `person` may see, what happened last first; rows as RATINGS says. `given`: from, and before."""
    chosen = {
        R.c.score: score,
        R.c.source: source,
        R.c.organisation_id: organisation_id,
        R.c.technician_id: technician_id,
        R.c.product_id: product_id,
    }
    conditions = [R.c.state.in_(list(states)), *(c == value for c, value in chosen.items() if value is not None)]
    if given is not None:
        conditions += [R.c.given_at >= given[0], R.c.given_at < given[1]]
    return page(session, RATINGS, arms(person, ServiceRating, P.RATING_SEE), conditions, cursor)


def of_order(session: Session, order: WorkOrder) -> ServiceRating | None:
    """The rating of a work order."""
    return session.scalars(sa.select(ServiceRating).where(ServiceRating.order_id == order.id)).one_or_none()


def of_request(session: Session, person: Person, request: ServiceRequest) -> ServiceRating | None:
    """The newest rating of a request that `person` may see."""
    mine = sa.select(ServiceRating).where(ServiceRating.request_id == request.id)
    mine = mine.where(visible_to(person, ServiceRating, P.RATING_SEE))
    return session.scalars(mine.order_by(ServiceRating.id.desc()).limit(1)).first()


def waiting(session: Session, person: Person, since: datetime, size: int = 3) -> list[ServiceRating]:
    """Services that ended after `since` (aware) and that `person` is asked to rate, the newest first."""
    reach = arms(person, ServiceRating, P.RATING_GIVE)
    if not reach:
        return []
    asked = sa.select(ServiceRating).where(sa.or_(*reach), ServiceRating.state == RatingState.ASKED)
    asked = asked.where(ServiceRating.served_at >= since).order_by(ServiceRating.served_at.desc()).limit(size)
    return list(session.scalars(asked.options(joinedload(ServiceRating.request), joinedload(ServiceRating.product))))


RATED_ONES = {Account: ServiceRating.technician_id, Product: ServiceRating.product_id}


def rated(session: Session, person: Person, model: type, uid: str) -> Any:
    """The technician or product of this uid, where `person` may see a rating of theirs. Raises NotYours."""
    seen = sa.select(RATED_ONES[model]).where(visible_to(person, ServiceRating, P.RATING_SEE))
    found = session.scalars(sa.select(model).where(model.uid == uid, model.id.in_(seen))).one_or_none()
    if found is None:
        raise NotYours()
    return found


def whole() -> list:
    """Loader options for a rating's page."""
    request = joinedload(ServiceRating.request)
    people = (ServiceRating.technician, ServiceRating.given_by, ServiceRating.entered_by, ServiceRating.settled_by)
    rest = (ServiceRating.company, ServiceRating.organisation, ServiceRating.product, ServiceRating.order)
    return [request.joinedload(ServiceRequest.device).joinedload(Device.product), *map(joinedload, (*people, *rest))]
