"""By what each record can be found, and how the index follows every act.

`observe` runs inside the act's transaction, so that what was saved is found at once. What a name drags along (all
devices of a hospital that is called otherwise from today) is left to a job.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.core import outbox, search
from portal.core.search import Findable
from portal.core.text import sort_key
from portal.core.verbs import Act
from portal.domain.answers.models import KnownAnswer
from portal.domain.catalog.models import Product
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Contact, Department, Organisation, Site
from portal.domain.servicing.models import RequestMessage, ServiceRequest, WorkOrder

REFRESH = "search.refresh"


class Kind(StrEnum):
    """Kinds of entries. Messages and notes lead to their request; parts to it and to the device they were put into."""

    DEVICE = "device"
    FITTED = "fitted"
    REQUEST = "request"
    MESSAGE = "message"
    NOTE = "note"
    PART = "part"
    ORGANISATION = "organisation"
    PRODUCT = "product"
    ANSWER = "answer"


OF_A_REQUEST = (Kind.REQUEST, Kind.MESSAGE, Kind.NOTE, Kind.PART)
OF_A_DEVICE = (Kind.DEVICE, Kind.FITTED)

NOUNS = {kind: "request" if kind in OF_A_REQUEST else kind.value for kind in Kind} | {Kind.FITTED: "device"}
"""Kind → the noun in its scope tokens: the parts of a request lie within the scopes of the request."""

Changes = Mapping[str, list[Any]]


def observe(act: Act) -> None:
    """Let the index follow the act."""
    for instance, change in list(act.changes.items()):
        follow = FOLLOWERS.get(type(instance))
        if follow is not None:
            follow(act.session, instance, change["set"])


def is_new(changes: Changes) -> bool:
    """Whether the act made the record."""
    return "uid" in changes and changes["uid"][0] is None


def scopes_of(kind: Kind, record: Any) -> str:
    """The scopes of the record, or what else narrows a search for it (`search_columns`)."""
    columns = getattr(record, "search_columns", record.scope_columns)
    return search.scope_tokens(NOUNS[kind], columns, record)


def of_device(device: Device) -> Findable:
    """By its codes, its product, its place and its hospital, the hospital's nicknames too."""
    product, owner = device.product, device.organisation
    texts = [*_both(product.name), product.model, product.brand, product.registrant, device.room, device.keeper]
    texts += [*_of_owner(owner), *_both(device.site.name)]
    texts += _both(device.department.name) if device.department else []
    codes = (device.serial, device.lot, device.asset_number, device.number or "", device.udi_pi, product.udi_di)
    return Findable(texts, (*codes, product.model), (product.sort_key, owner.sort_key, _key(owner.nicknames)))


def of_request(request: ServiceRequest) -> Findable:
    """By its number, what was said, who said it, and the device that it is about."""
    device, owner = request.device, request.organisation
    texts = [request.symptom, request.cause_told, request.contact_name, *_both(device.product.name)]
    texts += [device.product.model, *_of_owner(owner)]
    codes = (request.number or "", request.contact_phone, device.serial, device.lot, device.asset_number)
    return Findable(texts, codes, (device.product.sort_key, owner.sort_key))


def of_organisation(organisation: Organisation) -> Findable:
    """By its names, nicknames, places and telephones, and by the people there."""
    texts = [*_of_owner(organisation), organisation.province, organisation.address]
    codes = [organisation.phone, organisation.licence_number]
    for site in organisation.sites:
        texts += [*_both(site.name), site.address]
        codes += [department.phone for department in site.departments]
    for contact in organisation.contacts:
        texts.append(contact.name)
        codes.append(contact.phone)
    return Findable(texts, codes, (organisation.sort_key, _key(organisation.nicknames)))


def of_answer(answer: KnownAnswer) -> Findable:
    """By its question and what it says."""
    return Findable([*_both(answer.question), *_both(answer.answer)])


def of_product(product: Product) -> Findable:
    """By its names, its model, its maker and its registration."""
    texts = [*_both(product.name), product.model, product.brand, product.registrant, product.registration_number]
    return Findable(texts, (product.model, product.udi_di, product.registration_number), (product.sort_key,))


def of_message(message: RequestMessage) -> Findable:
    return Findable([message.body])


def of_parts(order: WorkOrder) -> Findable:
    """By the numbers of what was put in and of what came out (RPR-11)."""
    numbers = [(part.serial_in, part.lot_in, part.serial_out, part.part_number) for part in order.parts]
    return Findable([part.name for part in order.parts], [number for row in numbers for number in row if number])


def _both(text: Any) -> list[str]:
    return [text.zh, text.en]


def _of_owner(organisation: Organisation) -> list[str]:
    return [*_both(organisation.name), organisation.nicknames]


def _key(nicknames: str) -> str:
    return sort_key(nicknames) if nicknames else ""


def keep(session: Session, kind: Kind, record: Any, findable: Findable, *, new: bool = False) -> None:
    """Write the entry of a record, as it stands now."""
    write = search.add if new else search.put
    write(session, kind, record.id, findable.tokens(kind), scopes_of(kind, record))


def keep_message(session: Session, message: RequestMessage, *, new: bool = False) -> None:
    """Write the entry of one message or internal note."""
    kind = Kind.NOTE if message.internal else Kind.MESSAGE
    write, scopes = search.add if new else search.put, scopes_of(kind, message.request)
    write(session, kind, message.request_id, of_message(message).tokens(kind), scopes, part_id=message.id)


def keep_parts(session: Session, order: WorkOrder) -> None:
    """Write the entries of the parts of one order: one leads to its request, one to its device."""
    found, request = of_parts(order), order.request
    for kind, record in ((Kind.PART, request), (Kind.FITTED, request.device)):
        if order.parts:
            search.put(session, kind, record.id, found.tokens(kind), scopes_of(kind, record), part_id=order.id)
        else:
            search.remove(session, kind, record.id, part_id=order.id)


def _order(session: Session, order: WorkOrder, changes: Changes) -> None:
    if "findings_version" in changes and not is_new(changes) and (order.parts or order.findings_version > 1):
        keep_parts(session, order)


def _device(session: Session, device: Device, changes: Changes) -> None:
    keep(session, Kind.DEVICE, device, of_device(device), new=is_new(changes))
    if not is_new(changes) and changes.keys() & {"serial", "lot", "asset_number"}:
        _refresh_later(session, Kind.DEVICE, device)


def _request(session: Session, request: ServiceRequest, changes: Changes) -> None:
    if is_new(changes) or changes.keys() & {"symptom", "contact_name", "contact_phone", "device_id"}:
        keep(session, Kind.REQUEST, request, of_request(request), new=is_new(changes))
    elif changes.keys() & set(ServiceRequest.scope_columns.values()):
        search.rescope(session, OF_A_REQUEST, request.id, scopes_of(Kind.REQUEST, request))


def _message(session: Session, message: RequestMessage, changes: Changes) -> None:
    keep_message(session, message, new=is_new(changes))


def _organisation(session: Session, organisation: Organisation, changes: Changes) -> None:
    keep(session, Kind.ORGANISATION, organisation, of_organisation(organisation), new=is_new(changes))
    if not is_new(changes) and changes.keys() & {"name", "nicknames"}:
        _refresh_later(session, Kind.ORGANISATION, organisation)


def _part_of_organisation(session: Session, part: Site | Contact, changes: Changes) -> None:
    organisation = session.get_one(Organisation, part.organisation_id)
    session.expire(organisation, ["sites", "contacts"])
    keep(session, Kind.ORGANISATION, organisation, of_organisation(organisation))


def _department(session: Session, department: Department, changes: Changes) -> None:
    if department.phone:
        site = session.get_one(Site, department.site_id)
        session.expire(site, ["departments"])
        _part_of_organisation(session, site, changes)


def _product(session: Session, product: Product, changes: Changes) -> None:
    keep(session, Kind.PRODUCT, product, of_product(product), new=is_new(changes))
    if not is_new(changes) and changes.keys() & {"name", "model", "brand", "udi_di"}:
        _refresh_later(session, Kind.PRODUCT, product)


def _answer(session: Session, answer: KnownAnswer, changes: Changes) -> None:
    if is_new(changes) or changes.keys() & {"question", "answer", "audience", "product_id", "state"}:
        keep(session, Kind.ANSWER, answer, of_answer(answer), new=is_new(changes))


def _refresh_later(session: Session, kind: Kind, record: Any) -> None:
    """All that carries this record's name is written anew by a job, a few hundred at a time."""
    outbox.put(session, REFRESH, {"kind": kind.value, "id": record.id})


FOLLOWERS: dict[type, Callable[[Session, Any, Changes], None]] = {
    Device: _device,
    ServiceRequest: _request,
    RequestMessage: _message,
    Organisation: _organisation,
    Site: _part_of_organisation,
    Contact: _part_of_organisation,
    Department: _department,
    WorkOrder: _order,
    Product: _product,
    KnownAnswer: _answer,
}
"""What follows when an act changed one of these."""
