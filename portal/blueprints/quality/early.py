"""Devices that were released before their review: which wait for it, and the review of one (QCR-6)."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.blueprints.quality import door
from portal.blueprints.quality.release import load, page, tabs
from portal.core.db import db
from portal.core.errors import NotYours
from portal.domain.documents import service as documents
from portal.domain.documents.kinds import SERVICE_REPORT
from portal.domain.permissions import P
from portal.domain.releases.models import ReleaseReason
from portal.domain.servicing import early, queries
from portal.domain.servicing.models import EarlyRelease, WorkOrder
from portal.web.answers import render
from portal.web.early import EarlyForm, deadline, early_form
from portal.web.forms import submit
from portal.web.languages import say
from portal.web.lists import pager
from portal.web.promises import due_face
from portal.web.signing import SigningForm, prove


class RefusalForm(SigningForm):
    """Does not accept a release, and says what was found."""

    reason = TextAreaField(_l("What did the review find?"), validators=[DataRequired(), Length(max=1000)])
    is_dangerous = BooleanField(_l("The device must not be used until then"))


@door.page("/early-releases", access=P.ORDER_RELEASE)
def early_releases():
    """The releases whose review is due, the most urgent first."""
    found = queries.to_review(db.session, g.person, request.args.get("at"))
    return render(
        "quality/early_releases.html",
        tabs=tabs("early_releases"),
        rows=[_row(row) for row in found.rows],
        pager=pager(found),
    )


def _row(row: Any) -> tuple[Any, ...]:
    number, product, identity, hospital, technician, reason, released_at, name, state, due_at = row
    href = url_for("quality.order", number=number)
    return (
        number,
        href,
        f"{say(product)} {identity}",
        say(hospital),
        technician,
        say(reason),
        released_at,
        due_face(name, state, due_at),
    )


def _due(order: WorkOrder) -> EarlyRelease:
    """The release that is to be reviewed. Raises NotYours where there is none, or none any more."""
    if not order.early:
        raise NotYours()
    return order.early[-1]


@door.verb("/orders/<number>/accept_release", access=P.ORDER_RELEASE)
def accept_release(number: str):
    """Sign that the results were reviewed and the release is accepted."""
    order, form = load(number), SigningForm()
    order_id, early_id = order.id, _due(order).id

    def act(session):
        early.accept(session, session.get_one(EarlyRelease, early_id), g.person, form.seen.data, place=form.place.data)
        return url_for("quality.early_releases")

    return submit(
        form,
        act,
        lambda status: page(load(number), status, "sheet", form=form),
        done=_("Reviewed: the release is accepted."),
        before=lambda: prove(form, db.session.get_one(WorkOrder, order_id)),
    )


@door.form("/orders/<number>/refuse_release", access=P.ORDER_RELEASE)
def refuse_release(number: str):
    """Sign that the release is not accepted: the order goes back to the technician."""
    order, form = load(number), RefusalForm()
    order_id, early_id = order.id, _due(order).id
    if not form.is_submitted():
        form.place.data = say(order.request.centre.name)
        return _refusal(order, form)

    def act(session):
        record = session.get_one(EarlyRelease, early_id)
        said = {"is_dangerous": form.is_dangerous.data, "place": form.place.data}
        early.refuse(session, record, g.person, form.seen.data, form.reason.data, **said)
        return url_for("quality.order", number=number)

    return submit(
        form,
        act,
        lambda status: _refusal(load(number), form, status),
        done=_("Not accepted: the technician has the order back."),
        before=lambda: prove(form, db.session.get_one(WorkOrder, order_id)),
    )


def _refusal(order: WorkOrder, form: RefusalForm, status: int = 200) -> Any:
    form.seen.data = _seen(order)
    return render("quality/refuse_release.html", "refusal", status, order=order, record=order.request, form=form)


def _seen(order: WorkOrder) -> str:
    paper = documents.of(db.session, SERVICE_REPORT, order)
    return paper.current.content_hash if paper else ""


@door.form("/orders/<number>/release_first", access=P.ORDER_RELEASE_FIRST)
def release_first(number: str):
    """Release the device for its technician, before the review, with the reason."""
    order = load(number)
    order_id, form = order.id, early_form(db.session(), say(order.request.centre.name))
    if not form.is_submitted():
        return _first(order, form)

    def act(session):
        found, reason = session.get_one(WorkOrder, order_id), session.get_one(ReleaseReason, form.ids[form.reason.data])
        early.release_first(
            session, found, g.person, form.seen.data, reason, form.note.data or "", place=form.place.data
        )
        return url_for("quality.order", number=number)

    return submit(
        form,
        act,
        lambda status: _first(load(number), form, status),
        done=_("Released. The customer may sign; quality is asked for the review."),
        before=lambda: prove(form, db.session.get_one(WorkOrder, order_id)),
    )


def _first(order: WorkOrder, form: EarlyForm, status: int = 200) -> Any:
    form.seen.data, within = _seen(order), deadline(db.session())
    return render("quality/release_first.html", "early", status, order=order, form=form, deadline=within)
