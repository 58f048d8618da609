"""Who looks into which requests: rows that the manager changes."""

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from portal.blueprints.office import door
from portal.core.db import db
from portal.core.permissions import find
from portal.domain.permissions import P
from portal.domain.servicing import routing
from portal.domain.servicing.models import RequestRoute
from portal.domain.servicing.words import Division
from portal.web.answers import render
from portal.web.filters import choices
from portal.web.forms import PortalForm, submit


class RouteForm(PortalForm):
    """Which part of the house looks into such requests."""

    division = SelectField(_l("Looks into it"), choices=choices(Division), validators=[DataRequired()])


@door.page("/routes", access=P.ROUTE_EDIT, endpoint="routes")
def routes():
    """All routes, the most particular first, as they are asked."""
    return render("office/routes.html", routes=routing.routes(db.session))


@door.form("/routes/<uid>", access=P.ROUTE_EDIT, endpoint="request_route")
def route(uid: str):
    """Send such requests elsewhere from now on."""
    record, form = _load(uid), RouteForm()
    if not form.is_submitted():
        return _page(record, RouteForm(division=record.division.value), 200)
    record_id = record.id

    def act(session):
        routing.change(session, session.get_one(RequestRoute, record_id), g.person, Division(form.division.data))
        return url_for("office.routes")

    return submit(form, act, lambda status: _page(_load(uid), form, status), done=_("The route is changed."))


def _load(uid: str) -> RequestRoute:
    return find(db.session, RequestRoute, g.person, P.ROUTE_EDIT, uid=uid)


def _page(record: RequestRoute, form: RouteForm, status: int):
    return render("office/route.html", "route", status, record=record, form=form)
