"""The list that technicians tick before they leave a site."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from portal.blueprints.office import door
from portal.blueprints.office.forms import NamedForm
from portal.blueprints.office.promise_tabs import tabs
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing import leaving
from portal.domain.servicing.models import LeavingItem
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.stale import conflict


class ItemForm(NamedForm):
    """One item of the list."""

    position = IntegerField(_l("Place in the list"), [InputRequired(), NumberRange(1, 99)])
    in_use = BooleanField(_l("Is ticked"), default=True)


@door.page("/leaving-items", access=P.POLICY_SEE, endpoint="leaving_items")
def items():
    """All items, those in use in their order."""
    return render("office/leaving_items.html", tabs=tabs(), items=leaving.items(db.session, all_of_them=True))


@door.form("/leaving-items/new", access=P.POLICY_EDIT, endpoint="new_leaving_item")
def new():
    """Add an item."""
    form = ItemForm()
    page = lambda status: render("office/leaving_item.html", "item", status, form=form, record=None)  # noqa: E731
    if not form.is_submitted():
        return page(200)

    def act(session):
        leaving.add(session, g.person, **form.facts())
        return url_for("office.leaving_items")

    return submit(form, act, page, done=_("The item is added."))


@door.form("/leaving-items/<uid>", access=P.POLICY_EDIT, endpoint="leaving_item")
def item(uid: str):
    """Change an item. Orders that were ticked keep what it said."""
    record = _load(uid)
    if not ItemForm().is_submitted():
        form = ItemForm(obj=record, name_zh=record.name.zh, name_en=record.name.en)
        form.base_version.data = str(record.item_version)
        return _page(record, form)
    record_id, form = record.id, ItemForm()

    def act(session):
        leaving.edit(session, session.get_one(LeavingItem, record_id), g.person, form.version, **form.facts())
        return url_for("office.leaving_items")

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("The item is saved."))


def _load(uid: str) -> LeavingItem:
    return find(db.session, LeavingItem, g.person, P.POLICY_EDIT, uid=uid)


def _page(record: LeavingItem, form: ItemForm, status: int = 200) -> Any:
    stale = conflict(form, record, "item")
    return render("office/leaving_item.html", "item", status, record=record, form=form, stale=stale)
