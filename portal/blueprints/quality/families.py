"""Product families: what kind of device a model is, so that codes can be kept for all of a kind."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp

from portal.blueprints.quality import door
from portal.core.db import Text2, db
from portal.core.permissions import find
from portal.domain.catalog import queries, service
from portal.domain.catalog.models import ProductFamily
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.catalogue import catalogue_tabs
from portal.web.forms import PortalForm, submit
from portal.web.stale import conflict


class FamilyForm(PortalForm):
    """What a family is called."""

    name_zh = StringField(_l("Name in Chinese"), validators=[Length(max=100)])
    name_en = StringField(_l("Name in English"), validators=[Length(max=100)])

    def validate_name_zh(self, field: StringField) -> None:
        if not (field.data or self.name_en.data):
            raise ValidationError(_("Give the name in at least one language."))

    @property
    def name_text(self) -> Text2:
        return Text2(self.name_zh.data or "", self.name_en.data or "")


class NewFamilyForm(FamilyForm):
    """The same, with its code."""

    code = StringField(
        _l("Code"),
        validators=[
            DataRequired(),
            Length(max=20),
            Regexp(r"^[A-Z0-9-]+$", message=_l("Only capitals, digits and hyphens.")),
        ],
    )

    def validate_code(self, field: StringField) -> None:
        if field.data in {family.code for family in queries.families(db.session)}:
            raise ValidationError(_("This code is taken: choose another."))


@door.page("/families", access=P.FAULTCODE_SEE)
def families():
    """All families by name."""
    return render("quality/families.html", tabs=catalogue_tabs(), rows=queries.families(db.session))


@door.form("/families/new", access=P.PRODUCT_EDIT)
def new_family():
    """Add a family."""
    form = NewFamilyForm()
    page = lambda status: render("quality/family.html", "edit", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        service.add_family(session, g.person, code=form.code.data, name=form.name_text)
        return url_for("quality.families")

    return submit(form, act, page, done=_("The product family is added."))


@door.form("/families/<uid>", access=P.PRODUCT_EDIT)
def family(uid: str):
    """Call a family otherwise."""
    record = _load(uid)
    record_id, names = record.id, {"name_zh": record.name.zh, "name_en": record.name.en}
    form = FamilyForm(version=record.details_version, data=names)
    if not form.is_submitted():
        return _page(record, form)

    def act(session):
        record = session.get_one(ProductFamily, record_id)
        service.rename_family(session, record, g.person, form.version, form.name_text)
        return url_for("quality.families")

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("The product family is saved."))


def _load(uid: str) -> ProductFamily:
    return find(db.session, ProductFamily, g.person, P.PRODUCT_EDIT, uid=uid)


def _page(record: ProductFamily, form: FamilyForm, status: int = 200) -> Any:
    stale = conflict(form, record, "details", "rename")
    return render("quality/family.html", "edit", status, record=record, form=form, stale=stale)
