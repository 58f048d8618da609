"""Release by a second person: what waits, and one order with everything that was found, done and tested."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from portal.blueprints.quality import door
from portal.blueprints.quality.forms import ReasonForm
from portal.core.db import db
from portal.core.listing import PAGE
from portal.core.permissions import find
from portal.domain.checklists.models import TestSheet
from portal.domain.checklists.queries import sheets_whole
from portal.domain.devices.models import Device
from portal.domain.documents import queries as document_queries
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.documents.models import Revision
from portal.domain.permissions import P
from portal.domain.servicing import queries, service
from portal.domain.servicing.models import EarlyRelease, ServiceRequest, WorkOrder
from portal.domain.servicing.report import payload
from portal.domain.servicing.words import EarlyState, OrderState
from portal.web.answers import render
from portal.web.early import early_facts, ruling
from portal.web.fieldwork import log_lines, why_sent_back
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.papers import content
from portal.web.promises import standing
from portal.web.signing import SigningForm, prove

S = OrderState
REPORTED = (S.TO_RELEASE, S.TO_SIGN, S.DONE)


@door.page("/", access=P.ORDER_RELEASE)
def to_release():
    """The work orders that wait for a release, longest waiting first."""
    found = queries.orders_of(
        db.session,
        g.person,
        P.ORDER_RELEASE,
        states=(S.TO_RELEASE,),
        listing=queries.LONGEST_WAITING,
        cursor=request.args.get("at"),
        size=PAGE,
    )
    rows = [_row(order) for order in found.rows]
    return render("quality/to_release.html", tabs=tabs("to_release"), rows=rows, pager=pager(found))


def tabs(current: str) -> list[dict[str, Any]]:
    """The two queues of releases, for `ui.tabs`."""
    count = queries.count_to_review(db.session(), g.person)
    named = (("to_release", _("To release"), 0), ("early_releases", _("Released, review due"), count))
    return [
        {"label": text, "href": url_for(f"quality.{name}"), "current": name == current, "count": number}
        for name, text, number in named
    ]


def _row(order: WorkOrder) -> tuple[Any, ...]:
    device = order.request.device
    return (
        order.number,
        url_for("quality.order", number=order.number),
        f"{say(device.product.name)} {device.identity}",
        say(order.organisation.name),
        order.technician.name,
        order.last_event_at,
        order.technician_id == g.person.id,
    )


def load(number: str) -> WorkOrder:
    """The order with what its page shows. Raises NotYours."""
    request = joinedload(WorkOrder.request).options(
        joinedload(ServiceRequest.device).joinedload(Device.product),
        joinedload(ServiceRequest.organisation),
        joinedload(ServiceRequest.site),
        joinedload(ServiceRequest.department),
        joinedload(ServiceRequest.centre),
    )
    own = (joinedload(WorkOrder.technician), joinedload(WorkOrder.company), selectinload(WorkOrder.logs))
    sheets = selectinload(WorkOrder.sheets).options(*sheets_whole())
    reviewed = joinedload(EarlyRelease.reviewed_by)
    early = selectinload(WorkOrder.early).options(
        joinedload(EarlyRelease.reason), joinedload(EarlyRelease.released_by), reviewed
    )
    return find(db.session, WorkOrder, g.person, P.ORDER_SEE, request, *own, sheets, early, number=number)


@door.page("/orders/<number>", access=P.ORDER_SEE, endpoint="order")
def show(number: str):
    """One work order: the report, the log with its photos, the earlier revisions, and the decision."""
    return page(load(number))


def page(order: WorkOrder, status: int = 200, block: str | None = None, **forms: Any):
    """The order's page, or its part `block`; `forms` are those that were sent and refused."""
    paper = documents.of(db.session, SERVICE_REPORT, order, *document_queries.whole())
    frozen = paper.current if paper and order.state in REPORTED else None
    form = forms.get("form") or SigningForm(place=say(order.request.centre.name))
    form.seen.data = frozen.content_hash if frozen else ""
    values = {
        "order": order,
        "record": order.request,
        "paper": paper,
        "frozen": frozen,
        "payload": content(frozen) if frozen else payload(order),
        "signatures": frozen.signatures if frozen else [],
        "log": log_lines(db.session, order),
        "sheets": [_card(sheet) for sheet in reversed(order.sheets)],
        "sent_back": why_sent_back(db.session, order) if order.state is S.SENT_BACK else None,
        "revisions": [_revision(revision) for revision in reversed(paper.revisions)] if paper else [],
        "waits": order.state is S.TO_RELEASE and g.person.can(P.ORDER_RELEASE, order),
        "repairer": order.technician_id == g.person.id,
        "ruling": ruling(db.session(), order, g.person),
        "early": _early(order),
        "form": form,
        "form_kind": SERVICE_REPORT,
        "reason_form": forms.get("reason_form") or ReasonForm(),
    }
    return render("quality/order.html", block, status, **values)


def _early(order: WorkOrder) -> dict[str, Any] | None:
    """The newest release before its review: its facts, its promised time, and whether the reader may review it."""
    record = order.early[-1] if order.early else None
    if record is None:
        return None
    matters, over = standing(db.session(), record)
    return {
        "record": record,
        "facts": early_facts(record),
        "faces": matters + over,
        "waits": record.state is EarlyState.DUE and g.person.can(P.ORDER_RELEASE, record),
        "own": g.person.id in (record.technician_id, record.released_by_id),
    }


def _card(sheet: TestSheet) -> dict[str, Any]:
    """A test sheet for `ui.card_list`."""
    return {
        "title": say(sheet.checklist.name),
        "href": url_for("quality.sheet", uid=sheet.uid),
        "meta": _("Attempt %(n)s", n=sheet.attempt),
        "badge": (_("Failed"), "bad") if sheet.failed and sheet.completed_at else (say(sheet.state), sheet.state.tone),
    }


def _revision(revision: Revision) -> dict[str, Any]:
    """One line of the document's story, for `ui.timeline`."""
    text = f"{_('Revision %(n)s', n=revision.revision)} · {say(revision.state)}"
    signers = ", ".join(signature.name for signature in revision.signatures)
    return {"at": revision.frozen_at, "text": text, "detail": revision.reason, "who": signers}


@door.verb("/orders/<number>/release", access=P.ORDER_RELEASE)
def release(number: str):
    """Sign the release of exactly what was shown, with the password as second proof."""
    order_id, form = load(number).id, SigningForm()

    def act(session):
        order = session.get_one(WorkOrder, order_id)
        service.release(session, order, g.person, form.seen.data, place=form.place.data)
        return url_for("quality.to_release")

    return submit(
        form,
        act,
        lambda status: page(load(number), status, "sheet", form=form),
        done=_("Released. The customer is asked to sign."),
        before=lambda: prove(form, db.session.get_one(WorkOrder, order_id)),
    )


@door.verb("/orders/<number>/send_back", access=P.ORDER_RELEASE)
def send_back(number: str):
    """Send the order back to the technician, with the reason."""
    order_id, form = load(number).id, ReasonForm()

    def act(session):
        service.send_back(session, session.get_one(WorkOrder, order_id), g.person, form.reason.data)
        return url_for("quality.to_release")

    again = lambda status: page(load(number), status, "send_back", reason_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Sent back to the technician."))
