"""What the reports of wards mean beyond the rows of their verbs (INT-15).

A report waits for the hospital's equipment department, which passes it on, adds it to an open request, solves it or
does not pursue it. Where somebody was harmed or could be, and where the hospital wishes it, it waits for nobody.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.core import clock, codes, figures
from portal.core.errors import Message, NotNow, NotValid
from portal.core.files import Incoming, attach, attached, store
from portal.core.locks import lock
from portal.core.perform import perform
from portal.core.permissions import SYSTEM, Grant, Person
from portal.core.verbs import Act, Verb, setting
from portal.domain.devices.models import Device
from portal.domain.organisations.models import Site
from portal.domain.permissions import RULES, Role, Scope
from portal.domain.servicing import service as servicing
from portal.domain.servicing.models import ServiceRequest
from portal.domain.servicing.service import Answers
from portal.domain.servicing.words import OPEN_REQUESTS, Asked, Urgency
from portal.domain.wards import lifecycle, queries
from portal.domain.wards.models import CODE_SIGNS, WardDesk, WardReport
from portal.domain.wards.words import ReportState, Route

figures.declare("ward_report_hours", 4, "hours", "operating decision: how long a ward's report waits unseen")
figures.declare("ward_status_days", 90, "days", "operating decision: how long a ward can look its report up")


def reporter(device: Device, name: str, language: str, address: str) -> Person:
    """Whoever stands at the device: a name without an account, who may do what a ward user may at this one site.

    `address` is their network address, the only other thing known of them.
    """
    place = {Scope.SITE: frozenset({device.site_id})}
    return Person(
        None,
        name,
        language=language,
        grants=(Grant(Role.WARD, place),),
        rules=RULES,
        subject=f"label:{device.id}:{address}"[:80],
    )


def is_right_code(desk: WardDesk | None, typed: str) -> bool:
    """Whether this is the code that hangs in the wards of the site."""
    if desk is None or desk.route is Route.CLOSED:
        return False
    return codes.same(desk.code, codes.read(typed, CODE_SIGNS) or "")


def report(
    session: Session,
    person: Person,
    device: Device,
    *,
    photos: Sequence[Incoming] = (),
    same_as: ServiceRequest | None = None,
    **values: Any,
) -> WardReport:
    """File what a ward reports about `device`, numbered WR, and pass it on at once where it must not wait.

    Raises NotValid, NotNow where nobody reports by the label at this site.
    """
    desk = queries.desk_of(session, device.site_id)
    if desk is None or desk.route is Route.CLOSED:
        raise NotNow(Message("The equipment department of this hospital has not opened reporting by the label."))
    filed = WardReport(
        company=device.company,
        device=device,
        organisation_id=device.organisation_id,
        site_id=device.site_id,
        department_id=device.department_id,
        same_as_id=_same(same_as, device),
        language=person.language,
        **values,
    )
    _require_grounds(filed)

    def change(act: Act) -> None:
        filed.reported_at = filed.waits_since = act.at
        session.add(filed)
        session.flush()
        for incoming in photos:
            file = store(session, incoming, organisation_id=filed.organisation_id, created_by_id=None)
            attach(session, file, root=filed, purpose="symptom", created_by_id=None)

    perform(session, lifecycle.REPORT, filed, person, change)
    if filed.is_dangerous or desk.route is Route.COMPANY:
        _pass_on_at_once(session, filed)
    return filed


def _same(request: ServiceRequest | None, device: Device) -> int | None:
    """The request it is said to belong to, if that is an open one of the same device."""
    fits = request is not None and request.device_id == device.id and request.state in OPEN_REQUESTS
    return request.id if fits else None


def _require_grounds(filed: WardReport) -> None:
    if filed.is_dangerous and not (filed.grounds or "").strip():
        raise NotValid(grounds=Message("Say what happened, or what could."))


def _pass_on_at_once(session: Session, filed: WardReport) -> None:
    """To the company in the same transaction, as the system: into the request it belongs to, else as one of its own."""
    known = filed.same_as
    if known is not None and known.state in OPEN_REQUESTS:
        _carry_over(session, filed, SYSTEM, known)
        _settle(session, lifecycle.JOIN, filed, SYSTEM, request=known)
        return
    urgency = Urgency.CRITICAL if filed.is_dangerous else Urgency.URGENT if filed.device_stopped else Urgency.NORMAL
    made = _request_from(session, filed, SYSTEM, urgency=urgency)
    _settle(session, lifecycle.RELEASE, filed, SYSTEM, request=made)


def _answers(filed: WardReport) -> Answers | None:
    """What the ward said of danger, as answers to the safety questions; None where there is none, so that we ask."""
    if not filed.is_dangerous:
        return None
    return Answers.told(filed.harm, filed.grounds, is_hazard=filed.is_hazard, given_by=filed.reporter_name)


def _request_from(session: Session, filed: WardReport, person: Person, **values: Any) -> ServiceRequest:
    """A service request with what the ward said and showed, in its words; its promised times run from now."""
    told = {
        "symptom": filed.symptom,
        "device_stopped": filed.device_stopped,
        "contact_name": filed.reporter_name,
        "contact_phone": filed.extension,
    }
    speaker = replace(person, language=filed.language)
    return servicing.create_request(session, speaker, filed.device, answers=_answers(filed), **told | values)


def _carry_over(session: Session, filed: WardReport, person: Person, into: ServiceRequest) -> None:
    """Say in an open request what the ward said; a danger is answered there like one said at intake."""
    who = f"{filed.reporter_name} ({filed.extension})"
    servicing.relay(session, into, replace(person, language=filed.language), filed.symptom, said_by=who)
    answers = _answers(filed)
    if answers is not None:
        servicing.screen(session, into, SYSTEM, Asked.INTAKE, answers)


def _settle(
    session: Session, verb: Verb, filed: WardReport, person: Person, *, request: Any = None, answer: str = ""
) -> None:
    def change(act: Act) -> None:
        filed.answer, filed.settled_at, filed.settled_by_id = answer, act.at, act.actor.id
        if request is None:
            return
        filed.request = request
        for attachment, file in session.execute(attached(filed, with_internal=False)).all():
            attach(session, file, root=request, purpose=attachment.purpose, created_by_id=act.actor.id)

    perform(session, verb, filed, person, change)


def confirm(session: Session, filed: WardReport, person: Person, **values: Any) -> ServiceRequest:
    """Pass the report on to the company as a service request; `values` are what the department changed in it."""
    lock(session, filed)
    made = _request_from(session, filed, person, **values)
    _settle(session, lifecycle.CONFIRM, filed, person, request=made)
    return made


def merge(session: Session, filed: WardReport, person: Person, into: ServiceRequest) -> None:
    """It was reported before: what the ward said goes on in the open request. Raises NotValid."""
    if into.device_id != filed.device_id or into.state not in OPEN_REQUESTS:
        raise NotValid(into=Message("Choose another open request of the same device."))
    lock(session, filed, into)
    _carry_over(session, filed, person, into)
    _settle(session, lifecycle.MERGE, filed, person, request=into)


def solve(session: Session, filed: WardReport, person: Person, answer: str) -> None:
    """The hospital has solved it itself; `answer` says what was done, and the ward reads it."""
    _settle(session, lifecycle.SOLVE, filed, person, answer=answer)


def dismiss(session: Session, filed: WardReport, person: Person, answer: str) -> None:
    """Nothing follows; `answer` says why, and the ward reads it."""
    _settle(session, lifecycle.DISMISS, filed, person, answer=answer)


def remind(session: Session, now: datetime, at_most: int) -> int:
    """Remind the equipment departments of reports that have waited too long at the aware time; returns how many."""
    since = now - timedelta(hours=figures.integer(session, "ward_report_hours"))
    late = (
        sa.select(WardReport)
        .where(WardReport.state == ReportState.REPORTED, WardReport.waits_since <= since)
        .order_by(WardReport.waits_since)
        .limit(at_most)
    )
    found = list(session.scalars(late))
    for filed in found:
        perform(session, lifecycle.REMIND, filed, SYSTEM, setting({"waits_since": now}))
    return len(found)


def can_be_followed(session: Session, filed: WardReport) -> bool:
    """Whether the reporter's link still works: for some time after the last step."""
    days = figures.integer(session, "ward_status_days")
    last = max(filed.last_event_at, filed.request.last_event_at if filed.request else filed.last_event_at)
    return clock.now() - last <= timedelta(days=days)


def open_desk(session: Session, person: Person, site: Site, route: Route) -> WardDesk:
    """Let the wards of a site report by the label, with a confirmation code drawn for them."""
    desk = WardDesk(organisation_id=site.organisation_id, site_id=site.id, code=codes.draw(CODE_SIGNS), route=route)

    def change(act: Act) -> None:
        desk.code_since = act.at

    return perform(session, lifecycle.OPEN, desk, person, change).record


def edit_desk(session: Session, desk: WardDesk, person: Person, base_version: int, route: Route) -> None:
    """Change who reads the reports of a site first. Raises Stale."""
    perform(session, lifecycle.EDIT, desk, person, setting({"route": route}), base_version=base_version)


def renew_code(session: Session, desk: WardDesk, person: Person) -> None:
    """Draw another confirmation code; the one that hangs in the wards stops working at once."""

    def change(act: Act) -> None:
        desk.code, desk.code_since = codes.draw(CODE_SIGNS), act.at

    perform(session, lifecycle.RENEW_CODE, desk, person, change)
