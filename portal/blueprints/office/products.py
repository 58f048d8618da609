"""The catalogue of products."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.office import door
from portal.blueprints.office.forms import ProductForm
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.catalog import queries, service
from portal.domain.catalog.models import Product
from portal.domain.permissions import P
from portal.domain.trail import queries as trail
from portal.web.answers import render
from portal.web.catalogue import catalogue_tabs
from portal.web.forms import PortalForm, submit
from portal.web.lists import pager
from portal.web.stale import conflict
from portal.web.trail import lines


@door.page("/products", access=P.PRODUCT_SEE)
def products():
    """All products by name."""
    found = queries.products(db.session, g.person, cursor=request.args.get("at"))
    return render("office/products.html", tabs=catalogue_tabs(), rows=found.rows, pager=pager(found))


@door.form("/products/new", access=P.PRODUCT_EDIT, endpoint="new_product")
def new():
    """Add a product."""
    form = _form(udi_di=request.args.get("di", "")[:40])
    if not form.is_submitted():
        return _new_page(form, 200)

    def act(session):
        made = service.list_product(session, g.person, **form.facts())
        return url_for("office.product", uid=made.uid)

    return submit(form, act, lambda status: _new_page(form, status), done=_("The product is added."))


def _new_page(form: PortalForm, status: int) -> Any:
    return render("office/product_new.html", "new", status, form=form)


def _form(**values: Any) -> ProductForm:
    return ProductForm(**values).offer(queries.families(db.session))


@door.page("/products/<uid>", access=P.PRODUCT_SEE)
def product(uid: str):
    """One product."""
    return _page(uid)


@door.verb("/products/<uid>/edit", access=P.PRODUCT_EDIT, endpoint="edit_product")
def edit(uid: str):
    """Change a product's details."""
    record_id, form = _load(uid).id, _form()

    def act(session):
        service.edit(session, session.get_one(Product, record_id), g.person, form.version, **form.facts())
        return url_for("office.product", uid=uid)

    return submit(form, act, lambda status: _page(uid, status, form), done=_("The product is saved."))


def _load(uid: str) -> Product:
    return find(db.session, Product, g.person, P.PRODUCT_SEE, uid=uid)


def _page(uid: str, status: int = 200, form: PortalForm | None = None) -> Any:
    record = _load(uid)
    history = trail.of_records(db.session, [record]) if g.person.can(P.RECORD_HISTORY, record) else []
    return render(
        "office/product.html",
        "edit" if form else None,
        status,
        record=record,
        form=form or _filled(record),
        stale=conflict(form, record, "details"),
        may_edit=g.person.can(P.PRODUCT_EDIT, record),
        trail=lines(db.session, history),
    )


def _filled(record: Product) -> ProductForm:
    form = _form(formdata=None, obj=record, name_zh=record.name.zh, name_en=record.name.en)
    form.family.data = record.family.uid if record.family else ""
    if record.unit is not None:
        form.unit_zh.data, form.unit_en.data = record.unit.zh, record.unit.en
    form.base_version.data = str(record.details_version)
    return form
