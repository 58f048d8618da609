"""Who looks into a request: rows by kind and concern, the most particular one first (003-c 第7条, 第21–24条)."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Person
from portal.core.verbs import ANY, NEW, Lifecycle, Verb, setting
from portal.domain.permissions import P
from portal.domain.servicing.models import RequestRoute
from portal.domain.servicing.words import Concern, Division, Kind

ADD = Verb("add", on=NEW, permission=P.ROUTE_EDIT, label=Message("Add route"))
CHANGE = Verb("change", on=ANY, permission=P.ROUTE_EDIT, label=Message("Change route"))
ROUTE_LIFECYCLE = Lifecycle(RequestRoute, None, [ADD, CHANGE])


class Shipped(NamedTuple):
    kind: Kind | None
    concern: Concern | None
    division: Division


SHIPPED = (
    Shipped(Kind.COMPLAINT, Concern.PRODUCT, Division.QUALITY),
    Shipped(Kind.RETURN, None, Division.LOGISTICS),
    Shipped(None, Concern.PACKAGING, Division.LOGISTICS),
    Shipped(None, Concern.CONDUCT, Division.MANAGER),
    Shipped(Kind.SUGGESTION, None, Division.MANAGER),
    Shipped(None, None, Division.SERVICE),
)


def install(session: Session) -> int:
    """Add the shipped routes where there are none; returns how many were made."""
    if session.scalar(sa.select(RequestRoute.id).limit(1)) is not None:
        return 0
    for row in SHIPPED:
        perform(session, ADD, RequestRoute(**row._asdict()), SYSTEM)
    return len(SHIPPED)


def division(session: Session, kind: Kind, concern: Concern) -> Division:
    """Who looks into it: the row of kind and concern, else of the concern, else of the kind, else of neither."""
    of_kind = sa.or_(RequestRoute.kind == kind, RequestRoute.kind.is_(None))
    of_concern = sa.or_(RequestRoute.concern == concern, RequestRoute.concern.is_(None))
    rows = session.scalars(sa.select(RequestRoute).where(of_kind, of_concern)).all()
    best = max(rows, key=lambda row: (row.concern is not None, row.kind is not None), default=None)
    return best.division if best else Division.SERVICE


def routes(session: Session) -> list[RequestRoute]:
    """All routes, the most particular first."""
    rows = session.scalars(sa.select(RequestRoute).order_by(RequestRoute.id)).all()
    return sorted(rows, key=lambda row: (row.concern is None, row.kind is None))


def change(session: Session, route: RequestRoute, person: Person, to: Division) -> None:
    """Send such requests to another division from now on."""
    perform(session, CHANGE, route, person, setting({"division": to}))
