"""Reports: to read, to sign, to keep."""

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
from portal.domain.documents.models import Document, Method, Revision
from portal.domain.documents.service import Signing
from portal.domain.permissions import P
from portal.domain.servicing import service
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.papers import content, issued_card, renditions
from portal.web.signing import RATINGS, SigningForm, prove


class SignForm(SigningForm):
    """The customer's signature with the evaluation of the service (JL-56-00)."""

    rating = RadioField(_l("How was our service?"), choices=RATINGS, validators=[DataRequired()])
    comment = TextAreaField(_l("Anything to add?"), validators=[Length(max=2000)])
    function = StringField(_l("Your function"), validators=[Length(max=100)])


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
    site = Text2(**content(_shown(record))["customer"]["site"])
    return _page(record, SignForm(place=say(site)))


def _shown(record: Document) -> Revision:
    """What the hospital reads: the revision to sign, else the one in force. A correction in the making is ours."""
    return record.current if record.awaits_customer else record.in_force


def _page(record: Document, form: SignForm, status: int = 200):
    revision = _shown(record)
    may_sign = record.awaits_customer and g.person.can(P.DOCUMENT_SIGN, record)
    return render(
        "customers/document.html",
        "pdfs" if request.headers.get("HX-Target", "").endswith("#pdfs") else "sheet",
        status,
        record=record,
        revision=revision,
        content=content(revision),
        renditions=renditions(record),
        form=form,
        seen=revision.content_hash,
        may_sign=may_sign,
    )


@door.verb("/documents/<uid>/sign", access=P.DOCUMENT_SIGN)
def sign(uid: str):
    """Sign the report in the own account: the password is the second proof."""
    record_id, form = _load(uid).id, SignForm()

    def act(session):
        record = session.get_one(Document, record_id)
        said = form.values("seen", "password", "rating")
        signing = Signing(Method.PASSWORD, g.person.name, rating=int(form.rating.data), **said)
        service.sign(session, record, g.person, signing, form.seen.data)
        return url_for("customers.document", uid=uid)

    return submit(
        form,
        act,
        lambda status: _page(_load(uid), form, status),
        done=_("Thank you. The report is signed and will be ready in a moment."),
        before=lambda: prove(form, db.session.get_one(Document, record_id)),
    )
