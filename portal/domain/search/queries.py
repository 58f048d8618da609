"""What somebody finds: by one question, over all that they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import search
from portal.core.permissions import Person, visible_to
from portal.core.search import Arm, Clause, Hit, Way
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.devices.queries import DEVICES
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P, Scope
from portal.domain.search.entries import NOUNS, OF_A_DEVICE, OF_A_REQUEST, Kind
from portal.domain.servicing.models import RequestMessage, ServiceRequest
from portal.domain.servicing.queries import REQUESTS

WHOLE_PAGE = 50
A_FEW = 6

GROUPS = (Kind.DEVICE, Kind.REQUEST, Kind.ORGANISATION, Kind.PRODUCT)
SEES = {
    Kind.DEVICE: (P.DEVICE_SEE,),
    Kind.FITTED: (P.DEVICE_SEE,),
    Kind.REQUEST: (P.REQUEST_SEE,),
    Kind.MESSAGE: (P.REQUEST_SEE,),
    Kind.NOTE: (P.REQUEST_NOTE, P.TRAIL_SEE),
    Kind.PART: (P.REQUEST_SEE,),
    Kind.ORGANISATION: (P.ORGANISATION_SEE,),
    Kind.PRODUCT: (P.PRODUCT_SEE,),
}
"""Kind → the permissions of which one lets its entries be found."""


@dataclass(frozen=True)
class Group:
    """What was found of one kind: rows as the lists of that kind have them, newest first."""

    kind: Kind
    rows: list[Any] = field(default_factory=list)
    more: bool = False


def groups(
    session: Session,
    person: Person,
    typed: str,
    kinds: Sequence[Kind] = GROUPS,
    size: int = A_FEW,
    *,
    within: Organisation | None = None,
) -> list[Group]:
    """What `person` finds by what they typed, in the order of `kinds`; kinds without a hit are left out.

    Devices: rows of DEVICES. Requests: rows of REQUESTS, then the message that was found, or None. Organisations and
    products: (uid, name, detail). `within`: of one hospital only.
    """
    wanted = [*search.clauses(typed), *_of_hospital(within)]
    hits = search.find(session, wanted, _arms(person, kinds), size + 1)
    found = {kind: [hit for hit in hits if _group_of(hit) is kind] for kind in kinds}
    rows = {
        Kind.DEVICE: lambda ids: _devices(session, person, ids),
        Kind.REQUEST: lambda ids: _requests(session, person, ids, found[Kind.REQUEST]),
    }
    named = _named(session, person, {kind: _ids(found[kind]) for kind in kinds if kind not in rows})
    made = []
    for kind in kinds:
        ids = _ids(found[kind])
        by_id = rows[kind](ids) if ids and kind in rows else named.get(kind, {})
        shown = [by_id[n] for n in ids if n in by_id]
        if shown:
            made.append(Group(kind, shown[:size], len(shown) > size))
    return made


def _of_hospital(within: Organisation | None) -> list[Clause]:
    if within is None:
        return []
    marks = (f"s{NOUNS[kind]}{Scope.ORGANISATION}{within.id}" for kind in (Kind.DEVICE, Kind.REQUEST))
    return [tuple(Way((mark,)) for mark in marks)]


def _arms(person: Person, kinds: Sequence[Kind]) -> list[Arm]:
    """A request is found by its messages, notes and parts too, a device by the parts that were put into it."""
    wanted = [kind for kind in Kind if _heads(kind) in kinds]
    return [Arm(kind, NOUNS[kind], _reach(person, SEES[kind])) for kind in wanted]


def _reach(person: Person, permissions: Sequence[P]) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for permission in permissions:
        for scope, ids in person.reach(permission).items():
            found[scope] = found.get(scope, frozenset()) | ids
    return found


def _group_of(hit: Hit) -> Kind:
    return _heads(Kind(hit.kind))


def _heads(kind: Kind) -> Kind:
    """The kind of the record that an entry of this kind leads to."""
    return Kind.REQUEST if kind in OF_A_REQUEST else Kind.DEVICE if kind in OF_A_DEVICE else kind


def _ids(hits: Sequence[Hit]) -> list[int]:
    return list(dict.fromkeys(hit.record_id for hit in hits))


def _devices(session: Session, person: Person, ids: Sequence[int]) -> dict[int, Any]:
    mine = visible_to(person, Device, P.DEVICE_SEE)
    statement = sa.select(DEVICES.id.label("_id"), *DEVICES.columns).select_from(DEVICES.source)
    return {row[0]: tuple(row[1:]) for row in session.execute(statement.where(DEVICES.id.in_(ids), mine))}


def _requests(session: Session, person: Person, ids: Sequence[int], hits: Sequence[Hit]) -> dict[int, Any]:
    """The rows, each with the message by which alone it was found."""
    parts = {hit.record_id: hit.part_id for hit in reversed(hits)}
    parts |= {hit.record_id: 0 for hit in hits if hit.kind in (Kind.REQUEST, Kind.PART)}
    message = RequestMessage.__table__
    said = sa.and_(message.c.request_id == REQUESTS.id, message.c.id.in_([n for n in parts.values() if n]))
    source = REQUESTS.source.outerjoin(message, said)
    statement = sa.select(REQUESTS.id.label("_id"), *REQUESTS.columns, message.c.body).select_from(source)
    mine = visible_to(person, ServiceRequest, P.REQUEST_SEE)
    return {row[0]: tuple(row[1:]) for row in session.execute(statement.where(REQUESTS.id.in_(ids), mine))}


def _named(session: Session, person: Person, ids: Mapping[Kind, Sequence[int]]) -> dict[Kind, dict[int, Any]]:
    """Organisations and products in one statement: uid, name, and what tells them apart."""
    sources = {
        Kind.ORGANISATION: (Organisation, Organisation.province, P.ORGANISATION_SEE),
        Kind.PRODUCT: (Product, Product.model, P.PRODUCT_SEE),
    }
    selects = []
    for kind, wanted in ids.items():
        model, detail, permission = sources[kind]
        columns = (sa.literal(kind.value).label("kind"), model.id, model.uid, model.name, detail.label("detail"))
        if wanted:
            selects.append(sa.select(*columns).where(model.id.in_(wanted), visible_to(person, model, permission)))
    found: dict[Kind, dict[int, Any]] = {}
    for kind, n, *row in session.execute(sa.union_all(*selects)) if selects else ():
        found.setdefault(Kind(kind), {})[n] = tuple(row)
    return found
