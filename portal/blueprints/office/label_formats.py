"""The sheets and rolls that labels are printed on."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from portal.blueprints.office import door
from portal.blueprints.office.forms import NamedForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.labels import queries, service
from portal.domain.labels.models import MEASURES, LabelFormat
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.stale import conflict

LONGEST, MOST = 500, 50
TENTHS = 10


def _millimetres(label: Any, least: float = 0) -> DecimalField:
    return DecimalField(label, places=1, default=0, validators=[InputRequired(), NumberRange(least, LONGEST)])


class LabelFormatForm(NamedForm):
    """A sheet or a roll, as its package describes it; in millimetres."""

    page_width = _millimetres(_l("Width of the page"), 10)
    page_height = _millimetres(_l("Height of the page"), 10)
    label_width = _millimetres(_l("Width of a label"), 40)
    label_height = _millimetres(_l("Height of a label"), 20)
    across = IntegerField(_l("Labels in a row"), default=1, validators=[InputRequired(), NumberRange(1, MOST)])
    down = IntegerField(_l("Rows on a page"), default=1, validators=[InputRequired(), NumberRange(1, MOST)])
    left = _millimetres(_l("Left margin"))
    top = _millimetres(_l("Top margin"))
    gap_across = _millimetres(_l("Gap between columns"))
    gap_down = _millimetres(_l("Gap between rows"))
    in_use = BooleanField(_l("Can be chosen"), default=True)

    def facts(self) -> dict[str, Any]:
        """As a format keeps them: tenths of a millimetre."""
        return super().facts() | {name: round(self[name].data * TENTHS) for name in MEASURES}


@door.page("/label-formats", access=P.LABEL_FORMAT, endpoint="label_formats")
def formats():
    """All formats of labels."""
    return render("office/label_formats.html", formats=queries.formats(db.session()))


@door.form("/label-formats/new", access=P.LABEL_FORMAT, endpoint="new_label_format")
def new():
    """Add a format."""
    form = LabelFormatForm()
    page = lambda status: render("office/label_format.html", "format", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        service.add_format(session, g.person, **form.facts())
        return url_for("office.label_formats")

    return submit(form, act, page, done=_("The format is added."))


@door.form("/label-formats/<uid>", access=P.LABEL_FORMAT, endpoint="label_format")
def change(uid: str):
    """Change a format, or let it be chosen no more."""
    record = _load(uid)
    if not LabelFormatForm().is_submitted():
        return _page(record, _filled(record))
    record_id, form = record.id, LabelFormatForm()

    def act(session):
        service.change_format(session, session.get_one(LabelFormat, record_id), g.person, form.version, **form.facts())
        return url_for("office.label_formats")

    again = lambda status: _page(_load(uid), form, status)  # noqa: E731
    return submit(form, act, again, done=_("The format is saved."))


def _load(uid: str) -> LabelFormat:
    return find(db.session, LabelFormat, g.person, P.LABEL_FORMAT, uid=uid)


def _filled(record: LabelFormat) -> LabelFormatForm:
    measures = {name: getattr(record, name) / TENTHS for name in MEASURES}
    counts = {"across": record.across, "down": record.down, "in_use": record.in_use}
    form = LabelFormatForm(formdata=None, name_zh=record.name.zh, name_en=record.name.en, **measures, **counts)
    form.base_version.data = str(record.details_version)
    return form


def _page(record: LabelFormat, form: LabelFormatForm, status: int = 200) -> Any:
    stale = conflict(form, record, "details")
    return render("office/label_format.html", "format", status, record=record, form=form, stale=stale)
