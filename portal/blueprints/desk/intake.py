"""Taking a request down that reached us by telephone, letter or visit: on one page, in under a minute.

Whatever the caller says first finds the device: the number they call from, the hospital's nickname, the first letters
of its pinyin, the last four of the serial number. The register says the rest.
"""

from typing import Any

from flask import g, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.blueprints.desk import door
from portal.blueprints.desk.forms import IntakeForm
from portal.core.db import db
from portal.core.permissions import find
from portal.core.search import LONGEST_QUERY, LONGEST_TOLD, squeezed
from portal.domain.answers import queries as answers
from portal.domain.answers.models import KnownAnswer
from portal.domain.catalog.udi.words import LONGEST_SCAN
from portal.domain.devices import queries as devices
from portal.domain.devices.models import Device, State
from portal.domain.organisations.models import Organisation
from portal.domain.permissions import P
from portal.domain.search.entries import Kind as Found
from portal.domain.search.queries import Group, groups
from portal.domain.servicing import queries, service
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.words import OPEN_REQUESTS, Channel, Concern, Kind, Urgency
from portal.web.answers import render, wants_fragment
from portal.web.cover import panel
from portal.web.forms import submit
from portal.web.known_answers import solved_by_answer
from portal.web.languages import say
from portal.web.lots import expired_now
from portal.web.scans import scanned, shown

SHORTEST_TELEPHONE = 7
ALREADY_TYPED = ("kind", "concern", "urgency", "channel", *IntakeForm.QUESTIONS)


@door.form("/requests/new", access=P.REQUEST_CREATE, endpoint="intake", uploads=True)
def intake():
    """File a request for the device that `?device=` names; without it, find the device by `?q=` first."""
    number = request.args.get("device", "")
    if not number:
        return _like(request.args["like"]) if request.args.get("like") else _search()
    device, form = _device(number), IntakeForm(**_caller(), symptom=request.args.get("symptom", "")[:LONGEST_TOLD])
    device_id = form.ask_about(device).id
    if wants_fragment() and not form.is_submitted():
        return render("records/_answers.html", offered=_offered(device, form))
    if not form.is_submitted():
        return _page(number, form, 200)

    def act(session):
        made = service.create_request(
            session,
            g.person,
            session.get_one(Device, device_id),
            photos=form.received.get("photos", ()),
            answers=form.answers(),
            kind=Kind(form.kind.data),
            concern=Concern(form.concern.data),
            urgency=Urgency(form.urgency.data),
            channel=Channel(form.channel.data),
            storage_proof=form.received.get("storage_proof", ()),
            **form.values("photos", "storage_proof", *ALREADY_TYPED),
        )
        return url_for("desk.request", number=made.number)

    return submit(form, act, lambda status: _page(number, form, status), done=_("The request is filed."))


def _like(number: str) -> Any:
    """The caller of an earlier request calls again: its device, its contact."""
    known = find(db.session, ServiceRequest, g.person, P.REQUEST_SEE, joinedload(ServiceRequest.device), number=number)
    return redirect(
        url_for("desk.intake", device=known.device.number, name=known.contact_name, phone=known.contact_phone)
    )


def _caller() -> dict[str, str]:
    """Who calls, as far as the way here has told."""
    return {"contact_name": request.args.get("name", "")[:100], "contact_phone": request.args.get("phone", "")[:40]}


def _search() -> Any:
    """What was typed so far, as devices to choose from; hospitals narrow them down. A scanned code names its device."""
    scan = scanned(request.args.get("q", "")[:LONGEST_SCAN])
    if scan and scan.number and not wants_fragment():
        return redirect(url_for("desk.intake", device=scan.number))
    typed, hospital = request.args.get("q", "")[:LONGEST_QUERY].strip(), _hospital()
    found = (
        {} if scan else {group.kind: group for group in groups(db.session, g.person, typed, KINDS, 8, within=hospital)}
    )
    if hospital and not typed:
        rows = devices.devices(db.session, g.person, organisation_id=hospital.id).rows
        found = {Found.DEVICE: Group(Found.DEVICE, rows)}
    return render(
        "desk/intake_device.html",
        "found",
        typed_here=scan.reading.raw if scan and scan.reading else typed,
        scan=shown(scan, lambda row: _device_card(row, "")),
        hospital=hospital,
        devices=[_device_card(row, typed) for row in _rows(found, Found.DEVICE)],
        hospitals=[] if hospital else [_hospital_card(row) for row in _rows(found, Found.ORGANISATION)],
        callers=[_caller_card(row) for row in _rows(found, Found.REQUEST)] if _is_telephone(typed) else [],
    )


KINDS = (Found.DEVICE, Found.REQUEST, Found.ORGANISATION)


def _rows(found: dict[Found, Group], kind: Found) -> list[Any]:
    return found[kind].rows if kind in found else []


def _hospital() -> Organisation | None:
    uid = request.args.get("hospital", "")
    return find(db.session, Organisation, g.person, P.ORGANISATION_SEE, uid=uid) if uid else None


def _is_telephone(typed: str) -> bool:
    digits = squeezed(typed)
    return digits.isdigit() and len(digits) >= SHORTEST_TELEPHONE


def _device_card(row: Any, typed: str) -> dict[str, Any]:
    number, serial, state, product, model, organisation, site, department = row
    phone = typed if _is_telephone(typed) else None
    return {
        "title": f"{say(product)} {model} · {serial}",
        "href": url_for("desk.intake", device=number, phone=phone),
        "text": " · ".join(say(part) for part in (organisation, site, department) if part),
        "badge": (say(state), state.tone) if state is not State.IN_USE else None,
        "icon": "activity",
    }


def _hospital_card(row: Any) -> dict[str, Any]:
    uid, name, province = row
    return {"title": say(name), "href": url_for("desk.intake", hospital=uid), "text": province, "icon": "building"}


def _caller_card(row: Any) -> dict[str, Any]:
    """Somebody who called from this number before."""
    number, state, _urgency, symptom, reported_at, product, serial, organisation, *_rest = row
    return {
        "title": f"{say(product)} · {serial}",
        "href": url_for("desk.intake", like=number),
        "text": f"{say(organisation)} · {symptom[:80]}",
        "meta": number,
        "at": reported_at,
        "badge": (say(state), state.tone),
        "icon": "phone",
    }


def _device(number: str) -> Device:
    return find(db.session, Device, g.person, P.DEVICE_SEE, *devices.whole(), joinedload(Device.company), number=number)


def _page(number: str, form: IntakeForm, status: int) -> Any:
    device = _device(number)
    known = queries.requests(db.session, g.person, states=OPEN_REQUESTS, device_id=device.id, size=5).rows
    return render(
        "desk/intake.html",
        "intake",
        status,
        device=device,
        form=form,
        expired=expired_now(device),
        cover=panel(db.session(), g.person, device),
        known=[_card(row) for row in known],
        offered=_offered(device, form),
    )


def _offered(device: Device, form: IntakeForm) -> list[KnownAnswer]:
    """What may help with what was typed so far."""
    return answers.offered(db.session, g.person, device.product, form.symptom.data or "")


@door.verb("/devices/<number>/solved", access=P.ANSWER_USE)
def solved(number: str):
    """A known answer helped the caller: it is counted, and nothing is filed."""
    return solved_by_answer(_device(number), url_for("desk.device", number=number))


def _card(row: Any) -> dict[str, Any]:
    """An open request of the same device, so that it isn't filed twice."""
    number, state, _urgency, symptom, reported_at, *_rest = row
    href = url_for("desk.request", number=number)
    return {"title": number, "href": href, "text": symptom[:120], "at": reported_at, "badge": (say(state), state.tone)}
