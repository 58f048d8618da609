"""Labels for devices: chosen, asked for, fetched when they are made (INT-10)."""

from typing import Any

import sqlalchemy as sa
from flask import Response, g, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from portal.blueprints.records import door
from portal.core import figures
from portal.core.db import db
from portal.core.errors import NotYours
from portal.core.files import headers, served_key
from portal.core.permissions import arms, find
from portal.domain.devices.models import IDENTITY, Device, State
from portal.domain.labels import queries, service
from portal.domain.labels.models import LabelFormat, LabelSheet, SheetState
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.forms import PortalForm, submit
from portal.web.giving import give
from portal.web.hospitals import chosen_hospital
from portal.web.languages import current_language, say
from portal.web.lists import address
from portal.web.navigation import audience

MOST_PLACES = 500
NAMES_SHOWN = 5


class LabelsForm(PortalForm):
    """On what the labels are printed."""

    format = SelectField(_l("Sheet or roll"), validators=[InputRequired()])
    skipped = IntegerField(
        _l("Places used already"), default=0, validators=[InputRequired(), NumberRange(0, MOST_PLACES)]
    )
    language = RadioField(_l("Language of the labels"), choices=[("zh", "中文"), ("en", "English")])


@door.form("/labels/new", access=P.LABEL_PRINT, endpoint="new_labels")
def new():
    """Ask for labels of the device that `?device=` names, or of those that the filters of the list leave."""
    chosen = _chosen()
    form = LabelsForm(language=current_language())
    form.format.choices = [(each.uid, say(each.name)) for each in queries.formats(db.session(), only_in_use=True)]
    if not form.is_submitted():
        return _page(form, chosen, 200)
    ids = [row.id for row in chosen]

    def act(session):
        kept = session.scalars(sa.select(LabelFormat).where(LabelFormat.uid == form.format.data)).one()
        skipped, language = form.skipped.data, form.language.data
        sheet = service.ask(session, g.person, kept, ids, skipped=skipped, language=language)
        return url_for("records.labels", uid=sheet.uid)

    return submit(form, act, lambda status: _page(form, _chosen(), status))


def _chosen() -> list[Any]:
    """Ids, numbers and names of the devices, one more than may be printed at once where there are too many."""
    number, hospital = request.args.get("device", ""), chosen_hospital()
    state, begins = request.args.get("state"), request.args.get("serial", "").strip()[:80]
    conditions = [Device.number == number] if number else []
    if hospital and hospital.id:
        conditions.append(Device.organisation_id == hospital.id)
    if state in set(State):
        conditions.append(Device.state == state)
    if begins:
        conditions.append(IDENTITY.istartswith(begins, autoescape=True))
    mine = sa.or_(sa.false(), *arms(g.person, Device, P.DEVICE_SEE))
    source = sa.select(Device.id, Device.number, IDENTITY, Device.product_id).where(mine, *conditions)
    most = figures.integer(db.session, service.MOST_LABELS)
    found = db.session.execute(source.order_by(Device.sort_key, Device.id).limit(most + 1)).all()
    if number and not found:
        raise NotYours()
    return list(found)


def _page(form: LabelsForm, chosen: list[Any], status: int) -> Any:
    return render(
        "records/labels_new.html",
        "labels",
        status,
        layout=f"layouts/{audience(g.person)}.html",
        form=form,
        count=len(chosen),
        most=figures.integer(db.session, service.MOST_LABELS),
        serials=[row.identity or row.number for row in chosen[:NAMES_SHOWN]],
        action=address(),
        back=_back(),
    )


def _back() -> str:
    number = request.args.get("device")
    return url_for("desk.device", number=number) if number else url_for("desk.devices")


@door.page("/labels/<uid>", access=P.LABEL_PRINT)
def labels(uid: str):
    """How far the labels are; the PDF once it is made."""
    sheet = _load(uid)
    return render(
        "records/labels.html",
        "sheet",
        layout=f"layouts/{audience(g.person)}.html",
        sheet=sheet,
        waits=sheet.state is SheetState.ASKED,
    )


@door.page("/labels/<uid>/pdf", access=P.LABEL_PRINT, endpoint="labels_pdf")
def pdf(uid: str) -> Response:
    """The labels, to be printed at their own size."""
    sheet = _load(uid)
    if sheet.file is None:
        raise NotYours()
    return give(served_key(sheet.file), headers(sheet.file, inline=True), kind="label_sheet", record=uid)


def _load(uid: str) -> LabelSheet:
    whole = (joinedload(LabelSheet.format), joinedload(LabelSheet.file))
    return find(db.session, LabelSheet, g.person, P.LABEL_PRINT, *whole, uid=uid)
