"""Papers: to read, to sign or to answer, to keep."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.customers import door
from portal.core.db import Text2, db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.documents import queries
from portal.domain.documents import service as signing
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, REPAIR_PLAN, SEALING_LIST, SERVICE_REPORT, STATEMENT
from portal.domain.documents.models import Document, Method, Revision
from portal.domain.documents.service import Signing
from portal.domain.holds import service as holds
from portal.domain.permissions import P
from portal.domain.plans import service as plans
from portal.domain.plans.models import RepairPlan
from portal.domain.plans.words import PlanState
from portal.domain.servicing import service
from portal.domain.servicing.models import WorkOrder
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.papers import content, issued_card, offer_choice, renditions
from portal.web.planning import beside
from portal.web.signing import RATINGS, SigningForm, prove


class SignForm(SigningForm):
    """The customer's signature with the evaluation of the service (JL-56-00)."""

    rating = RadioField(_l("How was our service?"), choices=RATINGS, validators=[DataRequired()])
    comment = TextAreaField(_l("Anything to add?"), validators=[Length(max=2000)])
    function = StringField(_l("Your function"), validators=[Length(max=100)])


class ConsentForm(SigningForm):
    """The customer's consent to a repair plan and its price (F04)."""

    choice = RadioField(_l("Which option?"), validators=[DataRequired()])
    comment = TextAreaField(_l("Anything to add?"), validators=[Length(max=2000)])
    function = StringField(_l("Your function"), validators=[Length(max=100)])


class ReceiveForm(SigningForm):
    """The customer's signature under what was sealed together, or the receipt of a notice."""

    comment = TextAreaField(_l("Anything to add?"), validators=[Length(max=2000)])
    function = StringField(_l("Your function"), validators=[Length(max=100)])


class RefuseForm(PortalForm):
    """Why a plan is declined."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(), Length(max=1000)])


class DisputeForm(PortalForm):
    """Why somebody else should pay."""

    objection = TextAreaField(_l("What do you object to?"), validators=[DataRequired(), Length(max=1000)])


@door.page("/documents", access=P.DOCUMENT_SEE)
def documents():
    """What waits for a signature, then all issued reports, newest first."""
    found = queries.issued(db.session, g.person, request.args.get("at"))
    cards = [issued_card(row, "customers.document") for row in found.rows]
    to_sign = queries.to_sign(db.session, g.person) if not request.args.get("at") else []
    return render("customers/documents.html", cards=cards, pager=pager(found), to_sign=to_sign)


def _load(uid: str) -> Document:
    """A report once it is released: before that it is ours alone."""
    record = find(db.session, Document, g.person, P.DOCUMENT_SEE, *queries.whole(), uid=uid)
    if not (record.awaits_customer or record.issued_at):
        raise NotYours()
    return record


@door.page("/documents/<uid>", access=P.DOCUMENT_SEE)
def document(uid: str):
    """One report: its content, its PDFs, and the form to sign it."""
    record = _load(uid)
    customer = content(_shown(record))["customer"]
    return _page(record, _form(record, place=say(Text2(**(customer.get("site") or customer["name"])))))


@dataclass(frozen=True)
class Way:
    """How a kind of paper is signed here: its form, what the signature does, and the part of the page with the form."""

    form: type[SigningForm]
    carry_out: Callable[..., Any]
    template: str


WAYS = {
    SERVICE_REPORT.name: Way(SignForm, service.sign, "customers/_sign_report.html"),
    REPAIR_PLAN.name: Way(ConsentForm, plans.consent, "customers/_sign_plan.html"),
    SEALING_LIST.name: Way(ReceiveForm, holds.sign, "customers/_sign_sealing.html"),
    DO_NOT_USE_NOTICE.name: Way(ReceiveForm, signing.acknowledge, "customers/_receive_notice.html"),
    STATEMENT.name: Way(ReceiveForm, signing.acknowledge, "customers/_agree_statement.html"),
}


def _form(record: Document, **values: str) -> SigningForm:
    """The form that signs this kind of paper."""
    form = WAYS[record.kind].form(**values)
    if record.form is REPAIR_PLAN:
        offer_choice(form, content(_shown(record))["plan"])
    return form


def _shown(record: Document) -> Revision:
    """What the hospital reads: the revision to sign, else the one in force. A correction in the making is ours."""
    return record.current if record.awaits_customer else record.in_force


def _page(record: Document, form: SigningForm | None = None, status: int = 200, **forms: PortalForm):
    revision = _shown(record)
    waits = record.awaits_customer or record.awaits_receipt
    may_sign = waits and g.person.can(P.DOCUMENT_SIGN, record)
    return render(
        "customers/document.html",
        "pdfs" if request.headers.get("HX-Target", "").endswith("#pdfs") else "sheet",
        status,
        record=record,
        revision=revision,
        content=content(revision),
        renditions=renditions(record),
        form=form or _form(record),
        refuse_form=forms.get("refuse_form") or RefuseForm(),
        dispute_form=forms.get("dispute_form") or DisputeForm(),
        seen=revision.content_hash,
        may_sign=may_sign,
        beside=_beside(record),
        signing_part=WAYS[record.kind].template,
    )


def _beside(record: Document) -> dict[str, Any] | None:
    """What stands beside a repair plan; nothing does beside a report."""
    if record.form is not REPAIR_PLAN or not g.person.can(P.PLAN_SEE, record):
        return None
    plan = _plan(db.session, record.id)
    return beside(db.session(), plan, g.person) if plan and plan.state is not PlanState.DRAFT else None


@door.verb("/documents/<uid>/sign", access=P.DOCUMENT_SIGN)
def sign(uid: str):
    """Sign the paper in the own account: the password is the second proof."""
    record = _load(uid)
    record_id, form = record.id, _form(record)
    carry_out = WAYS[record.kind].carry_out

    def act(session):
        said = form.values("seen", "password")
        if "rating" in said:
            said["rating"] = int(said["rating"])
        signed = Signing(Method.PASSWORD, g.person.name, **said)
        carry_out(session, session.get_one(Document, record_id), g.person, signed, form.seen.data)
        return url_for("customers.document", uid=uid)

    return submit(
        form,
        act,
        lambda status: _page(_load(uid), form, status),
        done=_("Thank you. It is signed, and the PDF will be ready in a moment."),
        before=lambda: prove(form, db.session.get_one(Document, record_id)),
    )


def _plan(session, record_id: int) -> RepairPlan:
    """The plan that the paper offers."""
    order = session.get_one(WorkOrder, session.get_one(Document, record_id).root_id)
    return plans.latest(session, order)


@door.verb("/documents/<uid>/refuse", access=P.PLAN_ANSWER)
def refuse_plan(uid: str):
    """Decline the plan."""
    record_id, form = _load(uid).id, RefuseForm()

    def act(session):
        plan = _plan(session, record_id)
        plans.refuse(session, plan, g.person, form.reason.data)
        return url_for("customers.request", number=plan.order.request.number)

    again = lambda status: _page(_load(uid), None, status, refuse_form=form)  # noqa: E731
    return submit(form, act, again, done=_("The plan was declined. The service company has been told."))


@door.verb("/documents/<uid>/dispute", access=P.PLAN_ANSWER)
def dispute_plan(uid: str):
    """Object to who shall pay."""
    record_id, form = _load(uid).id, DisputeForm()

    def act(session):
        plans.dispute(session, _plan(session, record_id), g.person, form.objection.data)
        return url_for("customers.document", uid=uid)

    again = lambda status: _page(_load(uid), None, status, dispute_form=form)  # noqa: E731
    return submit(form, act, again, done=_("Your objection is on record. Somebody else looks at it."))
