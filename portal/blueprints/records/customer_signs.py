"""What a hospital signs beside reports and plans: on a tablet with a witness, or on paper; and receipts on paper."""

from collections.abc import Callable
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from portal.blueprints.records import door
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.permissions import find
from portal.domain.documents import queries
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import DO_NOT_USE_NOTICE, SEALING_LIST, STATEMENT
from portal.domain.documents.models import Document, Method
from portal.domain.documents.service import Signing
from portal.domain.holds import service as holds
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import current_language, say
from portal.web.navigation import audience
from portal.web.papers import content
from portal.web.signing import PaperForm, WitnessedForm, picture, prove

CARRY_OUT = {
    SEALING_LIST.name: holds.sign,
    DO_NOT_USE_NOTICE.name: documents.acknowledge,
    STATEMENT.name: documents.acknowledge,
}
"""What the customer's signature does, by the kind of paper."""


class SignedPaperForm(PaperForm):
    """A page that the customer signed by hand."""

    rating = None


class WitnessedPaperForm(WitnessedForm):
    """The customer signs on the tablet."""

    rating = None


@door.form("/documents/<uid>/on_paper", access=P.DOCUMENT_PAPER, uploads=True)
def customer_signed(uid: str):
    """File a page that the customer signed by hand, by its photograph."""
    return _customer_signs(uid, P.DOCUMENT_PAPER, SignedPaperForm, _on_paper)


@door.form("/documents/<uid>/on_tablet", access=P.ORDER_WITNESS, uploads=True)
def customer_signs_here(uid: str):
    """The customer reads a sealing list and signs on the tablet; the technician is the witness."""
    return _customer_signs(uid, P.ORDER_WITNESS, WitnessedPaperForm, _witnessed)


def _customer_signs(uid: str, permission: P, form_class: type, signing_of: Callable[[Any], Signing]):
    document = _load(uid, permission)
    document_id, carry_out = document.id, CARRY_OUT[document.kind]
    customer = content(document.current)["customer"]
    place = customer.get("site") or customer["name"]
    form = form_class(place=place.get(current_language()) or place["zh"])
    if not form.is_submitted():
        return _page(document, form)

    def act(session):
        one = session.get_one(Document, document_id)
        carry_out(session, one, g.person, signing_of(form), form.seen.data)
        return url_for("records.open", number=one.number) if one.number else _way_back(one)

    return submit(
        form,
        act,
        lambda status: _page(_load(uid, permission), form, status),
        done=_("Signed. It is on file."),
        before=lambda: prove(form, db.session.get_one(Document, document_id)),
    )


def _load(uid: str, permission: P) -> Document:
    """A paper of these kinds that waits for the customer; a tablet takes no receipts. Raises NotYours."""
    document = find(db.session, Document, g.person, permission, *queries.whole(), uid=uid)
    if document.kind not in CARRY_OUT or (permission is P.ORDER_WITNESS and document.form is not SEALING_LIST):
        raise NotYours()
    return document


def _way_back(document: Document) -> str:
    number = content(document.current).get("hold", {}).get("number")
    return url_for("records.open", number=number) if number else url_for("account.home")


def _page(document: Document, form: Any, status: int = 200) -> Any:
    revision = document.current
    form.seen.data = revision.content_hash
    return render(
        "records/customer_signed.html",
        "sheet",
        status,
        frame=audience(g.person),
        document=document,
        waits=document.awaits_customer or document.awaits_receipt,
        payload=content(revision),
        signatures=revision.signatures,
        form=form,
        back=url_for("records.open", number=document.number) if document.number else _way_back(document),
        title=document.number or say(document.form.title),
    )


def _witnessed(form: WitnessedPaperForm) -> Signing:
    return Signing(Method.WITNESSED, picture=picture(form, "signature"), **_details(form))


def _on_paper(form: SignedPaperForm) -> Signing:
    return Signing(Method.PAPER, picture=picture(form, "photo"), reason=form.reason.data, **_details(form))


def _details(form: Any) -> dict[str, Any]:
    names = ("name", "function", "department", "phone", "place", "comment")
    return {name: form[name].data for name in names} | {"language": current_language()}
