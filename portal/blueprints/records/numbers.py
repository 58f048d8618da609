"""One address for every record, `/open/<number>`: it leads each reader to their own page of it."""

import re
from collections.abc import Callable

import sqlalchemy as sa
from flask import g, redirect, url_for
from werkzeug import Response

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find, visible_to
from portal.domain.charges.models import Charge
from portal.domain.complaints.models import Complaint
from portal.domain.devices.models import Device
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Document
from portal.domain.duty.models import DutyCall
from portal.domain.escalations.models import Escalation
from portal.domain.holds.models import EvidenceHold
from portal.domain.permissions import P
from portal.domain.ratings.models import ServiceRating
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.service import order_of
from portal.domain.wards.models import WardReport
from portal.web.navigation import audience
from portal.web.pages import SIGNED_IN

NUMBER = re.compile(r"[A-Z0-9]{1,8}-(?P<series>[A-Z]{2})-\d{4}-\d{5,}")


@door.page("/open/<number>", access=SIGNED_IN, endpoint="open")
def lead(number: str) -> Response:
    """To the record of this number, in the reader's own part of the portal."""
    number = number.strip().upper()
    return redirect(way_to(number), 303)


def way_to(number: str) -> str:
    """The address of the reader's own page of the record with this number. Raises NotYours."""
    match = NUMBER.fullmatch(number)
    way = WAYS.get(match["series"]) if match else None
    if way is None:
        raise NotYours()
    return way(number)


def way_to_request(number: str) -> str:
    """The address of the reader's own page of a request. Raises NotYours."""
    request = find(db.session, ServiceRequest, g.person, P.REQUEST_SEE, number=number)
    match audience(g.person):
        case "customer":
            return url_for("customers.request", number=number)
        case "technician" if own := [o for o in request.orders if o.technician_id == g.person.id]:
            return url_for("technicians.order", number=own[-1].number)
        case _:
            return url_for("desk.request", number=number)


def _order(number: str) -> str:
    if audience(g.person) == "customer":  # the number stands on the report; their own page is that of the request
        asked = find(db.session, ServiceRequest, g.person, P.REQUEST_SEE, id=_request_id(number))
        return url_for("customers.request", number=asked.number)
    find(db.session, WorkOrder, g.person, P.ORDER_SEE, number=number)
    door_of_theirs = "technicians.order" if audience(g.person) == "technician" else "quality.order"
    return url_for(door_of_theirs, number=number)


def _request_id(order_number: str) -> int | None:
    return db.session.scalar(sa.select(WorkOrder.request_id).where(WorkOrder.number == order_number))


def _report(number: str) -> str:
    document = find(db.session, Document, g.person, P.DOCUMENT_SEE, number=number)
    match audience(g.person):
        case "customer":
            return url_for("customers.document", uid=document.uid)
        case "technician" if document.form is SERVICE_REPORT:
            return url_for("technicians.report", number=order_of(db.session, document).number)
        case _:
            return url_for("quality.document", uid=document.uid)


def _device(number: str) -> str:
    find(db.session, Device, g.person, P.DEVICE_SEE, number=number)
    return url_for("customers.device" if audience(g.person) == "customer" else "desk.device", number=number)


def _complaint(number: str) -> str:
    found = find(db.session, Complaint, g.person, P.COMPLAINT_SEE, number=number)
    return url_for("quality.complaint", uid=found.uid)


def _question(number: str) -> str:
    mine = sa.or_(*(visible_to(g.person, Escalation, p) for p in (P.ESCALATION_SEE, P.ESCALATION_ANSWER)))
    uid = db.session.scalar(sa.select(Escalation.uid).where(Escalation.number == number, mine))
    if uid is None:
        raise NotYours()
    return url_for("records.question", uid=uid)


def _duty_call(number: str) -> str:
    found = find(db.session, DutyCall, g.person, P.DUTY_SEE, number=number)
    return url_for("records.duty_call", uid=found.uid)


def _ward_report(number: str) -> str:
    find(db.session, WardReport, g.person, P.WARD_REPORT_SEE, number=number)
    return url_for("customers.ward_report", number=number)


def _hold(number: str) -> str:
    return url_for("records.hold", uid=find(db.session, EvidenceHold, g.person, P.HOLD_SEE, number=number).uid)


def _charge(number: str) -> str:
    found = find(db.session, Charge, g.person, P.CHARGE_SEE, number=number)
    return url_for("customers.charge" if audience(g.person) == "customer" else "office.charge", uid=found.uid)


def _rating(number: str) -> str:
    found = find(db.session, ServiceRating, g.person, P.RATING_SEE, number=number)
    return url_for("customers.rating" if audience(g.person) == "customer" else "office.rating", uid=found.uid)


WAYS: dict[str, Callable[[str], str]] = {
    "SR": way_to_request,
    "WO": _order,
    "RP": _report,
    "DV": _device,
    "CP": _complaint,
    "CH": _charge,
    "EQ": _question,
    "DC": _duty_call,
    "WR": _ward_report,
    "EH": _hold,
    "RT": _rating,
    "SL": _report,
    "ST": _report,
    "DN": _report,
}
"""From a number's series to the address of its page."""
