"""A day of a technician as blocks, for the desk's calendar and for the technician's own week."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from portal.core.weeks import Span, day_span
from portal.domain.duty.planner import Day
from portal.domain.servicing.models import WorkOrder
from portal.web.languages import say


def blocks(day: Day, zone: str, *, whole: bool = False) -> list[dict[str, Any]]:
    """What stands in a day, for `ui.day_blocks`: the absence, the duty, then the appointments in order of time.

    With `whole` an appointment also says on which campus, and for which device: that is what one packs for.
    """
    found = [_absence(day)] if day.absence is not None else []
    found += [
        {
            "text": _hours(_within(shift.span, day, zone), zone),
            "detail": _("On call"),
            "href": _shift(shift),
        }
        for shift in day.shifts
    ]
    return found + [_appointment(order, zone, whole) for order in day.orders]


def _absence(day: Day) -> dict[str, Any]:
    absence = day.absence
    href = url_for("desk.absence", uid=absence.uid)
    return {
        "text": say(absence.kind),
        "detail": _("Away"),
        "badge": (say(absence.state), absence.state.tone),
        "href": href,
    }


def _shift(shift: Any) -> str:
    return url_for("desk.shift", uid=shift.uid)


def _appointment(order: WorkOrder, zone: str, whole: bool) -> dict[str, Any]:
    start, end = order.appointment_from, order.appointment_to
    product = order.request.device.product
    more = [say(order.site.name), f"{say(product.name)} {product.model}"] if whole else []
    return {
        "text": _hours(Span(start, end), zone) if end else _hour(start, zone),
        "detail": " · ".join([say(order.organisation.name), *more]),
        "badge": (say(order.state), order.state.tone),
        "href": url_for("records.open", number=order.request.number),
    }


def _within(span: Span, day: Day, zone: str) -> Span:
    """The part of the span that lies on this day."""
    whole = day_span(zone, day.on)
    return Span(max(span.start, whole.start), min(span.end, whole.end))


def _hours(span: Span, zone: str) -> str:
    until = _hour(span.end, zone)
    return f"{_hour(span.start, zone)}–{'24:00' if until == '00:00' else until}"


def _hour(at: Any, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
