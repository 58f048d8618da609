"""Evidence holds: asked for, placed, sealed with both signatures, released by a second person."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.blueprints.records import door
from portal.blueprints.records.numbers import way_to
from portal.core.db import db
from portal.core.documents import canonical_bytes, content_hash
from portal.core.permissions import find
from portal.domain.complaints import queries as complaints
from portal.domain.complaints.models import Complaint
from portal.domain.devices import queries as devices
from portal.domain.devices.models import Device
from portal.domain.documents import queries as document_queries
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SEALING_LIST
from portal.domain.holds import queries, service
from portal.domain.holds.content import PHOTOS, payload
from portal.domain.holds.lifecycle import HOLD_LIFECYCLE
from portal.domain.holds.models import EvidenceHold, Ground, State
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import address, chip, pager
from portal.web.navigation import audience
from portal.web.papers import content, renditions
from portal.web.rows import RowForm, RowsField
from portal.web.signing import SigningForm, prove
from portal.web.stale import compare
from portal.web.talk import files_of
from portal.web.trail import lines

ALL = "all"


class HoldForm(PortalForm):
    """Why a device shall be kept as it is."""

    ground = RadioField(_l("Why is it evidence?"), choices=choices(Ground), validators=[InputRequired()])
    reason = TextAreaField(_l("What happened?"), validators=[DataRequired(), Length(max=2000)])
    complaint = SelectField(_l("Complaint"), choices=list, validators=[Optional()])
    reference = StringField(_l("File number of the hospital, authority or court"), validators=[Length(max=200)])


class SealedRow(RowForm):
    """One thing that was sealed."""

    item = StringField(_l("Sealed item"), validators=[DataRequired(), Length(max=200)])
    quantity = StringField(_l("Quantity"), validators=[Length(max=40)])
    condition = StringField(_l("Condition as sealed"), validators=[DataRequired(), Length(max=500)])
    seal_number = StringField(_l("Seal number"), validators=[Length(max=80)])


class ListForm(PortalForm):
    """What is sealed."""

    items = RowsField(SealedRow, _l("What is sealed"))
    sealed_where = StringField(_l("Where is it kept, and by whom?"), validators=[DataRequired(), Length(max=200)])
    photos = MultipleFileField(_l("Photos"))


class ReasonForm(PortalForm):
    """A verb that asks for a reason."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=2000)])


@door.page("/holds", access=P.HOLD_SEE)
def holds():
    """Evidence holds, newest first: those that are open unless others are chosen."""
    chosen = request.args.get("state", "")
    states = {ALL: ()} | {state.value: (state,) for state in State}
    found = queries.holds(db.session, g.person, states.get(chosen, queries.OPEN), request.args.get("at"))
    options = [("", _("Open")), *((state.value, say(state)) for state in State), (ALL, _("All"))]
    return render(
        "records/holds.html",
        frame=audience(g.person),
        rows=[_row(row) for row in found.rows],
        chips=[chip(_("State"), "state", options)],
        pager=pager(found),
        clear=address(state=None) if chosen else None,
    )


def _row(row: Any) -> tuple[Any, ...]:
    uid, number, state, ground, reason, at, product, serial, organisation = row
    return number, url_for("records.hold", uid=uid), reason[:80], state, ground, product, serial, organisation, at


@door.form("/devices/<number>/hold", access=P.HOLD_ASK)
def hold_device(number: str):
    """Hold a device as evidence, or ask quality to."""
    device = _device(number)
    form, known = _offered(HoldForm(), device)
    may_place, device_id = g.person.can(P.HOLD_PLACE, device), device.id
    if not form.is_submitted():
        return _hold_page(device, form, may_place)

    def act(session):
        values = form.values("ground", "complaint")
        values |= {"ground": Ground(form.ground.data), "complaint_id": known.get(form.complaint.data)}
        begin = service.place if may_place else service.ask
        made = begin(session, session.get_one(Device, device_id), g.person, **values)
        session.flush()
        return url_for("records.hold", uid=made.uid)

    done = _("The device is held. Its hospital and whoever works on it are told.")
    asked = _("Quality has been asked to hold the device.")
    again = lambda status: _hold_page(_device(number), form, may_place, status)  # noqa: E731
    return submit(form, act, again, done=done if may_place else asked)


def _device(number: str) -> Device:
    return find(db.session, Device, g.person, P.HOLD_ASK, *devices.whole(), number=number)


def _offered(form: HoldForm, device: Device) -> tuple[HoldForm, dict[str, int]]:
    """The form with the complaints about the device that this person may see; complaint number → id."""
    found = complaints.of_device(db.session, g.person, device.id)
    form.complaint.choices = [("", "—"), *((each.number, each.number) for each in found)]
    return form, {each.number: each.id for each in found}


def _hold_page(device: Device, form: HoldForm, may_place: bool, status: int = 200) -> Any:
    values = {"device": device, "form": form, "may_place": may_place, "back": way_to(device.number)}
    return render("records/hold_device.html", "hold", status, frame=audience(g.person), **values)


@door.page("/holds/<uid>", access=P.HOLD_SEE)
def hold(uid: str):
    """One hold: why, what is sealed, who signed, and the way to its release."""
    return _page(_load(uid))


def _load(uid: str) -> EvidenceHold:
    return find(db.session, EvidenceHold, g.person, P.HOLD_SEE, *queries.whole(), uid=uid)


def _page(hold: EvidenceHold, status: int = 200, block: str | None = None, **forms: PortalForm) -> Any:
    paper = documents.of(db.session, SEALING_LIST, hold, *document_queries.whole())
    draft, waits = payload(hold), paper is not None and paper.awaits_customer
    sign_form = forms.get("sign_form") or SigningForm(place=f"{say(hold.organisation.name)} {say(hold.site.name)}")
    sign_form.seen.data = content_hash(canonical_bytes(draft))
    list_form = forms.get("list_form") or ListForm(
        version=hold.list_version, data={"items": hold.items, "sealed_where": hold.sealed_where}
    )
    seen = g.person.can(P.RECORD_HISTORY, hold)
    return render(
        "records/hold.html",
        block,
        status,
        frame=audience(g.person),
        hold=hold,
        device=hold.device,
        complaint=_complaint(hold),
        paper=paper,
        payload=content(paper.current) if paper else draft,
        signatures=paper.current.signatures if paper else [],
        form_kind=SEALING_LIST,
        is_signed_as_it_stands=paper is not None and content(paper.current) == draft,
        pdfs=renditions(paper) if paper else [],
        photos=files_of(db.session, hold, PHOTOS, with_internal=True),
        verbs={verb.name for verb in HOLD_LIFECYCLE.possible(hold, g.person)},
        may_file_paper=waits and g.person.can(P.DOCUMENT_PAPER, paper),
        may_witness=waits and g.person.can(P.ORDER_WITNESS, paper),
        sign_form=sign_form,
        list_form=list_form,
        conflict=compare(list_form, hold.list_version) if list_form.stale else None,
        decline_form=forms.get("decline_form") or ReasonForm(),
        release_form=forms.get("release_form") or ReasonForm(),
        grant_form=forms.get("grant_form"),
        back=url_for("records.holds"),
        to_device=way_to(hold.device.number),
        trail=lines(db.session, trail.of_records(db.session, [hold])) if seen else [],
    )


def _complaint(hold: EvidenceHold) -> Complaint | None:
    """The complaint that the hold refers to, for who may see it."""
    found = db.session.get(Complaint, hold.complaint_id) if hold.complaint_id else None
    return found if found is not None and g.person.can(P.COMPLAINT_SEE, found) else None


@door.verb("/holds/<uid>/grant", access=P.HOLD_PLACE, endpoint="grant_hold")
def grant(uid: str):
    """Hold as somebody asked for."""
    hold_id, form = find(db.session, EvidenceHold, g.person, P.HOLD_PLACE, uid=uid).id, PortalForm()

    def act(session):
        service.grant(session, session.get_one(EvidenceHold, hold_id), g.person)
        return url_for("records.hold", uid=uid)

    again = lambda status: _page(_load(uid), status, "deciding", grant_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The device is held. Its hospital and whoever works on it are told."))


@door.verb("/holds/<uid>/decline", access=P.HOLD_PLACE, endpoint="decline_hold")
def decline(uid: str):
    """There is no cause to hold it."""
    hold_id, form = find(db.session, EvidenceHold, g.person, P.HOLD_PLACE, uid=uid).id, ReasonForm()

    def act(session):
        service.decline(session, session.get_one(EvidenceHold, hold_id), g.person, form.reason.data)
        return url_for("records.hold", uid=uid)

    again = lambda status: _page(_load(uid), status, "deciding", decline_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Declined. Whoever asked has been told."))


@door.verb("/holds/<uid>/list", access=P.HOLD_SEAL, uploads=True, endpoint="list_sealed")
def list_sealed(uid: str):
    """Write down what is sealed."""
    hold_id, form = find(db.session, EvidenceHold, g.person, P.HOLD_SEAL, uid=uid).id, ListForm()

    def act(session):
        one, values = session.get_one(EvidenceHold, hold_id), form.values("photos")
        service.keep_list(session, one, g.person, form.version, photos=form.received.get("photos", ()), **values)
        return url_for("records.hold", uid=uid, _anchor="list")

    again = lambda status: _page(_load(uid), status, "list", list_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The sealing list is kept. It is not signed yet."))


@door.verb("/holds/<uid>/seal", access=P.HOLD_SEAL, endpoint="seal")
def seal(uid: str):
    """Sign the sealing list for the company; the hospital signs next."""
    hold_id, form = find(db.session, EvidenceHold, g.person, P.HOLD_SEAL, uid=uid).id, SigningForm()

    def act(session):
        one = session.get_one(EvidenceHold, hold_id)
        service.seal(session, one, g.person, form.seen.data, place=form.place.data)
        return url_for("records.hold", uid=uid, _anchor="list")

    return submit(
        form,
        act,
        lambda status: _page(_load(uid), status, "list", sign_form=form),
        done=_("Signed. The hospital is asked to sign as well."),
        before=lambda: prove(form, db.session.get_one(EvidenceHold, hold_id)),
    )


@door.verb("/holds/<uid>/release", access=P.HOLD_PLACE, endpoint="release_hold")
def release(uid: str):
    """Release the device; never by whoever held it."""
    hold_id, form = find(db.session, EvidenceHold, g.person, P.HOLD_PLACE, uid=uid).id, ReasonForm()

    def act(session):
        service.release(session, session.get_one(EvidenceHold, hold_id), g.person, form.reason.data)
        return url_for("records.hold", uid=uid)

    again = lambda status: _page(_load(uid), status, "deciding", release_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The device is released. Its hospital and whoever works on it are told."))
