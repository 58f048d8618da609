"""Where a request stands, in one sentence, and what has happened so far: the words for customers and staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.errors import Message
from portal.domain.servicing.models import ServiceRequest, WorkOrder
from portal.domain.servicing.words import OrderState, RequestState


@dataclass(frozen=True)
class Standing:
    """One sentence about where things stand; `tone` as in the look (accent, good, warn, bad, hold, neutral)."""

    sentence: Message
    tone: str
    detail: Message | None = None
    at: datetime | None = None


def current_order(request: ServiceRequest) -> WorkOrder | None:
    """The order that counts: the newest that was not cancelled."""
    return next((o for o in reversed(request.orders) if o.state is not OrderState.CANCELLED), None)


def standing(request: ServiceRequest) -> Standing:
    """The sentence on top of the request's page."""
    order = current_order(request)
    if request.state is RequestState.IN_SERVICE and order is not None:
        return _in_service(order)
    sentence, tone = _BEFORE_AND_AFTER[request.state]
    return Standing(sentence, tone, at=request.last_event_at)


_BEFORE_AND_AFTER = {
    RequestState.RECEIVED: (Message("We have received your request. The service desk will look at it next."), "accent"),
    RequestState.ASSESSED: (Message("The service desk has looked at it and is choosing a technician."), "accent"),
    RequestState.IN_SERVICE: (Message("A technician is at work on it."), "accent"),
    RequestState.COMPLETED: (Message("The service is completed. The signed report is under Documents."), "good"),
    RequestState.CLOSED: (Message("This request is closed."), "neutral"),
    RequestState.MERGED: (Message("This request was merged with another one."), "neutral"),
    RequestState.CANCELLED: (Message("This request was cancelled."), "neutral"),
    RequestState.REFUSED: (Message("This request was refused. The reason is in the conversation."), "bad"),
}


def _in_service(order: WorkOrder) -> Standing:
    name = order.technician.name
    sentence, tone = _ORDER_SENTENCES[order.state]
    sentence = Message(sentence.msgid, name=name)
    detail = None
    if order.appointment_from and order.state in (OrderState.ASSIGNED, OrderState.ACCEPTED, OrderState.TRAVELLING):
        detail = Message("Appointment: %(start)s", start=order.appointment_from)
    return Standing(sentence, tone, detail, order.last_event_at)


_ORDER_SENTENCES = {
    OrderState.ASSIGNED: (Message("%(name)s was assigned and will confirm soon."), "accent"),
    OrderState.ACCEPTED: (Message("%(name)s has accepted and will come."), "accent"),
    OrderState.TRAVELLING: (Message("%(name)s is on the way."), "accent"),
    OrderState.ON_SITE: (Message("%(name)s is on site and at work."), "accent"),
    OrderState.TESTING: (Message("%(name)s is testing the device after the repair."), "accent"),
    OrderState.TO_RELEASE: (Message("%(name)s has finished. A second person is reviewing the results."), "accent"),
    OrderState.SENT_BACK: (Message("The review asked %(name)s for something more."), "warn"),
    OrderState.TO_SIGN: (Message("The device is released. Please read and sign the service report."), "warn"),
    OrderState.DONE: (Message("%(name)s has finished."), "good"),
}


@dataclass(frozen=True)
class Event:
    """One line of the story."""

    at: datetime
    text: Message
    who: str = ""
    detail: str = ""
    tone: str = ""


def story(request: ServiceRequest) -> list[Event]:
    """What has happened, newest first: the same for customers and staff."""
    events = [Event(request.reported_at, Message("Reported"), request.contact_name, "", "accent")]
    for order in request.orders:
        events += _order_events(order)
    ended = _ENDS.get(request.state)
    if ended:
        events.append(Event(request.last_event_at, ended, tone="good"))
    return sorted(events, key=lambda event: event.at, reverse=True)


_ENDS = {
    RequestState.COMPLETED: Message("Completed"),
    RequestState.CLOSED: Message("Closed"),
    RequestState.CANCELLED: Message("Cancelled"),
    RequestState.REFUSED: Message("Refused"),
}


def _order_events(order: WorkOrder) -> list[Event]:
    name = order.technician.name
    steps: list[tuple[Any, Message]] = [
        (order.dispatched_at, Message("Technician assigned")),
        (order.accepted_at, Message("Accepted by the technician")),
        (order.departed_at, Message("Technician set out")),
        (order.arrived_at, Message("Technician arrived")),
        (order.restored_at, Message("Device works again")),
        (order.finished_at, Message("Service report issued")),
    ]
    return [Event(at, text, name) for at, text in steps if at is not None]
