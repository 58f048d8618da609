"""Adding a device to the register."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.blueprints.desk import door
from portal.blueprints.desk.forms import RegisterForm
from portal.blueprints.desk.register_scan import fill
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.catalog.models import Product
from portal.domain.catalog.queries import all_products
from portal.domain.devices import service
from portal.domain.organisations.models import Centre, Department, Organisation, Site
from portal.domain.organisations.queries import centres_for, hospitals, places
from portal.domain.permissions import P
from portal.web.answers import render
from portal.web.forms import submit
from portal.web.languages import say

EMPTY = ("", "")


@door.form("/devices/new", access=P.DEVICE_EDIT, endpoint="register")
def register():
    """Register a device at the hospital that `?hospital=` names; without it, choose the hospital first.

    A scanned code, from `?code=` or read with its own button, fills what it says; the rest stays as typed. What is
    asked follows the product that was chosen: a unit's serial number, or the lot and expiry of goods.
    """
    uid, code = request.args.get("hospital", ""), request.args.get("code", "")
    if not uid:
        return render("desk/register_hospital.html", hospitals=hospitals(db.session, g.person), code=code)
    form = _offer(RegisterForm(code=code), _hospital(uid))
    if "follow" in request.form:
        return _page(uid, form, 200)
    if "read" in request.form or not form.is_submitted():
        unknown_di = fill(form) if form.code.data else None
        return _page(uid, form, 422 if form.code.errors else 200, unknown_di)

    def act(session):
        site_uid, _slash, department_uid = form.place.data.partition("/")
        made = service.register(
            session,
            g.person,
            product=_of(session, Product, form.product.data),
            site=_of(session, Site, site_uid),
            department=_of(session, Department, department_uid) if department_uid else None,
            centre=_of(session, Centre, form.centre.data),
            **form.values("code", "product", "place", "centre"),
        )
        return url_for("desk.device", number=made.number)

    return submit(form, act, lambda status: _page(uid, form, status), done=_("The device is registered."))


def _hospital(uid: str) -> Organisation:
    return find(db.session, Organisation, g.person, P.ORGANISATION_SEE, *places(), uid=uid)


def _offer(form: RegisterForm, hospital: Organisation) -> RegisterForm:
    """What the person may choose from: only this hospital's places, and the centres that serve it."""
    products = all_products(db.session)
    form.by_lot = {product.uid for product in products if product.by_lot}
    form.product.choices = [EMPTY, *((product.uid, f"{say(product.name)} {product.model}") for product in products)]
    form.place.choices = [EMPTY, *(place for site in hospital.sites for place in _places(site))]
    form.centre.choices = [(centre.uid, say(centre.name)) for centre in centres_for(db.session, hospital)]
    return form


def _places(site: Site) -> list[tuple[str, str]]:
    """A site and each of its departments, as one choice each."""
    name = say(site.name)
    departments = [(f"{site.uid}/{each.uid}", f"{name} · {say(each.name)}") for each in site.departments]
    return [(site.uid, name), *departments]


def _of(session: Any, model: Any, uid: str) -> Any:
    """The record that was chosen; the form has checked that it was among those offered."""
    return session.query(model).filter_by(uid=uid).one()


def _page(uid: str, form: RegisterForm, status: int, unknown_di: str | None = None) -> Any:
    shown = {"hospital": _hospital(uid), "form": form, "goods": form.product.data in form.by_lot}
    return render("desk/register.html", "register", status, unknown_di=unknown_di, **shown)
