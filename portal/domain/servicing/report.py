"""The content of the service report JL-56-00, as it is frozen and signed.

Fields after forms F02 (医疗器械售后服务记录), F03 (故障诊断与评估记录) and F06 (维修报告/回执单), and the archive set
of the hospital: department, device, number, model, maker, dates, persons. Both languages of catalogue texts are
frozen; what people typed stays as typed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core.errors import Message
from portal.core.files import Attachment, File
from portal.domain.checklists.content import WORDS as SHEET_WORDS
from portal.domain.checklists.content import payload as sheet_payload
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.sheets import PHOTO
from portal.domain.checklists.words import Purpose
from portal.domain.devices.models import Device, Whereabouts
from portal.domain.documents.models import Revision
from portal.domain.documents.rendering import Figure
from portal.domain.faultcodes.models import FaultCode
from portal.domain.servicing.facts import at_second, both, company, customer, day, device, lot, reported
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.words import (
    Channel,
    Conclusion,
    ContactMode,
    Difficulty,
    FaultClass,
    Kind,
    Outlook,
    Urgency,
    Verdict,
)

WORDS = SHEET_WORDS | {
    member.value: member.label
    for enum in (
        *(Kind, Channel, Urgency, Verdict, Conclusion),
        *(ContactMode, Difficulty, FaultClass, Outlook, Whereabouts),
    )
    for member in enum
}
"""What to say for each code in the payload."""


def payload(order: WorkOrder) -> dict[str, Any]:
    """The report's content as plain values: texts, dates (ISO, UTC), codes of enumerations."""
    request = order.request
    return {
        "company": company(order),
        "customer": customer(order),
        "device": device(order),
        "request": reported(request),
        "lot": lot(request),
        "order": _order(order),
        "diagnosis": _diagnosis(order),
        "codes": {name: _fault_code(getattr(order, f"{name}_code")) for name in CODED},
        "findings": {
            "fault_symptom": order.fault_symptom,
            "fault_cause": order.fault_cause,
            "repair_process": order.repair_process,
            "parts_replaced": order.parts_replaced,
        },
        "units_replaced": [_unit_replaced(unit) for unit in _units_that_came(order)],
        "tests": {
            "functional": _code(order.functional_test),
            "performance": _code(order.performance_test),
            "safety": _code(order.safety_test),
            "data": order.test_data,
            "conclusion": _code(order.conclusion),
            "beyond_repair": order.beyond_repair,
            "beyond_repair_reason": order.beyond_repair_reason,
            "sheets": [sheet_payload(sheet) for sheet in _printed(order)],
        },
        "statements": _statements(order),
        "leaving": [{name: row[name] for name in ("text", "done", "exception")} for row in order.leaving],
        "log": [{"at": at_second(log.occurred_at), "author": log.author_name, "text": log.text} for log in order.logs],
    }


CODED = ("symptom", "area", "cause", "action")


def _diagnosis(order: WorkOrder) -> dict[str, Any] | None:
    """What was made of the fault before the repair (F03); None where it was not recorded."""
    if not order.is_diagnosed:
        return None
    return {
        "contacted_at": at_second(order.contacted_at),
        "mode": _code(order.contact_mode),
        "findings": order.diagnosis,
        "suspected_cause": order.suspected_cause,
        "difficulty": _code(order.difficulty),
        "fault_class": _code(order.fault_class),
        "on_the_spot": order.on_the_spot,
        "needs_parts": order.needs_parts,
        "outlook": _code(order.outlook),
    }


def _fault_code(code: FaultCode | None) -> dict[str, Any] | None:
    return {"code": code.code, "name": both(code.name)} if code else None


def _units_that_came(order: WorkOrder) -> Iterator[Device]:
    """The units that took the place of the order's device while it was being served, first to last (RPR-11)."""
    came = order.request.device.replaced_by
    while came is not None and _during(order, came.swapped_at):
        yield came
        came = came.replaced_by


def _during(order: WorkOrder, at: datetime) -> bool:
    return order.dispatched_at <= at and (order.finished_at is None or at <= order.finished_at)


def _unit_replaced(unit: Device) -> dict[str, Any]:
    """A unit that came: its serial number and that of the one taken out, where that is, and cover that goes on."""
    return {
        "at": at_second(unit.swapped_at),
        "serial_out": unit.replaces.serial,
        "number_out": unit.replaces.number,
        "whereabouts": _code(unit.replaces.whereabouts),
        "serial_in": unit.serial,
        "number_in": unit.number,
        "lot_in": unit.lot,
        "udi_pi": unit.udi_pi,
        "labour_until": day(unit.labour_until),
        "parts_until": day(unit.parts_until),
    }


def notice_payload(order: WorkOrder) -> dict[str, Any]:
    """The content of the notice that the device must not be used: why, and what was found (条例 52)."""
    return {
        "company": company(order),
        "customer": customer(order),
        "device": device(order),
        "request": reported(order.request),
        "order": {"number": order.number, "technician": order.technician.name},
        "notice": {
            "beyond_repair": order.beyond_repair,
            "reason": order.beyond_repair_reason or order.fault_cause,
            "symptom": order.fault_symptom,
            "functional": _code(order.functional_test),
            "performance": _code(order.performance_test),
            "safety": _code(order.safety_test),
            "data": order.test_data,
        },
    }


def _printed(order: WorkOrder) -> list[TestSheet]:
    """The completed test sheets, each checklist with all its attempts: what failed stands before what passed."""
    completed = [sheet for sheet in order.sheets if sheet.completed_at is not None]
    return sorted(completed, key=lambda sheet: (list(Purpose).index(sheet.checklist.purpose), sheet.attempt, sheet.id))


def _order(order: WorkOrder) -> dict[str, Any]:
    downtime = order.restored_at - order.request.reported_at if order.restored_at else None
    return {
        "number": order.number,
        "technician": order.technician.name,
        "dispatched_at": at_second(order.dispatched_at),
        "departed_at": at_second(order.departed_at),
        "arrived_at": at_second(order.arrived_at),
        "restored_at": at_second(order.restored_at),
        "fee": order.fee,
        "currency": order.company.currency,
        "labour_minutes": order.labour_minutes,
        "travel_km": order.travel_km,
        "fare": order.fare,
        "downtime_minutes": int(downtime.total_seconds() // 60) if downtime else None,
    }


def _statements(order: WorkOrder) -> dict[str, bool | None]:
    """Is it a complaint, is it an adverse event: yes where anybody said so, unsaid where nobody was asked."""
    screens = order.request.screens
    if not screens:
        return {"complaint": None, "adverse_event": None}
    return {
        "complaint": any(screen.opens_complaint for screen in screens),
        "adverse_event": any(screen.is_event for screen in screens),
    }


def _code(value: Any) -> str | None:
    return value.value if value is not None else None


def figures(session: Session, revision: Revision) -> list[Figure]:
    """The photos of the fault, of the work log and of the tests that were there when the report was frozen."""
    order = session.get_one(WorkOrder, revision.document.root_id)
    at = Attachment
    of_the_fault = sa.and_(
        at.root_kind == order.request.__tablename__, at.root_id == order.request.id, at.purpose == "symptom"
    )
    of_the_log = sa.and_(at.root_kind == order.__tablename__, at.root_id == order.id, at.purpose.in_(("log", PHOTO)))
    known = sa.and_(sa.or_(of_the_fault, of_the_log), at.internal.is_(False), at.created_at <= revision.frozen_at)
    rows = session.execute(sa.select(at, File).join(File, File.id == at.file_id).where(known).order_by(at.id))
    lines = {line.uid: (Message("Work log"), line.occurred_at) for line in order.logs}
    lines |= {
        reading.uid: (Message("Test: %(item)s", item=item.name), sheet.opened_at)
        for sheet in order.sheets
        for item, reading in sheet.rows
        if reading is not None
    }
    return [_figure(attachment, file, order, lines) for attachment, file in rows]


def _figure(
    attachment: Attachment, file: File, order: WorkOrder, lines: Mapping[str, tuple[Message, datetime]]
) -> Figure:
    """A photo with what it came with, a line of the log or a reading, and when; else as the fault was reported."""
    reported = (Message("As reported by the customer"), order.request.reported_at)
    return Figure(file, *lines.get(attachment.part_uid, reported))
