"""Writing entries anew: all of them, or those that carry the name of one record. In steps, each a short transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.core import clock, search
from portal.core.search import Findable
from portal.domain.answers.models import KnownAnswer
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Organisation, Site
from portal.domain.search import entries
from portal.domain.search.entries import Kind
from portal.domain.servicing.models import PartUsed, RequestMessage, ServiceRequest, WorkOrder

STEP = 200
"""Records in one transaction: some tens of milliseconds under the lock."""

Writing = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Source:
    """Records of one kind, with what their entries need of others."""

    kind: Kind
    model: Any
    options: tuple[Any, ...] = ()
    findable: Callable[[Any], Findable] | None = None

    def write(self, session: Session, record: Any) -> None:
        if self.findable is not None:
            entries.keep(session, self.kind, record, self.findable(record))
        elif self.kind is Kind.PART:
            entries.keep_parts(session, record)
        else:
            entries.keep_message(session, record)


PLACE = (joinedload(Device.product), joinedload(Device.organisation), joinedload(Device.site))
ORGANISATIONS = Source(
    Kind.ORGANISATION,
    Organisation,
    (selectinload(Organisation.sites).selectinload(Site.departments), selectinload(Organisation.contacts)),
    entries.of_organisation,
)
PRODUCTS = Source(Kind.PRODUCT, Product, (), entries.of_product)
ANSWERS = Source(Kind.ANSWER, KnownAnswer, (), entries.of_answer)
DEVICES = Source(Kind.DEVICE, Device, (*PLACE, joinedload(Device.department)), entries.of_device)
REQUESTS = Source(
    Kind.REQUEST,
    ServiceRequest,
    (joinedload(ServiceRequest.device).joinedload(Device.product), joinedload(ServiceRequest.organisation)),
    entries.of_request,
)
PARTS = Source(
    Kind.PART,
    WorkOrder,
    (joinedload(WorkOrder.request).joinedload(ServiceRequest.device), selectinload(WorkOrder.parts)),
)
MESSAGES = Source(Kind.MESSAGE, RequestMessage, (joinedload(RequestMessage.request),))

WHOLE = (ORGANISATIONS, PRODUCTS, ANSWERS, DEVICES, REQUESTS, MESSAGES)

BEARERS: dict[Kind, tuple[tuple[Source, Any], ...]] = {
    Kind.ORGANISATION: ((DEVICES, Device.organisation_id), (REQUESTS, ServiceRequest.organisation_id)),
    Kind.PRODUCT: ((DEVICES, Device.product_id),),
    Kind.DEVICE: ((REQUESTS, ServiceRequest.device_id),),
}
"""Whose entries carry the name of a record of this kind, and by which column they belong to it."""


def rebuild(writing: Writing) -> int:
    """Write every entry anew and remove those of records that are gone. Returns how many there are."""
    began = clock.now()
    count = sum(_walk(writing, source) for source in WHOLE)
    count += 2 * _walk(writing, PARTS, WorkOrder.id.in_(sa.select(PartUsed.order_id)))
    with writing() as session:
        session.execute(sa.delete(search.E).where(search.E.c.updated_at < began))
    return count


def refresh(writing: Writing, kind: Kind, record_id: int) -> int:
    """Write the entries anew that carry the name of this record. Returns how many."""
    return sum(_walk(writing, source, column == record_id) for source, column in BEARERS[kind])


def _walk(writing: Writing, source: Source, *conditions: sa.ColumnElement[bool]) -> int:
    return sum(_steps(writing, source, conditions))


def _steps(writing: Writing, source: Source, conditions: Any) -> Iterator[int]:
    last, full = 0, True
    while full:
        with writing() as session:
            model = source.model
            here = sa.select(model).where(model.id > last, *conditions).options(*source.options)
            records = session.scalars(here.order_by(model.id).limit(STEP)).all()
            for record in records:
                source.write(session, record)
            full, last = len(records) == STEP, records[-1].id if records else last
        yield len(records)
