"""The report on the tablet: submitted by the technician, then signed by the customer, here or on paper."""

from collections.abc import Callable
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.technicians import door
from portal.blueprints.technicians.forms import PaperConsentForm, WitnessedConsentForm
from portal.blueprints.technicians.leaving import ask as ask_leaving
from portal.blueprints.technicians.leaving import form_for
from portal.blueprints.technicians.orders import REPORTED, load
from portal.blueprints.technicians.safety import ask
from portal.core.db import db
from portal.core.documents import canonical_bytes, content_hash
from portal.core.errors import NotYours
from portal.domain.documents import queries as document_queries
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import REPAIR_PLAN, SERVICE_REPORT, Kind
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.permissions import P
from portal.domain.plans import service as plans
from portal.domain.servicing import leaving, releasing, service
from portal.domain.servicing.models import WorkOrder
from portal.domain.servicing.report import payload
from portal.domain.servicing.words import Asked
from portal.web import forms as web_forms
from portal.web.answers import render
from portal.web.languages import LANGUAGES, current_language, say, speaking
from portal.web.papers import content, offer_choice
from portal.web.safety import SafetyForm
from portal.web.signing import PaperForm, SigningForm, WitnessedForm, picture, prove


@door.page("/orders/<number>/report", access=P.ORDER_WORK)
def report(number: str):
    """The report as it stands: frozen, or as it would be frozen now."""
    order = load(number)
    paper = _paper(order) if order.state in REPORTED else None
    return render("technicians/report.html", order=order, paper=paper, **_shown(order, paper))


def _paper(order: WorkOrder, kind: Kind = SERVICE_REPORT) -> Document | None:
    return documents.of(db.session, kind, order, *document_queries.whole())


def _shown(order: WorkOrder, paper: Document | None) -> dict[str, Any]:
    """What the report's template needs, for a frozen report or a draft."""
    if paper is None:
        return {"payload": payload(order), "form_kind": SERVICE_REPORT, "signatures": []}
    revision = paper.current
    return {"payload": content(revision), "form_kind": paper.form, "signatures": revision.signatures}


@door.form("/orders/<number>/submit", access=P.ORDER_WORK)
def submit(number: str):
    """Read the report once more, then sign it as the engineer and hand it over for release."""
    order = load(number)
    order_id, form = order.id, SigningForm(place=place_of(order))
    if not form.is_submitted():
        if not order.request.asked(Asked.CLOSING):
            return ask(order, SafetyForm())
        if not order.leaving and (items := leaving.items(db.session)):
            return ask_leaving(order, form_for(order, items))
        return _submit_page(order, form)

    def act(session):
        order = session.get_one(WorkOrder, order_id)
        service.submit(session, order, g.person, form.seen.data, place=form.place.data)
        return url_for("technicians.order", number=number)

    return web_forms.submit(
        form,
        act,
        lambda status: _submit_page(load(number), form, status),
        done=_("Submitted."),
        before=lambda: prove(form, db.session.get_one(WorkOrder, order_id)),
    )


def _submit_page(order: WorkOrder, form: SigningForm, status: int = 200):
    shown = _shown(order, None)
    form.seen.data = content_hash(canonical_bytes(shown["payload"]))
    alone = releasing.is_released_alone(db.session(), order)
    return render("technicians/submit.html", "sheet", status, order=order, form=form, alone=alone, **shown)


def place_of(order: WorkOrder) -> str:
    """Where the engineer and the customer sign: at the hospital."""
    return f"{say(order.organisation.name)} {say(order.site.name)}"


@door.form("/orders/<number>/sign", access=P.ORDER_WITNESS)
def sign(number: str):
    """The customer reads the frozen report and signs on the tablet; the technician is the witness."""
    return _customer_signs(number, SERVICE_REPORT, WitnessedForm, "technicians/sign.html", _witnessed)


@door.form("/orders/<number>/paper", access=P.DOCUMENT_PAPER)
def paper(number: str):
    """File a report that the customer signed on paper, by its photograph."""
    return _customer_signs(number, SERVICE_REPORT, PaperForm, "technicians/paper.html", _on_paper)


@door.form("/orders/<number>/plan/sign", access=P.ORDER_WITNESS)
def sign_plan(number: str):
    """The customer reads the offered plan and consents on the tablet; the technician is the witness."""
    return _customer_signs(number, REPAIR_PLAN, WitnessedConsentForm, "technicians/sign.html", _witnessed)


@door.form("/orders/<number>/plan/paper", access=P.DOCUMENT_PAPER)
def plan_on_paper(number: str):
    """File a plan that the customer signed on paper, by its photograph."""
    return _customer_signs(number, REPAIR_PLAN, PaperConsentForm, "technicians/paper.html", _on_paper)


CARRY_OUT = {SERVICE_REPORT.name: service.sign, REPAIR_PLAN.name: plans.consent}
"""What the customer's signature does, by the kind of paper."""


def _customer_signs(number: str, kind: Kind, form_class: type, template: str, signing_of: Callable[[Any], Signing]):
    """Both ways of signing, in the language chosen on the page: the signature keeps the one it saw."""
    order, done = load(number), _("Signed. The PDFs will be ready in a moment.")
    with speaking(_language(order)):
        document = _paper(order, kind)
        if document is None:
            raise NotYours()
        document_id, form = document.id, form_class(**_signer(order))
        if kind is REPAIR_PLAN:
            offer_choice(form, content(document.current)["plan"])
        if not form.is_submitted():
            return _sign_page(order, document, form, template)

        def act(session):
            document = session.get_one(Document, document_id)
            CARRY_OUT[kind.name](session, document, g.person, signing_of(form), form.seen.data)
            return url_for("technicians.order", number=number)

        def again(status: int):
            order = load(number)
            return _sign_page(order, _paper(order, kind), form, template, status)

        return web_forms.submit(
            form,
            act,
            again,
            done=done,
            before=lambda: prove(form, db.session.get_one(Document, document_id)),
        )


def _language(order: WorkOrder) -> str:
    chosen = request.args.get("language", "")
    return chosen if chosen in LANGUAGES else order.request.language


def _signer(order: WorkOrder) -> dict[str, str]:
    """Who will probably sign: the contact of the request, to be changed on the page."""
    record = order.request
    department = say(record.department.name) if record.department else ""
    contact = {"name": record.contact_name, "phone": record.contact_phone}
    return contact | {"department": department, "place": place_of(order)}


def _sign_page(order: WorkOrder, document: Document, form: Any, template: str, status: int = 200):
    form.seen.data = document.current.content_hash
    shown = _shown(order, document)
    return render(
        template, "sheet", status, order=order, document=document, form=form, chosen=current_language(), **shown
    )


def _witnessed(form: WitnessedForm) -> Signing:
    return Signing(Method.WITNESSED, picture=picture(form, "signature"), **_details(form))


def _on_paper(form: PaperForm) -> Signing:
    return Signing(Method.PAPER, picture=picture(form, "photo"), reason=form.reason.data, **_details(form))


def _details(form: Any) -> dict[str, Any]:
    """What both ways of signing write down; an evaluation or a choice where the paper asks for it."""
    names = ("name", "function", "department", "phone", "place", "comment", "choice")
    details = {name: form[name].data for name in names if name in form}
    rating = int(form.rating.data) if "rating" in form and form.rating.data else None
    return details | {"rating": rating, "language": current_language()}
